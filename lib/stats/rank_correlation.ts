import { completeRows } from "./complete_rows.ts";
import { type CorrelationResult, pearson, reasonOf } from "./correlation.ts";
import { normalTwoSidedP } from "./normal.ts";

/** Up to so many rows without ties Kendall's p-value is exact. */
const EXACT_ROWS = 33;

/**
 * Returns Spearman's rank correlation: Pearson's correlation of the ranks, ties sharing their mean.
 *
 * The p-value is Student's with n - 2 degrees of freedom. Rows with a missing value are dropped.
 * O(n log n).
 *
 * @example Any increasing relation is perfect
 * ```ts
 * import { spearman } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(spearman([1, 8, 27, 64], [1, 2, 3, 4]).coefficient! > 1 - 1e-15);
 * ```
 *
 * @param y One series; NaN is missing.
 * @param x The other, of the same length.
 * @returns The correlation.
 * @throws {RangeError} If the lengths differ.
 */
export function spearman(y: ArrayLike<number>, x: ArrayLike<number>): CorrelationResult {
  const rows = completeRows(y, x);
  const { coefficient, pValue, nobs, reason } = pearson(ranks(rows.y), ranks(rows.x));
  return { coefficient, pValue, nobs, reason };
}

/**
 * Returns Kendall's rank correlation tau-b.
 *
 * (concordant - discordant) / sqrt((pairs - ties in y) (pairs - ties in x)). The p-value is exact for
 * up to 33 rows without ties and normal otherwise. Rows with a missing value are dropped.
 * O(n log n).
 *
 * @example One of three pairs is out of order
 * ```ts
 * import { kendall } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(kendall([1, 3, 2], [1, 2, 3]).coefficient! - 1 / 3) < 1e-15);
 * ```
 *
 * @param y One series; NaN is missing.
 * @param x The other, of the same length.
 * @returns The correlation.
 * @throws {RangeError} If the lengths differ.
 */
export function kendall(y: ArrayLike<number>, x: ArrayLike<number>): CorrelationResult {
  const rows = completeRows(y, x);
  const n = rows.y.length;
  const reason = reasonOf(rows);
  if (reason !== null) return { coefficient: null, pValue: null, nobs: n, reason };
  const order = Array.from({ length: n }, (_, t) => t)
    .sort((a, b) => rows.x[a]! - rows.x[b]! || rows.y[a]! - rows.y[b]!);
  const sorted = Float64Array.from(order, (t) => rows.y[t]!);
  const pairs = n * (n - 1) / 2;
  const tiesX = tieSizes(order.map((t) => rows.x[t]!));
  const tiesY = tieSizes(rows.y.slice().sort());
  const joint = tieSizes(order, (a, b) => rows.x[a] === rows.x[b] && rows.y[a] === rows.y[b]);
  const tied = (sizes: readonly number[]) => sizes.reduce((s, m) => s + m * (m - 1) / 2, 0);
  const discordant = inversions(sorted);
  const balance = pairs - tied(tiesX) - tied(tiesY) + tied(joint) - 2 * discordant;
  const coefficient = balance / Math.sqrt(pairs - tied(tiesX)) / Math.sqrt(pairs - tied(tiesY));
  const untied = tied(tiesX) === 0 && tied(tiesY) === 0;
  const fewest = Math.min(discordant, pairs - discordant);
  const pValue = untied && (n <= EXACT_ROWS || fewest <= 1)
    ? exactP(n, fewest)
    : normalTwoSidedP(balance / Math.sqrt(kendallVariance(n, tiesX, tiesY)));
  return { coefficient: Math.max(-1, Math.min(1, coefficient)), pValue, nobs: n, reason: null };
}

/** Ranks from 1; equal values share the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = Array.from({ length: values.length }, (_, t) => t)
    .sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let t = from; t < to; t++) result[order[t]!] = (from + 1 + to) / 2;
    from = to;
  }
  return result;
}

/** Sizes of the runs of equal neighbours. */
function tieSizes(
  sorted: ArrayLike<number>,
  equal = (a: number, b: number): boolean => a === b,
): number[] {
  const sizes: number[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && equal(sorted[from]!, sorted[to]!)) to++;
    sizes.push(to - from);
    from = to;
  }
  return sizes;
}

/** Number of pairs that stand in strictly descending order, by merge sort; `values` ends sorted. */
function inversions(values: Float64Array): number {
  if (values.length < 2) return 0;
  const middle = values.length >>> 1;
  const left = values.slice(0, middle);
  const right = values.slice(middle);
  let count = inversions(left) + inversions(right);
  let i = 0;
  let j = 0;
  for (let t = 0; t < values.length; t++) {
    if (j >= right.length || (i < left.length && left[i]! <= right[j]!)) values[t] = left[i++]!;
    else {
      count += left.length - i;
      values[t] = right[j++]!;
    }
  }
  return count;
}

/** Twice the probability that a random order of n has at most `most` inversions. */
function exactP(n: number, most: number): number {
  let shares = [1];
  for (let m = 2; m <= n; m++) {
    const next: number[] = [];
    let window = 0;
    for (let k = 0; k <= Math.min(most, m * (m - 1) / 2); k++) {
      window += shares[k] ?? 0;
      if (k >= m) window -= shares[k - m] ?? 0;
      next.push(window / m);
    }
    shares = next;
  }
  return Math.min(1, 2 * shares.reduce((sum, share) => sum + share, 0));
}

/** Variance of concordant less discordant pairs under independence, with ties (Kendall 1970). */
function kendallVariance(n: number, x: readonly number[], y: readonly number[]): number {
  const over = (sizes: readonly number[], term: (m: number) => number) =>
    sizes.reduce((sum, m) => sum + term(m), 0);
  const twos = (m: number) => m * (m - 1);
  const threes = (m: number) => m * (m - 1) * (m - 2);
  const fives = (m: number) => m * (m - 1) * (2 * m + 5);
  return (fives(n) - over(x, fives) - over(y, fives)) / 18 +
    over(x, twos) * over(y, twos) / (2 * twos(n)) +
    over(x, threes) * over(y, threes) / (9 * threes(n));
}
