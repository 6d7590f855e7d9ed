import { completeRows } from "./complete_rows.ts";
import { fisherFP } from "./fisher_f.ts";
import { fitLine } from "./line_fit.ts";

/** Result of the Chow test; its null hypothesis is one line for both parts. */
export interface ChowResult {
  /** F statistic, large when the parts have different lines; or `null`. */
  readonly statistic: number | null;
  /** p-value, or `null`. */
  readonly pValue: number | null;
  /** Rows of the first part. */
  readonly at: number;
  /** Degrees of freedom of the denominator. */
  readonly degreesOfFreedom: number;
  /** Rows used. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the F test whether y = a + b x is one line before and after a KNOWN break (Chow, 1960).
 *
 * `F = ((S - S1 - S2) / 2) / ((S1 + S2) / (n - 4))`, S the sums of squared residuals of the whole and of
 * both parts. The break must be known beforehand: the best of many rejects far too often. On
 * residuals that wander everything rejects.
 *
 * @example The slope changes
 * ```ts
 * import { chow } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 40 }, (_, t) => Math.sin(t));
 * const y = x.map((value, t) => (t < 20 ? 1 : 2) * value + Math.cos(5 * t) / 10);
 * ok(chow(y, x, { at: 20 }).pValue! < 1e-9);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value, its row is dropped.
 * @param x The other series, of the same length.
 * @param options `at`, the first row of the second part, counted before rows are dropped.
 * @returns The test, or `null` fields and a reason: a part with fewer than three rows or constant x,
 *   or a perfect fit.
 * @throws {RangeError} If the lengths differ or `at` is not a whole number in [0, n].
 */
export function chow(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly at: number },
): ChowResult {
  const rows = completeRows(y, x);
  if (!(Number.isInteger(options.at) && options.at >= 0 && options.at <= y.length)) {
    throw new RangeError(
      `Cannot split rows as "at" must be a whole number in [0, ${y.length}]: current value is ${options.at}`,
    );
  }
  let at = 0;
  for (let t = 0; t < options.at; t++) {
    if (Number.isFinite(y[t]) && Number.isFinite(x[t])) at++;
  }
  const nobs = rows.y.length;
  const degreesOfFreedom = nobs - 4;
  const common = { at, degreesOfFreedom, nobs };
  const none = (reason: string) => ({ statistic: null, pValue: null, ...common, reason });
  if (Math.min(at, nobs - at) < 3) {
    return none(`too few rows in a part: ${Math.min(at, nobs - at)} of 3`);
  }
  const whole = fitLine(rows.y, rows.x, true);
  const before = fitLine(rows.y.subarray(0, at), rows.x.subarray(0, at), true);
  const after = fitLine(rows.y.subarray(at), rows.x.subarray(at), true);
  if (typeof whole === "string") return none(whole);
  if (typeof before === "string") return none(`the first part: ${before}`);
  if (typeof after === "string") return none(`the second part: ${after}`);
  const parts = before.squaresLeft + after.squaresLeft;
  if (before.isPerfect && after.isPerfect) return none("both parts fit perfectly");
  const statistic = Math.max(whole.squaresLeft - parts, 0) / 2 / (parts / degreesOfFreedom);
  return { statistic, pValue: fisherFP(statistic, 2, degreesOfFreedom), ...common, reason: null };
}
