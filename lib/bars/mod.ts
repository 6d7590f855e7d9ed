/**
 * Trades become bars.
 *
 * A bar covers `[openTimeMs, openTimeMs + intervalMs)` of exchange time and exists only where trades
 * do. Nothing here reads a clock: call `advance()` with the exchange time you trust.
 *
 * ```ts
 * import { BarAggregator } from "tandem/bars";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bars = new BarAggregator();
 * bars.push({
 *   venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 1, timeMs: 61_500, price: 10, quantity: 2,
 *   takerSide: "sell", source: "ws",
 * });
 * bars.advance(["BTCUSDT"], 300_000);
 * deepStrictEqual(
 *   bars.takeBars().map((b) => [b.intervalMs, b.openTimeMs, b.quoteVolume]),
 *   [[1_000, 61_000, 20], [60_000, 60_000, 20], [300_000, 0, 20]],
 * );
 * ```
 *
 * @module
 */
export * from "./bar_aggregator.ts";
export * from "./merge_bars.ts";
export * from "./resample.ts";
export type { OpenPart } from "./symbol_bars.ts";
