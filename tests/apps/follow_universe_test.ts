import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import { isSameTrade } from "../../lib/market/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { withIngest } from "./support/with_ingest.ts";

Deno.test("ingest --all takes up what is listed and lets go of what ends, its last trade stored", async () => {
  await withIngest({}, async ({ exchange, database, log, until }) => {
    const says = (pattern: RegExp) => log.some((line) => pattern.test(line));
    const ingest = await controlClient(database);
    await until("life", () => says(/All 3 streams are live/));
    exchange.list("新币1USDT");
    await until("the newcomer", () => says(/^新币1USDT joined: the exchange has listed it$/));
    await until(
      "its trades",
      async () => (await ingest.ingestStatus()).streams["新币1USDT"] === "live",
    );
    exchange.delist("新币1USDT", "LATER_INVENTION");
    exchange.delist("我踏马来了USDT", "SETTLING");
    await until(
      "their end",
      async () => Object.keys((await ingest.ingestStatus()).streams).length === 2,
    );
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
    const { streams, clock, connections } = await ingest.ingestStatus();
    deepStrictEqual(Object.keys(streams).sort(), ["BTCUSDT", "LATEUSDT", "我踏马来了USDT"].sort());
    strictEqual(connections.length, 1);
    ok(Math.abs(clock!.skewMs) < 60_000);
    await ingest.change(["ETHUSDT"], []);
    await until(
      "it again",
      async () => (await ingest.ingestStatus()).streams["ETHUSDT"] === "live",
    );
  });
});

Deno.test("ingest of named symbols lets go of one that ends and takes up none", async () => {
  const options = { all: false, symbols: ["BTCUSDT", "ETHUSDT"] };
  await withIngest(options, async ({ exchange, database, log, until }) => {
    const ingest = await controlClient(database);
    exchange.list("LATEUSDT");
    exchange.delist("ETHUSDT", "CLOSE");
    await until("the end", () => log.some((line) => line.startsWith("ETHUSDT left")));
    deepStrictEqual(Object.keys((await ingest.ingestStatus()).streams), ["BTCUSDT"]);
    match(log.at(-1)!, /^ETHUSDT left/);
  });
});
