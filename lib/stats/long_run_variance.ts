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

/**
 * Returns the long-run variance of a series that reverts like an autoregression of order one seen
 * through white noise, as a spread does through the bounce between bid and ask.
 *
 * `g(0) + 2 g(1) / (1 - phi)` with phi = g(2) / g(1) and g the autocovariances: unlike the sum over
 * few lags it keeps the memory of a slow series, unlike phi = g(1) / g(0) it is not fooled by the
 * noise. phi is held in [0, 1 - 1 / n]. Where g(1) is not above 2 g(0) / sqrt(n), its own error, there
 * is no memory to speak of and the answer is g(0).
 *
 * @example Noise without memory, and a series that hardly moves
 * ```ts
 * import { autoregressiveVariance, Random } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const random = new Random(1);
 * const noise = Array.from({ length: 2_000 }, () => random.normal());
 * ok(Math.abs(autoregressiveVariance(noise) - 1) < 0.2);
 * let level = 0;
 * const slow = noise.map((shock) => level = 0.5 * level + shock);
 * ok(Math.abs(autoregressiveVariance(slow) - 4) < 1);
 * ```
 *
 * @param errors The series of mean 0, oldest first; at least one value.
 * @returns The variance in squared units of the series; >= 0.
 */
export function autoregressiveVariance(errors: ArrayLike<number>): number {
  const [g0, g1, g2] = [0, 1, 2].map((lag) => autocovariance(errors, lag)) as [
    number,
    number,
    number,
  ];
  if (!(g1 > 2 * g0 / Math.sqrt(errors.length))) return g0;
  const phi = Math.min(Math.max(g2 / g1, 0), 1 - 1 / errors.length);
  return g0 + 2 * g1 / (1 - phi);
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
