import { type CompleteRows, completeRows, isConstant } from "./complete_rows.ts";
import { normalQuantile } from "./normal.ts";
import { finite } from "./absent.ts";
import { CORRELATION, COVARIANCE, PairSums, SLOPE, SOLVED } from "./pair_sums.ts";
import { RollingPair } from "./rolling_pair.ts";
import { studentTTwoSidedP } from "./student_t.ts";

/** A correlation and what speaks for it. Absent numbers are `null`, for a `reason`. */
export interface CorrelationResult {
  /** In [-1, 1]. */
  readonly coefficient: number | null;
  /** Two-sided p-value of no association. */
  readonly pValue: number | null;
  /** Rows in which neither value is missing. */
  readonly nobs: number;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** Pearson's correlation with the moments it came from. */
export interface PearsonResult extends CorrelationResult {
  /** Covariance, divisor n - 1. */
  readonly covariance: number | null;
  /** Slope of y on x. */
  readonly slope: number | null;
}

/**
 * Returns Pearson's correlation of two series.
 *
 * Use it on returns: the correlation of two price levels is spurious. The p-value is Student's with
 * n - 2 degrees of freedom. Rows with a missing value are dropped; a series that does not vary has
 * no correlation. O(n).
 *
 * @example Four rows
 * ```ts
 * import { pearson } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * ok(Math.abs(pearson([1, 2, 3, 5], [2, 4, 5, 9]).coefficient! - 0.99449) < 1e-5);
 * strictEqual(pearson([1, 2, 3], [7, 7, 7]).reason, "a series does not vary");
 * ```
 *
 * @param y One series; NaN is missing.
 * @param x The other, of the same length.
 * @returns The correlation.
 * @throws {RangeError} If the lengths differ.
 */
export function pearson(y: ArrayLike<number>, x: ArrayLike<number>): PearsonResult {
  const rows = completeRows(y, x);
  const sums = new PairSums();
  for (let t = 0; t < rows.y.length; t++) sums.add(rows.x, t, rows.y, t);
  const solved = new Float64Array(SOLVED);
  sums.solve(solved, 0);
  const coefficient = finite(solved[CORRELATION]!);
  return {
    coefficient,
    pValue: coefficient === null ? null : studentP(coefficient, sums.count),
    nobs: sums.count,
    reason: coefficient === null ? reasonOf(rows) : null,
    covariance: finite(solved[COVARIANCE]!),
    slope: finite(solved[SLOPE]!),
  };
}

/**
 * Returns Fisher's confidence interval of a Pearson correlation, tanh(atanh r ± z / sqrt(n - 3)).
 *
 * @example Fifty rows
 * ```ts
 * import { fisherInterval } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const [low, high] = fisherInterval(0.6, 50)!;
 * ok(Math.abs(low - 0.386) < 1e-3 && Math.abs(high - 0.753) < 1e-3);
 * ```
 *
 * @param coefficient The correlation, in [-1, 1].
 * @param nobs Number of rows.
 * @param confidence Share of intervals that hold the truth, in (0, 1).
 * @returns The interval, or `null` with fewer than 4 rows.
 * @throws {RangeError} If `coefficient` or `confidence` is out of range.
 */
export function fisherInterval(
  coefficient: number,
  nobs: number,
  confidence = 0.95,
): [number, number] | null {
  if (!(Math.abs(coefficient) <= 1)) {
    throw new RangeError(
      `Cannot give an interval as "coefficient" must be in [-1, 1]: current value is ${coefficient}`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot give an interval as "confidence" must be in (0, 1): current value is ${confidence}`,
    );
  }
  if (!(nobs > 3)) return null;
  const half = normalQuantile((1 + confidence) / 2) / Math.sqrt(nobs - 3);
  const centre = Math.atanh(coefficient);
  return [Math.tanh(centre - half), Math.tanh(centre + half)];
}

/** Correlation and covariance of each window of two series; `null` where there are none. */
export interface RollingCorrelation {
  /** In [-1, 1]. */
  readonly correlation: (number | null)[];
  /** Divisor n - 1. */
  readonly covariance: (number | null)[];
}

/**
 * Returns Pearson's correlation of the last `window` rows at every row, by `RollingPair`.
 *
 * @example Two rows at a time
 * ```ts
 * import { rollingCorrelation } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { correlation } = rollingCorrelation([1, 2, 1, 1], [1, 2, 3, 4], { window: 2 });
 * deepStrictEqual(correlation.map((r) => r && Math.round(r)), [null, 1, -1, null]);
 * ```
 *
 * @param y One series; NaN is missing.
 * @param x The other, of the same length.
 * @param options Rows of the window and the fewest complete ones (default: all).
 * @returns One value per row.
 * @throws {RangeError} If the lengths differ or `window` is not a whole number >= 1.
 */
export function rollingCorrelation(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly window: number; readonly minCount?: number },
): RollingCorrelation {
  checkLengths(y, x);
  const { window, minCount = window } = options;
  const rolling = new RollingPair(window);
  const told = new Float64Array(2);
  const rows = y.length;
  const correlation = new Array<number | null>(rows);
  const covariance = new Array<number | null>(rows);
  for (let t = 0; t < rows; t++) {
    rolling.push(x[t]!, y[t]!);
    const isKnown = rolling.count >= minCount;
    if (isKnown) rolling.readCorrelation(told);
    correlation[t] = isKnown ? finite(told[0]!) : null;
    covariance[t] = isKnown ? finite(told[1]!) : null;
  }
  return { correlation, covariance };
}

/** Why complete rows have no correlation. */
export function reasonOf(rows: CompleteRows): string | null {
  if (rows.y.length < 2) return `too few observations: ${rows.y.length} of 2`;
  return isConstant(rows.y) || isConstant(rows.x) ? "a series does not vary" : null;
}

/** Student's two-sided p-value of a correlation; `null` without a degree of freedom. */
function studentP(coefficient: number, nobs: number): number | null {
  if (nobs < 3) return null;
  const left = (1 - coefficient) * (1 + coefficient);
  if (left <= 0) return 0;
  return studentTTwoSidedP(coefficient * Math.sqrt((nobs - 2) / left), nobs - 2);
}

/** Throws unless two series have one length. */
export function checkLengths(y: ArrayLike<number>, x: ArrayLike<number>): void {
  if (y.length === x.length) return;
  throw new RangeError(
    `Cannot correlate as "y" and "x" must have one length: current values are ${y.length} and ${x.length}`,
  );
}
