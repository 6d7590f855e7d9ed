import { type Bar, openTimeOf } from "../market/mod.ts";

/**
 * Returns longer bars merged from shorter ones; what one part does not tell, the whole does not. A
 * bar is complete when all its parts are, and as often revised as all of them together. Unlike
 * `resampleBars()` it takes bars of files, which may lack ids, counts and quote volumes, in any order.
 *
 * @example Two seconds of a file
 * ```ts
 * import { mergeBars } from "tandem/bars";
 * import type { Bar } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const second = (openTimeMs: number, price: number): Bar => ({
 *   venue: "binance-usdm", symbol: "BTCUSDT", intervalMs: 1_000, openTimeMs,
 *   open: price, high: price, low: price, close: price, volume: 2, quoteVolume: null,
 *   tradeCount: null, takerBuyVolume: null, firstTradeId: null, lastTradeId: null,
 *   complete: false, revision: 0,
 * });
 * const [minute] = mergeBars([second(2_000, 12), second(1_000, 10)], 60_000);
 * deepStrictEqual([minute?.open, minute?.close, minute?.volume, minute?.quoteVolume], [
 *   10, 12, 4, null,
 * ]);
 * ```
 *
 * @param bars Bars of one symbol.
 * @param intervalMs The longer interval in ms; a multiple of the bars' own.
 * @returns The merged bars, oldest first.
 */
export function mergeBars(bars: readonly Bar[], intervalMs: number): Bar[] {
  const merged: Bar[] = [];
  for (const bar of bars.toSorted((a, b) => a.openTimeMs - b.openTimeMs)) {
    const openTimeMs = openTimeOf(bar.openTimeMs, intervalMs);
    const last = merged.at(-1);
    if (last?.openTimeMs === openTimeMs) merged[merged.length - 1] = joined(last, bar);
    else merged.push({ ...bar, intervalMs, openTimeMs });
  }
  return merged;
}

function joined(a: Bar, b: Bar): Bar {
  const sum = (field: "quoteVolume" | "tradeCount" | "takerBuyVolume") => {
    const [x, y] = [a[field], b[field]];
    return x === null || y === null ? null : x + y;
  };
  const ids = [a.firstTradeId, b.firstTradeId, a.lastTradeId, b.lastTradeId];
  const known = ids.filter((id) => id !== null);
  return {
    ...a,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
    quoteVolume: sum("quoteVolume"),
    tradeCount: sum("tradeCount"),
    takerBuyVolume: sum("takerBuyVolume"),
    firstTradeId: known.length < 4 ? null : Math.min(...known),
    complete: a.complete && b.complete,
    revision: a.revision + b.revision,
    lastTradeId: known.length < 4 ? null : Math.max(...known),
  };
}
