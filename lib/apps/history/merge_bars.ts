import { type Bar, openTimeOf } from "../../market/mod.ts";

/**
 * Returns longer bars merged from shorter ones; what one part does not tell, the whole does not. A
 * bar is complete when all its parts are, and as often revised as all of them together.
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
