/** Columns taken apart into orthonormal ones: column j = sum of r[i][j] times basis[i]. */
export interface Orthogonal {
  /** Orthonormal columns. */
  readonly basis: readonly Float64Array[];
  /** Upper triangle: r[i][j] for i <= j. */
  readonly r: readonly (readonly number[])[];
}

/** A column that loses this share of its length is a sum of the others, up to rounding. */
const DEPENDENT = 1e-10;

/**
 * Takes columns apart by Gram and Schmidt, each projection made twice, which leaves the basis
 * orthonormal to rounding however close the columns are (Giraud, Langou and Rozloznik, 2005).
 *
 * @returns The parts, or `null` if a column is a sum of those before it.
 */
export function orthogonalize(columns: readonly ArrayLike<number>[]): Orthogonal | null {
  const basis: Float64Array[] = [];
  const r = columns.map(() => Array<number>(columns.length).fill(0));
  for (const [j, column] of columns.entries()) {
    const rest = new Float64Array(column);
    const length = norm(rest);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((direction, i) => r[i]![j]! += removeDirection(rest, direction));
    }
    const left = norm(rest);
    if (!(left > DEPENDENT * length)) return null;
    for (let t = 0; t < rest.length; t++) rest[t] = rest[t]! / left;
    r[j]![j] = left;
    basis.push(rest);
  }
  return { basis, r };
}

/** What is left of a column that the basis does not explain: regression residuals. */
export function residualsOn(
  column: ArrayLike<number>,
  basis: readonly Float64Array[],
): Float64Array {
  const rest = new Float64Array(column);
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) removeDirection(rest, direction);
  }
  return rest;
}

/** Sum of products. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
  return sum;
}

/** Length of a column. */
export function norm(column: ArrayLike<number>): number {
  return Math.sqrt(dot(column, column));
}

function removeDirection(column: Float64Array, direction: Float64Array): number {
  const share = dot(column, direction);
  for (let t = 0; t < column.length; t++) column[t] = column[t]! - share * direction[t]!;
  return share;
}

/** sxy / sqrt(sxx syy); `null` without variance. */
export function cosine(sxy: number, sxx: number, syy: number): number | null {
  if (!(sxx > 0 && syy > 0)) return null;
  const product = sxx * syy;
  // a product outside the normal doubles has lost its digits
  const isSafe = product > 1e-290 && product < Infinity;
  return isSafe ? sxy / Math.sqrt(product) : sxy / Math.sqrt(sxx) / Math.sqrt(syy);
}
