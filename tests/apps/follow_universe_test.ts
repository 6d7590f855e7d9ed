import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import type { IngestOptions } from "../../lib/apps/ingest.ts";
import { runIngest } from "../../lib/apps/ingest/run_ingest.ts";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { isSameTrade } from "../../lib/market/mod.ts";
import { openReader } from "../../lib/store/mod.ts";

const PATIENCE_MS = 20_000;

/** Runs an ingest of everything against a simulated exchange; it is ended with the body. */
async function withIngest(
  options: Partial<IngestOptions>,
  body: (it: {
    exchange: Exchange;
    database: string;
    log: string[];
    until: (what: string, isSo: () => boolean | Promise<boolean>) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  const log: string[] = [];
  const note = (message: string) => void log.push(message);
  const stop = new AbortController();
  try {
    await using exchange = await startExchange({
      source: { seed: 5, symbols: ["BTCUSDT", "ETHUSDT", "我踏马来了USDT"], ratePerSecond: 300 },
    });
    const { wsUrl, restUrl } = exchange;
    const ingest = runIngest({
      symbols: [],
      all: true,
      quote: "USDT",
      database,
      streamKind: "aggTrade",
      wsUrl,
      restUrl,
      symbolsPerSocket: 200,
      redundant: false,
      rotateMs: 82_800_000,
      refreshMs: 300,
      warmMs: 5_000,
      durationMs: null,
      synchronous: "NORMAL",
      recordFolder: null,
      alerts: null,
      logFile: null,
      ...options,
    }, {
      signal: stop.signal,
      report: { info: note, warn: note, progress() {}, print: note },
    });
    const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!await isSo()) {
        if (Date.now() > deadline) {
          throw new Error(`Waited in vain for ${what}:\n${log.join("\n")}`);
        }
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ingest]);
      }
    };
    try {
      await until("the start", () => log.some((line) => line.startsWith("Ingesting ")));
      await body({ exchange, database, log, until });
    } finally {
      stop.abort();
      await ingest;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("ingest --all takes up what is listed and lets go of what ends, its last trade stored", async () => {
  await withIngest({}, async ({ exchange, database, log, until }) => {
    const says = (pattern: RegExp) => log.some((line) => pattern.test(line));
    const ingest = await controlClient(database);
    await until("life", () => says(/All 3 streams are live/));
    exchange.list("新币1USDT");
    await until("the newcomer", () => says(/^新币1USDT joined: the exchange has listed it$/));
    await until("its trades", async () => (await ingest.status()).streams["新币1USDT"] === "live");
    exchange.delist("新币1USDT", "LATER_INVENTION");
    exchange.delist("我踏马来了USDT", "SETTLING");
    await until("their end", async () => Object.keys((await ingest.status()).streams).length === 2);
    ok(says(/ left: the exchange does not trade (it|them) any more$/));

    using reader = openReader(database);
    for (const symbol of ["新币1USDT", "我踏马来了USDT"]) {
      const truth = exchange.aggTrades(symbol);
      await until(
        `the last trade of ${symbol}`,
        () =>
          reader.symbols().find((s) => s.symbol === symbol)?.lastTradeTimeMs ===
            truth.at(-1)!.timeMs,
      );
      const stored = [...reader.trades({ symbol })];
      ok(stored.length > 0);
      const expected = truth.filter((t) => t.tradeId >= stored[0]!.tradeId);
      strictEqual(stored.length, expected.length);
      ok(stored.every((trade, k) => isSameTrade(trade, expected[k]!)));
      const bars = reader.bars({ symbol, intervalMs: 300_000, limit: 10 });
      strictEqual(bars.at(-1)!.lastTradeId, truth.at(-1)!.tradeId);
    }
    // A newcomer is known from its first trade on.
    const [first] = exchange.aggTrades("新币1USDT");
    strictEqual([...reader.trades({ symbol: "新币1USDT" })][0]!.tradeId, first!.tradeId);
    deepStrictEqual(log.filter((line) => /Cannot|refused/.test(line)), []);
  });
});

Deno.test("ingest --all leaves alone what the user removed", async () => {
  await withIngest({}, async ({ exchange, database, log, until }) => {
    const ingest = await controlClient(database);
    await ingest.change([], ["ETHUSDT"]);
    exchange.list("LATEUSDT");
    await until("the newcomer", () => log.some((line) => line.startsWith("LATEUSDT joined")));
    const { streams, clock, connections } = await ingest.status();
    deepStrictEqual(Object.keys(streams).sort(), ["BTCUSDT", "LATEUSDT", "我踏马来了USDT"].sort());
    strictEqual(connections.length, 1);
    ok(Math.abs(clock!.skewMs) < 60_000);
    await ingest.change(["ETHUSDT"], []);
    await until("it again", async () => (await ingest.status()).streams["ETHUSDT"] === "live");
  });
});

Deno.test("ingest of named symbols lets go of one that ends and takes up none", async () => {
  const options = { all: false, symbols: ["BTCUSDT", "ETHUSDT"] };
  await withIngest(options, async ({ exchange, database, log, until }) => {
    const ingest = await controlClient(database);
    exchange.list("LATEUSDT");
    exchange.delist("ETHUSDT", "CLOSE");
    await until("the end", () => log.some((line) => line.startsWith("ETHUSDT left")));
    deepStrictEqual(Object.keys((await ingest.status()).streams), ["BTCUSDT"]);
    match(log.at(-1)!, /^ETHUSDT left/);
  });
});
