import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HistoryWriter } from "../../lib/apps/history/history_writer.ts";
import {
  compareOfficial,
  type OfficialFinding,
  type OfficialOptions,
} from "../../lib/apps/verify/official_klines.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import type { Trade } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { run } from "../support/programs.ts";

const SYMBOL = "BTCUSDT";
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** A database that holds trades as an import leaves them. */
async function withTrades(
  trades: readonly Trade[],
  streamKind: "aggTrade" | "trade",
  body: (database: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const database = `${folder}/tandem.db`;
    {
      using writer = openWriter(database, {
        identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
      });
      writer.register("binance-usdm", SYMBOL, streamKind);
      using reader = openReader(database);
      const batch = { venue: "binance-usdm", symbol: SYMBOL, streamKind, rejected: [] };
      new HistoryWriter(writer, reader).putTrades({ ...batch, trades });
    }
    await body(database);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function official(options: OfficialOptions): Promise<OfficialFinding> {
  const found = await compareOfficial(options, quiet);
  ok(typeof found !== "string" && found[0] !== undefined, `${found}`);
  return found[0];
}

function tradeOf({ venue, symbol, tradeId, timeMs, price, quantity, takerSide, source }: Trade) {
  return { venue, symbol, tradeId, timeMs, price, quantity, takerSide, source };
}

Deno.test("compareOfficial() explains minutes that aggregates straddle, and finds none with fills", async () => {
  await using exchange = await startExchange({
    source: { seed: 4, symbols: [SYMBOL], ratePerSecond: 40, historyMs: 3_600_000 },
  });
  const options = { symbols: [], restUrl: exchange.restUrl, spanMs: 3_600_000 };
  await withTrades(exchange.aggTrades(SYMBOL).map(tradeOf), "aggTrade", async (database) => {
    const { minutes, differing, volumeDifference, verdict } = await official({
      ...options,
      database,
    });
    ok(minutes > 50, `${minutes}`);
    ok(Math.abs(volumeDifference!) < 1e-3, `${volumeDifference}`);
    match(verdict, differing === 0 ? /all agree/ : /as usual/);
    const { code, out } = await run("verify", "--db", database, "--rest-url", exchange.restUrl);
    strictEqual(code, 0, out);
    match(out, /official candlesticks: \d+ of \d+ minutes differ/);
    const skipped = await run("verify", "--db", database, "--json");
    match(JSON.parse(skipped.out)[0].official.notCompared, /simulated/);
    const gone = await run("verify", "--db", database, "--rest-url", "http://127.0.0.1:1");
    strictEqual(gone.code, 0, gone.err);
    match(gone.out, /were not compared: .*cannot be reached/);
  });
  await withTrades(exchange.trades(SYMBOL).map(tradeOf), "trade", async (database) => {
    strictEqual((await official({ ...options, database })).differing, 0);
  });
});

Deno.test("verifyDatabase() finds a changed bar, a missing one, one too many and an id without a record", async () => {
  await using exchange = await startExchange({
    source: { seed: 4, symbols: [SYMBOL], ratePerSecond: 20, historyMs: 1_200_000 },
  });
  const trades = exchange.aggTrades(SYMBOL).map(tradeOf);
  for (
    const [sql, sentence] of [
      [
        "UPDATE bars SET volume = volume * 2 WHERE interval_ms = 60000 AND open_time_ms = ?",
        /1m bar .* has volume/,
      ],
      [
        "DELETE FROM bars WHERE interval_ms = 60000 AND open_time_ms = ?",
        /1m bar .* trades and is not stored/,
      ],
      [
        "UPDATE bars SET open_time_ms = open_time_ms - 86400000 WHERE interval_ms = 60000 AND open_time_ms = ?",
        /is stored and has no trades/,
      ],
    ] as const
  ) {
    await withTrades(trades, "aggTrade", async (database) => {
      using reader = openReader(database);
      const at = reader.bars({ symbol: SYMBOL, intervalMs: 60_000 })[5]!.openTimeMs;
      const db = new DatabaseSync(database);
      db.prepare(sql).run(at);
      db.close();
      const [finding] = await verifyDatabase({ database, symbols: [], json: false }, quiet);
      ok(finding!.differences.some((d) => sentence.test(d)), finding!.differences.join());
    });
  }
  await withTrades(trades, "aggTrade", async (database) => {
    const db = new DatabaseSync(database);
    db.prepare("DELETE FROM trades WHERE trade_id = ?").run(trades[50]!.tradeId);
    db.close();
    const { code, err } = await run("verify", "--db", database, "--official", "0");
    strictEqual(code, 1);
    match(err, /Found differences in BTCUSDT/);
    const [finding] = await verifyDatabase({ database, symbols: [], json: false }, quiet);
    deepStrictEqual([finding!.missingIds, finding!.explainedIds], [1, 0]);
  });
});
