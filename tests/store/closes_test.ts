import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Bar } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { storeTest } from "./support/stores.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

function bar(symbol: string, openTimeMs: number, rest: Partial<Bar> = {}): Bar {
  return {
    ...{ venue: VENUE, symbol, intervalMs: 1_000, openTimeMs, open: 10, high: 12, low: 9 },
    ...{ close: 10, volume: 4, quoteVolume: 44, tradeCount: 2, takerBuyVolume: 1 },
    ...{ firstTradeId: 1, lastTradeId: 2, complete: false, revision: 0 },
    ...rest,
  };
}

storeTest("StoreReader.closes() reads all symbols of an interval, oldest first", (path) => {
  using writer = openWriter(path, { identity });
  using reader = openReader(path);
  for (const symbol of ["B", "A", "C"]) writer.register(VENUE, symbol, "aggTrade");
  strictEqual(reader.closeRange(1_000), null);
  deepStrictEqual(reader.closes({ intervalMs: 1_000, fromMs: 0, toMs: 9_000 }), []);
  writer.write({
    bars: [
      bar("B", 2_000, { close: 12, complete: true }),
      bar("A", 3_000, { quoteVolume: null, tradeCount: null }),
      bar("A", 1_000),
      bar("A", 60_000, { intervalMs: 60_000 }),
    ],
  });
  deepStrictEqual(reader.closeRange(1_000), { firstMs: 1_000, lastMs: 3_000 });
  const closes = reader.closes({ intervalMs: 1_000, fromMs: 1_000, toMs: 3_000 });
  deepStrictEqual(closes, [
    ...[{ symbol: "A", openTimeMs: 1_000, close: 10, quoteVolume: 44, tradeCount: 2 }]
      .map((close) => ({ ...close, complete: false })),
    ...[{ symbol: "B", openTimeMs: 2_000, close: 12, quoteVolume: 44, tradeCount: 2 }]
      .map((close) => ({ ...close, complete: true })),
  ]);
  const [last] = reader.closes({ intervalMs: 1_000, fromMs: 3_000, toMs: 3_001 });
  deepStrictEqual([last!.quoteVolume, last!.tradeCount], [null, null]);
});

storeTest("StoreReader.closeChanges() tells new and revised closes of all symbols once", (path) => {
  using writer = openWriter(path, { identity });
  using reader = openReader(path);
  for (const symbol of ["A", "B"]) writer.register(VENUE, symbol, "aggTrade");
  let cursor = reader.cursor();
  const changes = () => {
    const change = reader.closeChanges({ intervalMs: 1_000, cursor });
    cursor = change.cursor;
    return change.closes.map((c) => [c.symbol, c.openTimeMs, c.close]);
  };
  writer.write({ bars: [bar("A", 2_000), bar("B", 1_000)] });
  deepStrictEqual(changes(), [["B", 1_000, 10], ["A", 2_000, 10]]);
  deepStrictEqual(changes(), []);
  writer.register(VENUE, "C", "aggTrade");
  writer.write({
    bars: [bar("A", 2_000, { close: 11 }), bar("B", 1_000), bar("C", 3_000, { close: 5 })],
  });
  deepStrictEqual(changes(), [["A", 2_000, 11], ["C", 3_000, 5]], "an unchanged bar is no news");
});
