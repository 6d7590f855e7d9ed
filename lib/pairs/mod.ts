/**
 * Two legs become a pair: closes on one time line, hedge ratio, spread, z-score and verdict.
 *
 * Nothing here sees the future, and batch and stream are one code path: the readings of a prefix
 * are the prefix of the readings, bit for bit.
 *
 * ```ts
 * import { alignCloses, pairReadings } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const bars = (closes: number[]) =>
 *   closes.map((close, i) => ({ openTimeMs: i * 60_000, close, complete: true, revision: 0 }));
 * const rows = alignCloses(bars([20, 22, 24, 23, 26]), bars([10, 11, 12, 11.5, 13]), {
 *   intervalMs: 60_000,
 *   fill: "previous",
 * });
 * const readings = pairReadings(rows, { windowBars: 3, scale: "level" });
 * strictEqual(readings.at(-1)!.hedgeRatio, 2);
 * ```
 *
 * @module
 */
export * from "./basis.ts";
export * from "./close_aligner.ts";
export * from "./cointegration.ts";
export * from "./pair_follower.ts";
export * from "./hedge_comparison.ts";
export * from "./pair_monitor.ts";
export * from "./pair_reading.ts";
export * from "./pair_stability.ts";
export * from "./pair_verdict.ts";
export * from "./refresh_rows.ts";
export * from "./spread.ts";
export * from "./spread_tests.ts";
export * from "./symmetric_ratios.ts";
export * from "./verdict.ts";
