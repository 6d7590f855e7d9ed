import { countMissing } from "./detrend.ts";
import { fisherFP } from "./fisher_f.ts";
import { dot, orthogonalize, residualsOn } from "./orthogonal.ts";

/** Result of the Granger test; its null hypothesis is that x does not help to foresee y. */
export interface GrangerResult {
  /** F statistic, large when the past of x helps; or `null`. */
  readonly statistic: number | null;
  /** p-value, or `null`. */
  readonly pValue: number | null;
  /** Lags of both series. */
  readonly lags: number;
  /** Degrees of freedom of the denominator. */
  readonly degreesOfFreedom: number;
  /** Rows of the regression. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

const MIN_DEGREES = 3;

/**
 * Returns the F test whether the past of x helps to foresee y (Granger, 1969).
 *
 * Regresses y(t) on a constant and its own last p values, with and without the last p values of x:
 * `F = ((S0 - S1) / p) / (S1 / (n - 2 p - 1))`. Give returns: on levels that wander the F
 * distribution does not hold. Forward-filled bars cause what is not there.
 *
 * @example y follows x
 * ```ts
 * import { granger } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 40 }, (_, t) => Math.sin(t * t));
 * const y = x.map((_, t) => (x[t - 1] ?? 0) + Math.cos(3 * t) / 10);
 * ok(granger(y, x, { lags: 1 }).pValue! < 1e-9);
 * ok(granger(x, y, { lags: 1 }).pValue! > 0.01);
 * ```
 *
 * @param y The series to foresee, returns, oldest first.
 * @param x The series that may help, of the same length.
 * @param options `lags` in bars, a whole number >= 1.
 * @returns The test, or `null` fields and a reason: a missing value, fewer than three degrees of
 *   freedom, lags that repeat each other, or a perfect prediction.
 * @throws {RangeError} If the lengths differ or `lags` is out of range.
 */
export function granger(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly lags: number },
): GrangerResult {
  const { lags } = options;
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot regress as the series must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  if (!(Number.isInteger(lags) && lags >= 1)) {
    throw new RangeError(
      `Cannot regress as "lags" must be a whole number >= 1: current value is ${lags}`,
    );
  }
  const nobs = Math.max(y.length - lags, 0);
  const degreesOfFreedom = nobs - 2 * lags - 1;
  const common = { lags, degreesOfFreedom, nobs };
  const none = (reason: string) => ({ statistic: null, pValue: null, ...common, reason });
  const missing = countMissing(y) + countMissing(x);
  if (missing > 0) return none(`${missing} values are missing: lags need unbroken series`);
  if (degreesOfFreedom < MIN_DEGREES) {
    return none(`too few degrees of freedom: ${degreesOfFreedom} of ${MIN_DEGREES}`);
  }
  const lagged = (series: ArrayLike<number>) =>
    Array.from({ length: lags }, (_, j) => rows(series, lags - 1 - j, nobs));
  const constant = new Float64Array(nobs).fill(1);
  const all = orthogonalize([constant, ...lagged(y), ...lagged(x)]);
  if (all === null) return none("the lags repeat each other");
  const target = rows(y, lags, nobs);
  const own = residualsOn(target, all.basis.slice(0, lags + 1));
  const both = residualsOn(own, all.basis.slice(lags + 1));
  const s0 = dot(own, own);
  const s1 = dot(both, both);
  if (!(s1 > 1e-24 * dot(target, target))) return none("the prediction is perfect");
  const statistic = (s0 - s1) / lags / (s1 / degreesOfFreedom);
  return {
    statistic,
    pValue: fisherFP(statistic, lags, degreesOfFreedom),
    ...common,
    reason: null,
  };
}

function rows(series: ArrayLike<number>, from: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, t) => series[from + t]!);
}
