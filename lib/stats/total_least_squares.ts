import { completeRows, isConstant } from "./complete_rows.ts";

/** A line fitted with errors in both series. */
export interface TotalLeastSquaresResult {
  /** Change of y per unit of x, or `null`. */
  readonly slope: number | null;
  /** Value of y at x = 0, 0 for a line through the origin, or `null`. */
  readonly intercept: number | null;
  /** Rows used. */
  readonly nobs: number;
  /** Assumed variance of the error of y over that of x. */
  readonly errorVarianceRatio: number;
  /** Why there is no line, or `null` if there is one. */
  readonly reason: string | null;
}

/** How to fit a line with errors in both series. */
export interface TotalLeastSquaresOptions {
  /** Whether the line may miss the origin. @default {true} */
  readonly intercept?: boolean;
  /** Variance of the error of y over that of x, > 0; 1 measures distance at a right angle. @default {1} */
  readonly errorVarianceRatio?: number;
}

/**
 * Returns the line nearest to the points when both series carry errors (total least squares;
 * Deming regression for another ratio of the error variances).
 *
 * With centred sums and ratio r, `slope = (d + sqrt(d^2 + 4 r Sxy^2)) / (2 Sxy)`,
 * `d = Syy - r Sxx` (Deming, 1943), written in the form that does not cancel. With r = 1 it is
 * symmetric: swapping the series gives 1 / slope. It depends on the units of the series, so use
 * logarithms or standardize. Rows with a missing value are dropped.
 *
 * @example Both directions agree
 * ```ts
 * import { totalLeastSquares } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const y = [1, 3, 2, 5];
 * const x = [0, 1, 2, 3];
 * const there = totalLeastSquares(y, x).slope!;
 * ok(Math.abs(there * totalLeastSquares(x, y).slope! - 1) < 1e-12);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options Intercept and ratio of the error variances.
 * @returns The line, or `null` fields and a reason: fewer than two rows, a constant series, or no
 *   covariance, which leaves the direction open.
 * @throws {RangeError} If the lengths differ or the ratio is not greater than 0.
 */
export function totalLeastSquares(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: TotalLeastSquaresOptions = {},
): TotalLeastSquaresResult {
  const { intercept = true, errorVarianceRatio = 1 } = options;
  if (!(errorVarianceRatio > 0 && errorVarianceRatio < Infinity)) {
    throw new RangeError(
      `Cannot fit a line as "errorVarianceRatio" must be > 0: current value is ${errorVarianceRatio}`,
    );
  }
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  const none = (reason: string) => ({
    slope: null,
    intercept: null,
    nobs,
    errorVarianceRatio,
    reason,
  });
  if (nobs < 2) return none(`too few rows: ${nobs} of 2`);
  if (intercept && (isConstant(rows.x) || isConstant(rows.y))) {
    return none("a series is constant");
  }
  const meanX = intercept ? mean(rows.x) : 0;
  const meanY = intercept ? mean(rows.y) : 0;
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let t = 0; t < nobs; t++) {
    const dx = rows.x[t]! - meanX;
    const dy = rows.y[t]! - meanY;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  if (!(Math.abs(sxy) > 4 * Number.EPSILON * Math.sqrt(sxx) * Math.sqrt(syy))) {
    return none("the series have no covariance");
  }
  const difference = syy - errorVarianceRatio * sxx;
  const root = Math.hypot(difference, 2 * Math.sqrt(errorVarianceRatio) * sxy);
  const slope = difference >= 0
    ? (difference + root) / (2 * sxy)
    : 2 * errorVarianceRatio * sxy / (root - difference);
  return {
    slope,
    intercept: intercept ? meanY - slope * meanX : 0,
    nobs,
    errorVarianceRatio,
    reason: null,
  };
}

/** The mean, summed about the first value so that a large level costs no digits. */
function mean(values: Float64Array): number {
  const origin = values[0]!;
  let sum = 0;
  for (const value of values) sum += value - origin;
  return origin + sum / values.length;
}
