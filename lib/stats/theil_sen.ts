import { completeRows, isConstant } from "./complete_rows.ts";
import { normalQuantile } from "./normal.ts";
import { medianInPlace, selectInPlace } from "./quantile.ts";

/** More rows would make more pairs than fit in memory and patience. */
const MAX_ROWS = 10_000;

/** A line through medians. */
export interface TheilSenResult {
  /** Median slope, or `null`. */
  readonly slope: number | null;
  /** `median y - slope * median x`, or `null`. */
  readonly intercept: number | null;
  /** Lower end of the interval of the slope, or `null`. */
  readonly slopeLow: number | null;
  /** Upper end of the interval of the slope, or `null`. */
  readonly slopeHigh: number | null;
  /** Level of the interval, inside (0, 1). */
  readonly confidence: number;
  /** Rows used. */
  readonly nobs: number;
  /** Why there is no line, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the Theil-Sen line: the median of the slopes between all pairs of points.
 *
 * A quarter of the points may be arbitrarily wrong. The interval holds the slopes whose rank is
 * within the normal approximation to Kendall's statistic (Sen, 1968); it assumes independent
 * errors. Pairs with one x are left out. O(n^2) time and memory: for screens on demand, not per bar.
 *
 * @example One outlier of five
 * ```ts
 * import { theilSen } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const line = theilSen([1, 3, 5, 7, 1000], [0, 1, 2, 3, 4]);
 * strictEqual(line.slope, 2);
 * strictEqual(line.intercept, 1);
 * ```
 *
 * @param y The dependent series; `NaN` marks a missing value, its row is dropped.
 * @param x The other series, of the same length.
 * @param options `confidence` of the interval, inside (0, 1). @default {0.95}
 * @returns The line, or `null` fields and a reason: fewer than two rows or constant x.
 * @throws {RangeError} If the lengths differ, there are more than 10,000 rows, or `confidence` is
 *   out of range.
 */
export function theilSen(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly confidence?: number } = {},
): TheilSenResult {
  const { confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot fit a line as "confidence" must be inside (0, 1): current value is ${confidence}`,
    );
  }
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  requireFewRows(nobs);
  const reason = nobs < 2
    ? `too few rows: ${nobs} of 2`
    : isConstant(rows.x)
    ? "x is constant"
    : null;
  if (reason !== null) {
    const none = { slope: null, intercept: null, slopeLow: null, slopeHigh: null };
    return { ...none, confidence, nobs, reason };
  }
  const slopes = pairSlopes(rows.y, rows.x);
  const slope = medianInPlace(slopes)!;
  const [low, high] = intervalRanks(rows.y, rows.x, slopes.length, confidence);
  return {
    slope,
    intercept: medianInPlace(rows.y)! - slope * medianInPlace(rows.x)!,
    slopeLow: selectInPlace(slopes, low),
    slopeHigh: selectInPlace(slopes, high),
    confidence,
    nobs,
    reason: null,
  };
}

/** Refuses more rows than all pairs can be made of. */
export function requireFewRows(nobs: number): void {
  if (nobs > MAX_ROWS) {
    throw new RangeError(
      `Cannot compare all pairs as there must be <= ${MAX_ROWS} rows: current value is ${nobs}`,
    );
  }
}

function pairSlopes(y: Float64Array, x: Float64Array): Float64Array {
  const slopes = new Float64Array(y.length * (y.length - 1) / 2);
  let count = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = i + 1; j < y.length; j++) {
      const dx = x[j]! - x[i]!;
      if (dx !== 0) slopes[count++] = (y[j]! - y[i]!) / dx;
    }
  }
  return slopes.subarray(0, count);
}

function intervalRanks(
  y: Float64Array,
  x: Float64Array,
  slopes: number,
  confidence: number,
): [number, number] {
  const weight = (n: number) => n * (n - 1) * (2 * n + 5);
  const tied = (values: Float64Array) => {
    const sorted = values.toSorted();
    let sum = 0;
    let run = 1;
    for (let i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] === sorted[i - 1]) run++;
      else {
        sum += weight(run);
        run = 1;
      }
    }
    return sum;
  };
  const deviation = Math.sqrt(Math.max(weight(y.length) - tied(x) - tied(y), 0) / 18);
  const reach = normalQuantile((1 + confidence) / 2) * deviation;
  return [
    Math.max(roundHalfToEven((slopes - reach) / 2) - 1, 0),
    Math.min(roundHalfToEven((slopes + reach) / 2), slopes - 1),
  ];
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}
