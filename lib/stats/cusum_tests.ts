import { completeRows } from "./complete_rows.ts";
import { fitLine, type LineFit } from "./line_fit.ts";
import { normalCdf } from "./normal.ts";

/** Result of a CUSUM test; its null hypothesis is a line that never changes. */
export interface CusumResult {
  /** Test statistic, large when the line changes; or `null`. */
  readonly statistic: number | null;
  /** Asymptotic p-value, or `null`. */
  readonly pValue: number | null;
  /** The scaled sum of the errors up to each row, 0 first; empty without a statistic. */
  readonly process: readonly number[];
  /** Rows used. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the OLS-CUSUM test whether y = a + b x changes (Ploberger and Kraemer, 1992).
 *
 * `max |sum of residuals| / (s sqrt n)` with s^2 = SSR / (n - ddof); p-value of the supremum of a
 * Brownian bridge (Kolmogorov). Assumes errors without memory: on residuals that wander everything
 * rejects. For errors with memory give their `longRunVariance`, such as `autoregressiveVariance()`.
 * Rows with a missing value are dropped.
 *
 * @example A shift in the middle
 * ```ts
 * import { olsCusum } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 60 }, (_, t) => Math.sin(t));
 * const y = x.map((value, t) => value + (t < 30 ? 0 : 1) + Math.cos(5 * t) / 5);
 * ok(olsCusum(y, x).pValue! < 1e-3);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options `ddof`, degrees of freedom taken from n in s^2 (default 2), or `longRunVariance`, > 0,
 *   to stand for s^2.
 * @returns The test, or `null` fields and a reason: fewer than four rows, constant x or a perfect fit.
 * @throws {RangeError} If the lengths differ or `longRunVariance` is not greater than 0.
 */
export function olsCusum(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly ddof?: number; readonly longRunVariance?: number } = {},
): CusumResult {
  const { ddof = 2, longRunVariance } = options;
  if (longRunVariance !== undefined && !(longRunVariance > 0)) {
    throw new RangeError(
      `Cannot look for a break as "longRunVariance" must be > 0: current value is ${longRunVariance}`,
    );
  }
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  const fit = usableFit(rows.y, rows.x);
  if (typeof fit === "string") return absent(nobs, fit);
  const variance = longRunVariance ?? fit.squaresLeft / (nobs - ddof);
  const scale = Math.sqrt(variance * nobs);
  let sum = 0;
  const process = [0];
  for (const residual of fit.residuals) process.push((sum += residual) / scale);
  const statistic = largestSize(process);
  return { statistic, pValue: brownianBridgeP(statistic), process, nobs, reason: null };
}

/**
 * Returns the recursive CUSUM test whether y = a + b x changes (Brown, Durbin and Evans, 1975).
 *
 * Sums the errors of predicting each row from those before it, w(t), each over its own deviation:
 * `max |W(r)| / (1 + 2 r)`, r the share of the rows, W scaled by the deviation of w. The recursion
 * begins once x has varied. Assumes errors without memory. A p-value below 1e-16 is given as 0: so far
 * out the asymptotic formula says nothing. Rows with a missing value are dropped.
 *
 * @example A shift in the middle
 * ```ts
 * import { recursiveCusum } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 60 }, (_, t) => Math.sin(t));
 * const y = x.map((value, t) => value + (t < 30 ? 0 : 1) + Math.cos(5 * t) / 5);
 * ok(recursiveCusum(y, x).pValue! < 0.01);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @returns The test, or `null` fields and a reason: fewer than four rows, constant x or a perfect fit.
 * @throws {RangeError} If the lengths differ.
 */
export function recursiveCusum(y: ArrayLike<number>, x: ArrayLike<number>): CusumResult {
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  const fit = usableFit(rows.y, rows.x);
  if (typeof fit === "string") return absent(nobs, fit);
  const errors = recursiveErrors(rows.y, rows.x);
  const count = errors.length;
  if (count < 2) return absent(nobs, "x varies only at the end");
  const mean = errors.reduce((sum, error) => sum + error, 0) / count;
  const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
  const scale = Math.sqrt(squares / (count - 1) * count);
  let sum = 0;
  const process = [0, ...errors.map((error) => (sum += error) / scale)];
  const statistic = largestSize(process.map((value, j) => value / (1 + 2 * j / count)));
  return { statistic, pValue: crossingP(statistic), process, nobs, reason: null };
}

function absent(nobs: number, reason: string): CusumResult {
  return { statistic: null, pValue: null, process: [], nobs, reason };
}

function usableFit(y: Float64Array, x: Float64Array): LineFit | string {
  if (y.length < 4) return `too few rows: ${y.length} of 4`;
  const fit = fitLine(y, x, true);
  return typeof fit !== "string" && fit.isPerfect ? "the fit is perfect" : fit;
}

/** The error of predicting each row by the line through those before it, over its deviation. */
function recursiveErrors(y: Float64Array, x: Float64Array): number[] {
  const errors: number[] = [];
  let meanX = 0;
  let meanY = 0;
  let sxx = 0;
  let sxy = 0;
  for (let t = 0; t < y.length; t++) {
    const dx = x[t]! - meanX;
    const dy = y[t]! - meanY;
    if (sxx > 0) errors.push((dy - sxy / sxx * dx) / Math.sqrt(1 + 1 / t + dx * dx / sxx));
    meanX += dx / (t + 1);
    meanY += dy / (t + 1);
    sxx += dx * (x[t]! - meanX);
    sxy += dx * (y[t]! - meanY);
  }
  return errors;
}

function largestSize(values: readonly number[]): number {
  return values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
}

/** P(sup |Brownian bridge| > x), by whichever of its two series converges at once. */
function brownianBridgeP(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-((k * Math.PI / x) ** 2) / 8);
    return 1 - Math.sqrt(2 * Math.PI) / x * sum;
  }
  for (let k = 1; k <= 10; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * x) ** 2);
  return sum;
}

/** P(a Brownian motion crosses x (1 + 2 r) or its mirror image on [0, 1]), approximately. */
function crossingP(x: number): number {
  if (x < 0.3) return 1 - 0.1465 * x;
  const p = 2 * (normalCdf(-3 * x) + Math.exp(-4 * x * x) * (normalCdf(x) - normalCdf(-5 * x)) -
    Math.exp(-16 * x * x) * normalCdf(-x));
  return p < Number.EPSILON / 2 ? 0 : p;
}
