import { deepStrictEqual, ok } from "node:assert/strict";
import { warmStart } from "../../lib/apps/ingest/warm_start.ts";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { BinanceRest } from "../../lib/feed/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";

const REPORT = { info() {}, warn() {}, progress() {}, print() {} };

Deno.test("warmStart() stores the last while, and tells of ids the exchange does not return", async () => {
  const folder = await Deno.makeTempDir();
  const faults = randomFaults({ seed: 5, plan: "vanish=0.004, rest-miss=0.002" });
  await using exchange = await startExchange({
    source: { seed: 5, symbols: 2, ratePerSecond: 60, historyMs: 90_000 },
    faults,
  });
  {
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    using writer = openWriter(`${folder}/tandem.db`, { identity });
    for (const symbol of exchange.symbols) writer.register("binance-usdm", symbol, "aggTrade");
    const pipeline = new Pipeline("binance-usdm", writer);
    const rest = new BinanceRest({ baseUrl: exchange.restUrl });
    const symbols = exchange.symbols;
    const signal = new AbortController().signal;
    await warmStart({ rest, writer, pipeline, symbols, warmMs: 80_000 }, {
      signal,
      report: REPORT,
    });
    using reader = openReader(`${folder}/tandem.db`);
    let lost = 0;
    for (const symbol of symbols) {
      const stored = reader.trades({ symbol });
      const truth = exchange.aggTrades(symbol).filter((trade) =>
        trade.tradeId >= stored[0]!.tradeId && trade.tradeId <= stored.at(-1)!.tradeId
      );
      const missing = new Set(
        reader.gaps(symbol).filter((gap) => gap.state === "lost").flatMap((gap) =>
          Array.from(
            { length: gap.lastMissingId - gap.firstMissingId + 1 },
            (_, k) => gap.firstMissingId + k,
          )
        ),
      );
      lost += missing.size;
      ok(truth.length > 500);
      deepStrictEqual(
        stored.map((trade) => [trade.tradeId, trade.price]),
        truth.filter((trade) => !missing.has(trade.tradeId)).map((t) => [t.tradeId, t.price]),
      );
      deepStrictEqual(
        [...missing].sort((a, b) => a - b),
        [...faults.log.vanished(symbol)].sort((a, b) => a - b).filter((id) =>
          id >= stored[0]!.tradeId && id <= stored.at(-1)!.tradeId
        ),
      );
    }
    ok(lost > 0, "nothing vanished, so nothing was tested");
  }
  await Deno.remove(folder, { recursive: true });
});
