import { completeRows, isConstant } from "./complete_rows.ts";
import { medianInPlace } from "./quantile.ts";
import { requireFewRows } from "./theil_sen.ts";

/** A line of repeated medians. */
export interface SiegelResult {
  /** Median over the points of the median slope to the others, or `null`. */
  readonly slope: number | null;
  /** `median(y - slope * x)`, or `null`. */
  readonly intercept: number | null;
  /** Rows used. */
  readonly nobs: number;
  /** Why there is no line, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns Siegel's line of repeated medians: for each point the median slope to all others, then
 * the median of these.
 *
 * Half of the points may be arbitrarily wrong (Siegel, 1982), twice as many as for `theilSen()`.
 * Pairs with one x are left out. O(n^2) time, O(n) memory.
 *
 * @example Two outliers of six
 * ```ts
 * import { siegel } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const line = siegel([1, 3, 5, 7, 700, 1000], [0, 1, 2, 3, 4, 5]);
 * strictEqual(line.slope, 2);
 * strictEqual(line.intercept, 1);
 * ```
 *
 * @param y The dependent series; `NaN` marks a missing value, its row is dropped.
 * @param x The other series, of the same length.
 * @returns The line, or `null` fields and a reason: fewer than two rows or constant x.
 * @throws {RangeError} If the lengths differ or there are more than 10,000 rows.
 */
export function siegel(y: ArrayLike<number>, x: ArrayLike<number>): SiegelResult {
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  requireFewRows(nobs);
  if (nobs < 2) {
    return { slope: null, intercept: null, nobs, reason: `too few rows: ${nobs} of 2` };
  }
  if (isConstant(rows.x)) return { slope: null, intercept: null, nobs, reason: "x is constant" };
  const medians = new Float64Array(nobs);
  const slopes = new Float64Array(nobs);
  for (let i = 0; i < nobs; i++) {
    let count = 0;
    for (let j = 0; j < nobs; j++) {
      const dx = rows.x[j]! - rows.x[i]!;
      if (dx !== 0) slopes[count++] = (rows.y[j]! - rows.y[i]!) / dx;
    }
    medians[i] = medianInPlace(slopes.subarray(0, count))!;
  }
  const slope = medianInPlace(medians)!;
  const intercept = medianInPlace(rows.y.map((value, t) => value - slope * rows.x[t]!))!;
  return { slope, intercept, nobs, reason: null };
}
