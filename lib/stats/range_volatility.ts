import { RollingRangeVolatility } from "./rolling_range_volatility.ts";

/** Which estimator of volatility from open, high, low and close. */
export type RangeEstimator =
  | "parkinson"
  | "garman-klass"
  | "rogers-satchell"
  | "yang-zhang"
  | "garman-klass-yang-zhang";

/** Prices of bars, oldest first, one array per field. */
export interface BarPrices {
  /** Prices of the first trades. */
  readonly open: ArrayLike<number>;
  /** Highest prices. */
  readonly high: ArrayLike<number>;
  /** Lowest prices. */
  readonly low: ArrayLike<number>;
  /** Prices of the last trades. */
  readonly close: ArrayLike<number>;
}

/** How to estimate volatility from ranges. */
export interface RangeVolatilityOptions {
  /** Which estimator; its name belongs beside the number. */
  readonly estimator: RangeEstimator;
  /** Bars per estimate, a whole number >= 1; >= 2 for Yang-Zhang. */
  readonly window: number;
  /** Periods per year of the bar actually used; > 0. */
  readonly periodsPerYear: number;
}

/**
 * Returns the volatility of each window of bars, estimated from their ranges.
 *
 * With logarithms o, h, l, c, the previous close p and the window n, the variance of a bar is
 *
 * - `parkinson`: mean of (h - l)^2 / (4 ln 2) (Parkinson, 1980);
 * - `garman-klass`: mean of (h - l)^2 / 2 - (2 ln 2 - 1) (c - o)^2 (Garman and Klass, 1980);
 * - `rogers-satchell`: mean of (h - c)(h - o) + (l - c)(l - o), free of drift (Rogers and
 *   Satchell, 1991);
 * - `garman-klass-yang-zhang`: Garman-Klass plus (o - p)^2, which adds the jump over the gap;
 * - `yang-zhang`: var(o - p) + k var(c - o) + (1 - k) Rogers-Satchell with divisor n - 1 and
 *   k = 0.34 / (1.34 + (n + 1) / (n - 1)) (Yang and Zhang, 2000).
 *
 * The last two need the previous close, so their first value comes one bar later. This is
 * `RollingRangeVolatility` over a series.
 *
 * @example One bar that ends where it began
 * ```ts
 * import { rangeVolatility } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const [volatility] = rangeVolatility(
 *   { open: [1], high: [Math.E], low: [1], close: [1] },
 *   { estimator: "parkinson", window: 1, periodsPerYear: 4 * Math.LN2 },
 * );
 * ok(Math.abs(volatility! - 1) < 1e-15);
 * ```
 *
 * @param bars Prices of the bars, all arrays of one length.
 * @param options Estimator, window and periods per year.
 * @returns One value per bar in log units per square root of a year; `null` while the window is not
 *   full or holds a bar with a price that is missing or not greater than 0.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function rangeVolatility(
  bars: BarPrices,
  options: RangeVolatilityOptions,
): (number | null)[] {
  requireOneLength(bars);
  const volatility = new RollingRangeVolatility(options);
  return Array.from(
    { length: bars.close.length },
    (_, t) => volatility.push(bars.open[t]!, bars.high[t]!, bars.low[t]!, bars.close[t]!),
  );
}

function requireOneLength({ open, high, low, close }: BarPrices): void {
  for (const field of [open, high, low]) {
    if (field.length !== close.length) {
      throw new RangeError(
        `Cannot estimate volatility as all fields must have one length: current values are ${field.length} and ${close.length}`,
      );
    }
  }
}
