import { dot } from "./orthogonal.ts";

/**
 * Returns the long-run variance of a series of mean 0, `g(0) + 2 sum (1 - j / (lags + 1)) g(j)`.
 *
 * g(j) is the autocovariance with divisor n; the Bartlett weights keep the sum >= 0 (Newey and
 * West, 1987). With 0 lags it is the variance.
 *
 * @example Alternating errors cancel over time
 * ```ts
 * import { longRunVariance } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(longRunVariance([1, -1, 1, -1], 0), 1);
 * strictEqual(longRunVariance([1, -1, 1, -1], 1), 0.25);
 * ```
 *
 * @param errors A series of mean 0 without a missing value, oldest first, for example residuals.
 * @param lags Number of autocovariances; a whole number >= 0 and below the length.
 * @returns The variance in squared units of the series; >= 0.
 * @throws {RangeError} If `lags` is out of range.
 */
export function longRunVariance(errors: ArrayLike<number>, lags: number): number {
  const n = errors.length;
  if (!(Number.isInteger(lags) && lags >= 0 && lags < n)) {
    throw new RangeError(
      `Cannot sum autocovariances as "lags" must be a whole number in [0, ${
        n - 1
      }]: current value is ${lags}`,
    );
  }
  let sum = autocovariance(errors, 0);
  for (let j = 1; j <= lags; j++) sum += 2 * (1 - j / (lags + 1)) * autocovariance(errors, j);
  return Math.max(sum, 0);
}

/** Mean product of a series of mean 0 with itself `lag` rows later; divisor n. */
export function autocovariance(errors: ArrayLike<number>, lag: number): number {
  let sum = 0;
  for (let t = lag; t < errors.length; t++) sum += errors[t]! * errors[t - lag]!;
  return sum / errors.length;
}

/** Bartlett sum of the autocovariances of two residual series; divisor n. */
export function longRunCovariance(
  y: Float64Array,
  x: Float64Array,
  lags: number,
): { yy: number; yx: number; xx: number } {
  const rows = y.length;
  const sum = (a: Float64Array, b: Float64Array) => {
    let total = dot(a, b);
    for (let j = 1; j <= lags; j++) {
      const forward = dot(a.subarray(j), b.subarray(0, rows - j));
      const backward = dot(a.subarray(0, rows - j), b.subarray(j));
      total += (1 - j / (lags + 1)) * (forward + backward);
    }
    return total / rows;
  };
  return { yy: sum(y, y), yx: sum(y, x), xx: sum(x, x) };
}
