import { type AlignedRow, type PairOptions, type PairReading, pairReadings } from "../pairs/mod.ts";
import { backtest, type BacktestResult } from "./backtest.ts";
import { type FurtherColumns, readingColumns } from "./columns.ts";
import type { ExecutionOptions, Sizing } from "./options.ts";
import type { SignalOptions } from "./signal.ts";

/** How to measure a pair, when to trade it and what that costs. */
export interface PairBacktestOptions extends PairOptions, SignalOptions, ExecutionOptions {}

/** What a backtest of a pair did, with the readings it went by. */
export interface PairBacktest extends BacktestResult {
  /** One reading per bar. */
  readonly readings: readonly PairReading[];
}

/**
 * Measures a pair row by row and trades its z-score.
 *
 * Walk-forward: the hedge ratio of each row is fitted on rows before it, the z-score uses the mean
 * and deviation of the spreads before it, so every decision could have been made at the time. The
 * hedge ratio of `log` closes is one of notionals and is sized as such, that of `level` closes is
 * one of units; to use one as the other would hedge nothing. Rows in which a leg did not trade
 * neither decide nor fill.
 *
 * @example A pair that comes back
 * ```ts
 * import { pairBacktest } from "tandem/backtest";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 400 }, (_, row) => {
 *   const x = 100 + 10 * Math.sin(row / 37);
 *   const y = 2 * x + Math.sin(row / 5) * (1 + row % 3);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const { trades, totalNet, totalGross, totalCost } = pairBacktest(rows, {
 *   windowBars: 30, entry: 1.5, feeBps: 2,
 * });
 * ok(trades.length > 5);
 * strictEqual(totalNet, totalGross - totalCost);
 * ```
 *
 * @param rows Rows with consecutive numbers, oldest first.
 * @param options Window, method and scale; thresholds; fills and costs.
 * @param further Opens and funding rates, one per row.
 * @returns What the backtest did.
 * @throws {RangeError} If an option is out of range, the rows leave a hole or a price is not > 0.
 * @throws {TypeError} If fills at the open are asked for without opens.
 */
export function pairBacktest(
  rows: Iterable<AlignedRow>,
  options: PairBacktestOptions,
  further: FurtherColumns = {},
): PairBacktest {
  const readings = pairReadings(rows, options);
  const result = backtest(readingColumns(readings, further), {
    ...options,
    sizing: sizingOf(options),
  });
  return { ...result, readings };
}

/**
 * Returns how the hedge ratio of a pair is sized: by units for `level` closes, else by notionals.
 *
 * @example The default scale is `log`
 * ```ts
 * import { sizingOf } from "tandem/backtest";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(sizingOf({}), "dollar");
 * strictEqual(sizingOf({ scale: "level" }), "units");
 * ```
 *
 * @param options How the pair is measured.
 * @returns The sizing for `backtest()`.
 */
export function sizingOf(options: Pick<PairOptions, "scale">): Sizing {
  return options.scale === "level" ? "units" : "dollar";
}
