import { detrended } from "./detrend.ts";
import { autocovariance } from "./long_run_variance.ts";

/**
 * Returns the autocorrelations of a series at the lags 0 to `lags`.
 *
 * `g(k) / g(0)`, g(k) the autocovariance about the mean with divisor n, so that they are a positive
 * semi-definite sequence (Box and Jenkins, 1970).
 *
 * @example An alternating series
 * ```ts
 * import { autocorrelations } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(autocorrelations([1, -1, 1, -1], 2), [1, -0.75, 0.5]);
 * ```
 *
 * @param values The series, oldest first, in any unit.
 * @param lags Largest lag; a whole number >= 0 and below the length.
 * @returns `lags + 1` numbers in [-1, 1], or `null` if a value is missing or the series is constant.
 * @throws {RangeError} If `lags` is out of range.
 */
export function autocorrelations(values: ArrayLike<number>, lags: number): number[] | null {
  if (!(Number.isInteger(lags) && lags >= 0 && lags < Math.max(values.length, 1))) {
    throw new RangeError(
      `Cannot correlate a series with itself as "lags" must be a whole number in [0, ${
        Math.max(values.length - 1, 0)
      }]: current value is ${lags}`,
    );
  }
  const { residuals } = detrended(values, "c", 2);
  if (residuals === null) return null;
  const variance = autocovariance(residuals, 0);
  if (!(variance > 0 && variance < Infinity)) return null;
  return Array.from({ length: lags + 1 }, (_, k) => autocovariance(residuals, k) / variance);
}

/**
 * Returns the partial autocorrelations of a series at the lags 0 to `lags`.
 *
 * The last coefficient of the Yule-Walker autoregression of each order, by the Durbin-Levinson
 * recursion on `autocorrelations()` (Durbin, 1960).
 *
 * @example The first is the autocorrelation
 * ```ts
 * import { autocorrelations, partialAutocorrelations } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const series = [1, 3, 2, 5, 4, 6, 5, 8];
 * strictEqual(partialAutocorrelations(series, 3)![1], autocorrelations(series, 3)![1]);
 * ```
 *
 * @param values The series, oldest first, in any unit.
 * @param lags Largest lag; a whole number >= 0 and below the length.
 * @returns `lags + 1` numbers in [-1, 1], or `null` if a value is missing or the series is constant.
 * @throws {RangeError} If `lags` is out of range.
 */
export function partialAutocorrelations(
  values: ArrayLike<number>,
  lags: number,
): number[] | null {
  const rho = autocorrelations(values, lags);
  if (rho === null) return null;
  const partial = [1];
  let coefficients: number[] = [];
  let variance = 1;
  for (let k = 1; k <= lags; k++) {
    let error = rho[k]!;
    coefficients.forEach((phi, j) => error -= phi * rho[k - 1 - j]!);
    const last = error / variance;
    partial.push(last);
    coefficients = coefficients.map((phi, j) => phi - last * coefficients[k - 2 - j]!);
    coefficients.push(last);
    variance *= 1 - last * last;
  }
  return partial;
}
