/**
 * From a z-score to a position, and from positions to profit and loss.
 *
 * `nextSignal()` decides, here and live alike; `backtest()` fills its decisions and keeps the books;
 * `findLookAhead()` proves that a strategy has not seen the future.
 *
 * ```ts
 * import { pairBacktest, backtestMetrics } from "tandem/backtest";
 * import { strictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 200 }, (_, row) => {
 *   const x = 50 + 5 * Math.sin(row / 29);
 *   const y = x + Math.sin(row / 4) * (1 + row % 2);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const result = pairBacktest(rows, { windowBars: 20, entry: 1.5, stop: 5 });
 * const metrics = backtestMetrics(result, { periodsPerYear: 365 * 24 * 60 });
 * strictEqual(metrics.tradeCount, result.trades.length);
 * ```
 *
 * @module
 */
export { backtest, type BacktestResult } from "./backtest.ts";
export * from "./backtest_metrics.ts";
export {
  type BacktestColumns,
  type FurtherColumns,
  openColumn,
  readingColumns,
} from "./columns.ts";
export * from "./due_funding.ts";
export * from "./funding_columns.ts";
export * from "./half_spreads.ts";
export * from "./look_ahead.ts";
export type { BacktestOptions, ExecutionOptions, FillTime, LegBps, Sizing } from "./options.ts";
export * from "./pair_backtest.ts";
export * from "./pair_trade.ts";
export * from "./signal.ts";
export * from "./sweep_parallel.ts";
export { sweepBacktest } from "./sweep.ts";
export type { SweepCell, SweepGrid, SweepOptions, SweepResult } from "./sweep_grid.ts";
export * from "./volatility_sizes.ts";
export * from "./walk_forward.ts";
