/** A regression reduced to a triangle: what nested models need, and nothing else. */
export interface Triangle {
  /** Number of leading columns that are not sums of those before them. */
  readonly rank: number;
  /** The columns, overwritten: element i of column j >= i is R[i][j]. */
  readonly columns: readonly Float64Array[];
  /** Q'y, overwritten over y: element k belongs to column k, the rest is what no column explains. */
  readonly rhs: Float64Array;
}

/**
 * Reduces the columns of a regression to a triangle by Householder reflections, y with them.
 *
 * With the first k columns the sum of squared residuals is the sum of `rhs[i]^2` over i >= k, so one
 * reduction answers for all nested models; the t-ratio of the last of k columns is
 * `rhs[k - 1] / sqrt(SSR / (n - k))` with the sign of R[k - 1][k - 1].
 *
 * @param columns Columns of one length n >= their number, most basic first; overwritten.
 * @param y The dependent column; overwritten.
 * @param rounding Length below which what is left of a column is rounding of the data.
 * @returns The triangle, complete up to its rank.
 */
export function triangulate(
  columns: readonly Float64Array[],
  y: Float64Array,
  rounding: number,
): Triangle {
  const rows = y.length;
  for (const [k, column] of columns.entries()) {
    const whole = Math.sqrt(sumOfSquares(column, 0));
    const left = Math.sqrt(sumOfSquares(column, k));
    if (!(left > Math.max(rounding, 1e-12 * whole))) return { rank: k, columns, rhs: y };
    const corner = column[k]! > 0 ? -left : left;
    const head = column[k]! - corner;
    const scale = -1 / (corner * head);
    column[k] = head;
    for (let j = k + 1; j < columns.length; j++) reflect(columns[j]!, column, k, rows, scale);
    reflect(y, column, k, rows, scale);
    column[k] = corner;
  }
  return { rank: columns.length, columns, rhs: y };
}

/** Subtracts scale (v'a) v from `a`, where v is `reflector` from row `from` on. */
function reflect(
  a: Float64Array,
  reflector: Float64Array,
  from: number,
  rows: number,
  scale: number,
): void {
  let product = 0;
  for (let t = from; t < rows; t++) product += reflector[t]! * a[t]!;
  product *= scale;
  for (let t = from; t < rows; t++) a[t] = a[t]! - product * reflector[t]!;
}

/** Sum of squares from an element on. */
export function sumOfSquares(values: Float64Array, from: number): number {
  let sum = 0;
  for (let t = from; t < values.length; t++) sum += values[t]! * values[t]!;
  return sum;
}

/** The coefficients of the first `rank` columns. */
export function solveTriangle({ rank, columns, rhs }: Triangle): number[] {
  const solution = new Array<number>(rank).fill(0);
  for (let i = rank - 1; i >= 0; i--) {
    let value = rhs[i]!;
    for (let j = i + 1; j < rank; j++) value -= columns[j]![i]! * solution[j]!;
    solution[i] = value / columns[i]![i]!;
  }
  return solution;
}
