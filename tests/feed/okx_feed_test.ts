import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Exchange, type ExchangeFaults, startExchange } from "../../lib/exchange/mod.ts";
import {
  baseQuantity,
  okxFeed,
  type OkxFeedOptions,
  OkxRest,
  parseOkxFrame,
} from "../../lib/feed/mod.ts";
import type { Trade } from "../../lib/market/mod.ts";
import fc from "npm:fast-check@4.10.2";
import { Recorder } from "./support/recorder.ts";

const BTC = "okx:BTC-USDT-SWAP";

interface Place {
  readonly exchange: Exchange;
  readonly recorder: Recorder;
  readonly feed: ReturnType<typeof okxFeed>;
}

async function withOkx(
  faults: ExchangeFaults,
  options: Partial<OkxFeedOptions>,
  body: (place: Place) => Promise<void>,
): Promise<void> {
  await using exchange = await startExchange({
    source: { seed: 7, symbols: 2, ratePerSecond: 400, historyMs: 2_000 },
    faults,
  });
  const rest = new OkxRest({ baseUrl: exchange.restUrl });
  const instruments = new Map((await rest.instruments()).map((i) => [i.symbol, i] as const));
  const stop = new AbortController();
  const feed = okxFeed({
    symbols: [BTC],
    instruments,
    wsUrl: exchange.wsUrl,
    rest,
    connectSpacingMs: 20,
    signal: stop.signal,
    ...options,
  });
  const recorder = new Recorder(feed);
  try {
    await body({ exchange, recorder, feed });
  } finally {
    stop.abort();
    await recorder.ended;
  }
}

/** The trades that the market had, as they are to be stored, from the first delivered one on. */
function truth(exchange: Exchange, native: string, symbol: string, got: readonly Trade[]) {
  const own = got.filter((t) => t.symbol === symbol);
  const ids = new Set(own.map((t) => t.tradeId));
  const wanted = exchange.trades(native, "okx-swap").filter((t) => ids.has(t.tradeId))
    .map((t) => ({ ...t, symbol }));
  return { own: own.map(plain), wanted: wanted.map(plain), ids };
}

function plain(trade: Trade) {
  const { venue, symbol, tradeId, timeMs, price, quantity, takerSide } = trade;
  return { venue, symbol, tradeId, timeMs, price, quantity, takerSide };
}

Deno.test("okxFeed() fetches exactly the ids that frames did not tell", async () => {
  let seen = 0;
  const faults: ExchangeFaults = {
    // Of 300 trades 150 in a row, more than one page; and single ones.
    frame: ({ stream, text }) => {
      if (stream !== "trades-all/BTC-USDT-SWAP") return text;
      seen++;
      return seen > 40 && seen <= 190 || seen % 61 === 0 ? null : text;
    },
  };
  await withOkx(faults, {}, async ({ exchange, recorder, feed }) => {
    const isWhole = () => feed.health().streams.get(BTC)?.isWhole === true;
    await recorder.until("repaired trades", () => recorder.ids(BTC).length > 320 && isWhole());
    const { own, wanted, ids } = truth(exchange, "BTCUSDT", BTC, recorder.trades);
    const byId = (a: { tradeId: number }, b: { tradeId: number }) => a.tradeId - b.tradeId;
    deepStrictEqual(own.toSorted(byId), wanted);
    const [first, last] = [Math.min(...ids), Math.max(...ids)];
    strictEqual(ids.size, last - first + 1);
    const repaired = recorder.trades.filter((t) => t.source === "rest");
    ok(repaired.length >= 150, `${repaired.length} over REST`);
    strictEqual(own.length, ids.size, "none twice");
  });
});

Deno.test("okxFeed() closes the bars of a quiet symbol by the time that candles tell", async () => {
  let seen = 0;
  const faults: ExchangeFaults = {
    frame: ({ stream, text }) => stream === "trades-all/BTC-USDT-SWAP" && ++seen > 20 ? null : text,
  };
  await withOkx(faults, { graceMs: 100 }, async ({ recorder }) => {
    await recorder.until("the last trade", () => recorder.ids(BTC).length === 20);
    const lastMs = recorder.trades.at(-1)!.timeMs;
    await recorder.until(
      "a later time",
      () => recorder.events.some((e) => e.kind === "watermark" && e.timeMs > lastMs + 1_000),
    );
  });
});

Deno.test("parseOkxFrame() reads a time from candles, and nothing from what is none", () => {
  const frame = (data: unknown) => JSON.stringify({ arg: { channel: "candle1s" }, data });
  const parse = (data: unknown) => parseOkxFrame(frame(data), () => "1", 5);
  deepStrictEqual(parse([["1700000000000", "1"], ["1700000001000", "1"]]), [
    { kind: "time", eventTimeMs: 1_700_000_001_000 },
  ]);
  deepStrictEqual([parse([]), parse([["x"]]), parse([{}]), parse([["-1"]])], [[], [], [], []]);
});

Deno.test("baseQuantity() is the double nearest to the product of two decimals", () => {
  const decimal = fc.tuple(fc.nat({ max: 99_999_999 }), fc.nat({ max: 6 }))
    .map(([units, decimals]) => ({ units: BigInt(units), decimals }));
  const text = ({ units, decimals }: { units: bigint; decimals: number }) => {
    const digits = String(units).padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    return decimals === 0 ? whole : `${whole}.${digits.slice(digits.length - decimals)}`;
  };
  fc.assert(fc.property(decimal, decimal, (a, b) => {
    const exact = text({ units: a.units * b.units, decimals: a.decimals + b.decimals });
    // Number() rounds a decimal text once, as the specification demands.
    const product = baseQuantity(text(a), text(b));
    if (a.units * b.units <= BigInt(Number.MAX_SAFE_INTEGER)) strictEqual(product, Number(exact));
    else ok(Math.abs(product / Number(exact) - 1) < 1e-15);
  }));
  for (const [count, size] of [["", "1"], ["1e3", "1"], ["-1", "1"], ["1", "x"], [".5", "1"]]) {
    ok(Number.isNaN(baseQuantity(count!, size!)), `${count} ${size}`);
  }
});
