import { RollingMoments } from "../stats/mod.ts";
import type { BacktestColumns } from "./columns.ts";
import type { Sizing } from "./options.ts";

/** How large positions are to be. */
export interface VolatilityTarget {
  /** Volatility a position is to have, per year, as a share of the capital; > 0. */
  readonly targetVolatility: number;
  /** Bars over which the volatility of the hedged pair is measured; a whole number >= 2. */
  readonly windowBars: number;
  /** Bars per year; > 0. */
  readonly periodsPerYear: number;
  /** What kind of ratio the hedge ratio is. */
  readonly sizing: Sizing;
  /** Capital in quote units. @default {10_000} */
  readonly capital?: number;
  /** Gross notional of a position of size 1, in quote units. @default {10_000} */
  readonly grossNotional?: number;
  /** Largest size; a quiet pair is not to be bought without bounds. @default {3} */
  readonly maxSize?: number;
}

/**
 * Returns the sizes with which positions would have a volatility, `target / (deviation of a bar's
 * profit of size 1 * sqrt(periodsPerYear))`, for `FurtherColumns.size`.
 *
 * The deviation is that of the last `windowBars` bars, the bar of the decision included, each with
 * the hedge ratio that was known before it: no size sees the future.
 *
 * @example A pair that moves by 1 % a bar, to have 10 % a year
 * ```ts
 * import { volatilitySizes } from "tandem/backtest";
 * import { ok } from "node:assert/strict";
 *
 * const y = Array.from({ length: 400 }, (_, t) => 100 * (1 + 0.005 * (t % 2)));
 * const flat = { y, x: y.map(() => 50), zScore: y.map(() => 0), hedgeRatio: y.map(() => 0) };
 * const sizes = volatilitySizes(flat, {
 *   targetVolatility: 0.1, windowBars: 100, periodsPerYear: 365, sizing: "dollar",
 * });
 * ok(Number.isNaN(sizes[50]) && Math.abs(sizes[200]! - 1.0442) < 1e-4);
 * ```
 *
 * @param columns Closes and hedge ratios.
 * @param target The volatility, and how it is measured.
 * @returns One size per bar, NaN while the window is not full.
 * @throws {RangeError} If the target, `maxSize` or the window is out of range.
 */
export function volatilitySizes(
  columns: Pick<BacktestColumns, "y" | "x" | "zScore" | "hedgeRatio">,
  target: VolatilityTarget,
): Float64Array {
  const { targetVolatility, windowBars, periodsPerYear, sizing } = target;
  const { capital = 10_000, grossNotional = 10_000, maxSize = 3 } = target;
  for (const [name, value] of Object.entries({ targetVolatility, periodsPerYear, maxSize })) {
    if (value > 0 && value < Infinity) continue;
    throw new RangeError(`Cannot size as "${name}" must be > 0: current value is ${value}`);
  }
  const { y, x, hedgeRatio } = columns;
  const profits = new RollingMoments(windowBars);
  const found = new Float64Array(2);
  const wanted = targetVolatility * capital / (grossNotional * Math.sqrt(periodsPerYear));
  return Float64Array.from({ length: y.length }, (_, t) => {
    const b = hedgeRatio[t]!;
    profits.push(
      t === 0
        ? NaN
        : sizing === "units"
        ? (y[t]! - y[t - 1]! - b * (x[t]! - x[t - 1]!)) / (y[t - 1]! + Math.abs(b) * x[t - 1]!)
        : (y[t]! / y[t - 1]! - 1 - b * (x[t]! / x[t - 1]! - 1)) / (1 + Math.abs(b)),
    );
    profits.read(found);
    return profits.count === windowBars && found[1]! > 0
      ? Math.min(maxSize, wanted / found[1]!)
      : NaN;
  });
}
