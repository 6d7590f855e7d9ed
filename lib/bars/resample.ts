import { openTimeOf, type TradeBar } from "../market/mod.ts";
import { BarBuilder } from "./bar_builder.ts";

/**
 * Returns longer bars merged from shorter ones, the same bits as building them from the trades.
 *
 * Open, close, counts and ids are exact; sums run over the parts in time order. A merged bar is
 * complete when all its parts are. Parts of an interval that has not ended make a bar as well:
 * leave them out where that is not wanted. O(n).
 *
 * @example Two seconds become one minute
 * ```ts
 * import { resampleBars } from "tandem/bars";
 * import type { TradeBar } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const second = (openTimeMs: number, price: number): TradeBar => ({
 *   venue: "binance-usdm", symbol: "BTCUSDT", intervalMs: 1_000, openTimeMs,
 *   open: price, high: price, low: price, close: price, volume: 2, quoteVolume: 2 * price,
 *   tradeCount: 1, takerBuyVolume: 0, firstTradeId: openTimeMs, lastTradeId: openTimeMs,
 *   complete: true, revision: 0,
 * });
 * const [minute] = resampleBars([second(1_000, 10), second(2_000, 12)], 60_000);
 * deepStrictEqual([minute?.open, minute?.close, minute?.volume], [10, 12, 4]);
 * ```
 *
 * @param bars Bars of one symbol and interval, oldest first.
 * @param intervalMs The longer interval in ms; a multiple of the bars' own.
 * @returns The merged bars, oldest first; none where there are no parts.
 * @throws {RangeError} If `intervalMs` is not a multiple of the bars' interval.
 */
export function resampleBars(bars: readonly TradeBar[], intervalMs: number): TradeBar[] {
  const builders: BarBuilder[] = [];
  for (const bar of bars) {
    if (intervalMs % bar.intervalMs !== 0) {
      throw new RangeError(
        `Cannot merge bars as the interval must be a multiple of ${bar.intervalMs} ms: current value is ${intervalMs}`,
      );
    }
    const openTimeMs = openTimeOf(bar.openTimeMs, intervalMs);
    let growing = builders.at(-1);
    if (growing?.openTimeMs !== openTimeMs) {
      growing = new BarBuilder(bar.venue, bar.symbol, intervalMs, openTimeMs);
      builders.push(growing);
    }
    growing.merge(bar);
  }
  return builders.map((b) => b.toBar(b.incompleteParts === 0));
}
