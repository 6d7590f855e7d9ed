import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { startExchange } from "tandem/exchange";
import { BINANCE_USDM, BYBIT_LINEAR, OKX_SWAP } from "tandem/market";
import { CandleSeries } from "../../lib/exchange/candle_series.ts";
import { MarketModel } from "../../lib/exchange/market_model.ts";
import { RowBudget } from "../../lib/exchange/row_history.ts";
import { seededContracts } from "../../lib/exchange/seeded_contracts.ts";
import { Tape } from "../../lib/exchange/tape.ts";
import type { TradeRow } from "../../lib/exchange/trade_row.ts";
import { VenueMarket } from "../../lib/exchange/venue_market.ts";

const START_MS = Date.UTC(2026, 0, 5);
const VENUES = [BINANCE_USDM, BYBIT_LINEAR, OKX_SWAP];
/** SOLUSDT has a price step of a hundred units. */
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

/** A market of three symbols, the one that another venue tells of, and what plays it. */
function market(keepRows = 100_000) {
  const contracts = seededContracts(SYMBOLS);
  const model = new MarketModel({ seed: 3, contracts, ratePerSecond: 30, startMs: START_MS });
  const budgets = { trades: new RowBudget(keepRows), aggTrades: new RowBudget(keepRows) };
  const tapes = new Map(contracts.map((c) => [c.symbol, new Tape(c, budgets)]));
  const source = { tapes, clockMs: () => model.timeMs };
  const law = { deviation: 0.0003, halfLifeMs: 60_000 };
  const told = new VenueMarket(source, { seed: "3/there", startMs: START_MS, ...law });
  const play = (seconds: number) => {
    const endMs = model.timeMs + seconds * 1_000;
    while (model.timeMs < endMs) {
      for (const { index, row } of model.step()) tapes.get(SYMBOLS[index]!)!.fill(row);
    }
    for (const tape of tapes.values()) tape.candles.rollTo(endMs);
  };
  return { tapes, told, play };
}

const withoutPrice = ({ price: _, ...row }: TradeRow) => row;

Deno.test("VenueMarket tells live what it tells of the past, and of a price step nearby", () => {
  const { tapes, told, play } = market();
  for (const symbol of SYMBOLS) {
    const tape = told.tapes.get(symbol)!;
    const live: TradeRow[] = [];
    const end = tape.watch((row) => live.push(row));
    play(200);
    end();
    const past = tape.trades.slice(0, tape.trades.size);
    deepStrictEqual(past.slice(-live.length), live);
    const common = tapes.get(symbol)!.trades.slice(0, past.length);
    deepStrictEqual(past.map(withoutPrice), common.map(withoutPrice));
    const { tickUnits } = tape.contract;
    const off = past.map(({ price }, k) => {
      strictEqual(price % tickUnits, 0);
      return price / common[k]!.price - 1;
    });
    ok(off.some((by) => by !== 0) && off.every((by) => Math.abs(by) < 0.0015), symbol);
    deepStrictEqual(tape.trades.at(-1), past.at(-1));
    strictEqual(tape.trades.indexOfId(past[7]!.id), 7);
  }
  strictEqual(told.tapes.get("NONEUSDT"), undefined);
  deepStrictEqual([...told.tapes.values()].map(({ contract }) => contract.symbol), SYMBOLS);
});

Deno.test("VenueMarket has the candles of its own trades, of whole minutes", () => {
  const { tapes, told, play } = market(4_096);
  play(170);
  const tape = told.tapes.get("BTCUSDT")!;
  ok(tapes.get("BTCUSDT")!.trades.dropped);
  const trades = tape.trades.slice(0, tape.trades.size);
  const firstMs = Math.ceil(trades[0]!.timeMs / 60_000) * 60_000;
  ok(firstMs > START_MS && firstMs < START_MS + 170_000);
  strictEqual(tape.candles.minutes[0]!.openTimeMs, firstMs);
  const live: TradeRow[] = [];
  tape.watch((row) => live.push(row));
  play(200);
  const wanted = new CandleSeries();
  for (const row of [...trades, ...live]) {
    if (row.timeMs >= firstMs) wanted.push(row);
  }
  wanted.rollTo(START_MS + 370_000);
  deepStrictEqual(tape.candles.minutes, wanted.minutes);
  notDeepStrictEqual(
    tape.candles.minutes,
    tapes.get("BTCUSDT")!.candles.minutes.slice(-wanted.minutes.length),
  );
});

Deno.test("startExchange() gives each venue its own prices, the same at every start; Binance those of the model", async () => {
  const source = { seed: 7, symbols: 2, ratePerSecond: 20, historyMs: 120_000, startMs: START_MS };
  const rows = async () => {
    await using exchange = await startExchange({ source });
    return VENUES.map((venue) =>
      exchange.trades("BTCUSDT", venue).filter(({ timeMs }) => timeMs < START_MS)
    );
  };
  const [first, again] = [await rows(), await rows()];
  deepStrictEqual(first, again);
  const model = new MarketModel({
    ...{ seed: 7, contracts: seededContracts(2), ratePerSecond: 20, startMs: START_MS - 120_000 },
  });
  const common: number[] = [];
  while (model.timeMs < START_MS) {
    for (const { index, row } of model.step()) if (index === 0) common.push(row.price);
  }
  const prices = first.map((trades) => trades.map(({ price }) => price));
  deepStrictEqual(prices[0]!.map((price) => Math.round(price * 100)), common);
  deepStrictEqual(first.map(([trade]) => trade!.venue), VENUES);
  const basis = (a: number, b: number) => prices[a]!.map((price, k) => price - prices[b]![k]!);
  for (const [a, b] of [[1, 0], [2, 0], [2, 1]] as const) {
    ok(new Set(basis(a, b).map((by) => by.toFixed(1))).size > 20, `${VENUES[a]} ${VENUES[b]}`);
  }
});

Deno.test("startExchange() tells a capture as it is at every venue", async () => {
  const path = await Deno.makeTempFile();
  try {
    const lines = [1, 2, 3].map((t) =>
      `${START_MS}000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":${START_MS + t},` +
      `"T":${START_MS + t},"s":"BTCUSDT","t":${t},"p":"83000.0","q":"1.5","X":"MARKET","m":true}}`
    );
    await Deno.writeTextFile(path, lines.join("\n") + "\n");
    const source = { files: [path], speed: "max", start: "now" } as const;
    await using exchange = await startExchange({ source });
    await exchange.finished;
    const prices = VENUES.map((v) => exchange.trades("BTCUSDT", v).map(({ price }) => price));
    deepStrictEqual(prices, VENUES.map(() => [83_000, 83_000, 83_000]));
  } finally {
    await Deno.remove(path);
  }
});
