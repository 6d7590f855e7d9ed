import { autocorrelations } from "./autocorrelation.ts";
import { chiSquaredP } from "./chi_squared.ts";

/** Result of the Ljung-Box test; its null hypothesis is no autocorrelation. */
export interface LjungBoxResult {
  /** Q, large when the series remembers; or `null`. */
  readonly statistic: number | null;
  /** p-value from chi-squared, or `null`. */
  readonly pValue: number | null;
  /** Autocorrelations in the sum. */
  readonly lags: number;
  /** Degrees of freedom: lags less fitted parameters. */
  readonly degreesOfFreedom: number;
  /** Values given. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the Ljung-Box test for autocorrelation, `Q = n (n + 2) sum r(k)^2 / (n - k)`.
 *
 * Ljung and Box (1978); chi-squared with `lags` less `fitted` degrees of freedom when nothing is
 * remembered.
 *
 * @example An alternating series remembers
 * ```ts
 * import { ljungBox } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const series = Array.from({ length: 40 }, (_, t) => t % 2);
 * ok(ljungBox(series, { lags: 1 }).pValue! < 1e-8);
 * ```
 *
 * @param values The series, oldest first, in any unit.
 * @param options `lags`, a whole number >= 1 below the length; `fitted` parameters of a model whose
 *   residuals these are, >= 0 and below `lags`.
 * @returns The test, or `null` fields and a reason: a missing value or a constant series.
 * @throws {RangeError} If an option is out of range.
 */
export function ljungBox(
  values: ArrayLike<number>,
  options: { readonly lags: number; readonly fitted?: number },
): LjungBoxResult {
  const { lags, fitted = 0 } = options;
  const degreesOfFreedom = lags - fitted;
  if (!(lags >= 1 && fitted >= 0 && degreesOfFreedom >= 1)) {
    throw new RangeError(
      `Cannot test for autocorrelation as "lags" must be >= 1 and above "fitted": current values are ${lags} and ${fitted}`,
    );
  }
  const nobs = values.length;
  const rho = autocorrelations(values, lags);
  const common = { lags, degreesOfFreedom, nobs };
  if (rho === null) {
    const reason = "a value is missing or the series is constant";
    return { statistic: null, pValue: null, ...common, reason };
  }
  let sum = 0;
  for (let k = 1; k <= lags; k++) sum += rho[k]! ** 2 / (nobs - k);
  const statistic = nobs * (nobs + 2) * sum;
  return { statistic, pValue: chiSquaredP(statistic, degreesOfFreedom), ...common, reason: null };
}
