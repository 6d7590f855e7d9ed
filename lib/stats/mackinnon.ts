import { MACKINNON_TABLES, type Trend } from "./mackinnon_tables.ts";
import { normalCdf } from "./normal.ts";

export type { Trend } from "./mackinnon_tables.ts";

/** Critical values at 1 %, 5 % and 10 %. */
export type CriticalValues = readonly [number, number, number];

function polynomial(coefficients: readonly number[], at: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * at + coefficients[k]!;
  return value;
}

function checkSeries(series: number, most: number): void {
  if (!Number.isInteger(series) || series < 1 || series > most) {
    throw new RangeError(
      `Cannot look up MacKinnon's table as "series" must be a whole number from 1 to ${most}: current value is ${series}`,
    );
  }
}

/**
 * Returns the asymptotic p-value of a unit-root or cointegration t-ratio (MacKinnon 1994).
 *
 * Phi of a polynomial in `tau`. Use 1 series for a test of observed data (ADF) and k + 1 series for
 * a test of the residuals of y on k regressors (Engle-Granger): the table of 1 series rejects
 * residuals of unrelated random walks far too often. Sort tests by `tau`, not by p: where the two
 * polynomials meet, p steps back by up to 0.001.
 *
 * @example A pair needs its own table
 * ```ts
 * import { mackinnonP } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(mackinnonP(-3, "c", 1) < 0.04);
 * ok(mackinnonP(-3, "c", 2) > 0.1);
 * ```
 *
 * @param tau The t-ratio.
 * @param trend Deterministic terms of the (first-stage) regression.
 * @param series Number of I(1) series, 1 to 6.
 * @returns A probability in [0, 1]; exactly 0 or 1 outside the range of the table.
 * @throws {RangeError} If `tau` is NaN or `series` is not a whole number from 1 to 6.
 */
export function mackinnonP(tau: number, trend: Trend = "c", series = 1): number {
  checkSeries(series, 6);
  if (Number.isNaN(tau)) {
    throw new RangeError(
      `Cannot look up MacKinnon's table as "tau" must be a number: current value is ${tau}`,
    );
  }
  const table = MACKINNON_TABLES[trend];
  const row = series - 1;
  if (tau > table.largest[row]!) return 1;
  if (tau < table.smallest[row]!) return 0;
  const surface = tau <= table.switch[row]! ? table.lower : table.upper;
  return normalCdf(polynomial(surface[row]!, tau));
}

/**
 * Returns the critical values of a unit-root or cointegration t-ratio (MacKinnon 2010).
 *
 * b0 + b1 / n + b2 / n^2 + b3 / n^3 at 1 %, 5 % and 10 %.
 *
 * @example The 5 % value of Engle-Granger with a constant, two series, many observations
 * ```ts
 * import { mackinnonCritical } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(mackinnonCritical("c", 2)?.[1], -3.33613);
 * strictEqual(mackinnonCritical("n", 2), null);
 * ```
 *
 * @param trend Deterministic terms of the (first-stage) regression.
 * @param series Number of I(1) series, 1 to 12.
 * @param nobs Number of observations; Infinity for the asymptotic values.
 * @returns The values at 1 %, 5 % and 10 %, or `null` where none are published: more than one
 *   series without deterministic terms.
 * @throws {RangeError} If `series` is not a whole number from 1 to 12 or `nobs` is not > 0.
 */
export function mackinnonCritical(
  trend: Trend = "c",
  series = 1,
  nobs = Infinity,
): CriticalValues | null {
  checkSeries(series, 12);
  if (!(nobs > 0)) {
    throw new RangeError(
      `Cannot compute critical values as "nobs" must be > 0: current value is ${nobs}`,
    );
  }
  const [one, five, ten] = MACKINNON_TABLES[trend].critical.map((rows) => rows[series - 1]);
  if (one === undefined || five === undefined || ten === undefined) return null;
  const inverse = 1 / nobs;
  return [polynomial(one, inverse), polynomial(five, inverse), polynomial(ten, inverse)];
}
