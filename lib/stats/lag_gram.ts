/** A regression on lagged differences, solved by its cross products. */
export interface LagRegression {
  /** What each column explains, in the order of the columns: Q'y of the same regression. */
  readonly explained: Float64Array;
  /** Sum of squared residuals with all columns. */
  readonly squaresLeft: number;
  /** Rows. */
  readonly rows: number;
}

/** The columns of a Dickey-Fuller regression. */
export interface LagDesign {
  /** Deterministic columns, one value per row. */
  readonly terms: readonly Float64Array[];
  /** The level before each row, less a constant. */
  readonly level: Float64Array;
  /** All differences; a row's own is `differences[row + lag]`, its lags are those before. */
  readonly differences: Float64Array;
  /** Number of lagged differences. */
  readonly lag: number;
  /** Whether the level stands after the lags or before them. */
  readonly levelLast: boolean;
}

/** Less than this share of a squared column may not be left of it: three digits are gone. */
const LEAST_LEFT = 1e-3;

/** Lagged columns whose squares differ more than this may not be derived from each other. */
const LEAST_EVEN = 1e-3;

/**
 * Solves a Dickey-Fuller regression by its cross products, or answers `null` where these have lost
 * digits that a reduction of the columns would keep.
 *
 * Products of lagged differences follow from those one lag earlier by what enters and leaves at the
 * ends, so the cost is O(n lag), not O(n lag^2). With the bounds here the result agrees with the
 * reduction to 1e-10.
 *
 * @param design The columns.
 * @param rounding Length that is rounding of the data in one column.
 */
export function lagRegression(design: LagDesign, rounding: number): LagRegression | null {
  const { terms, level, differences, lag, levelLast } = design;
  const rows = level.length;
  const lagged = laggedProducts(differences, lag, rows);
  if (lagged === null) return null;
  const own = (j: number) => differences.subarray(lag - j, lag - j + rows);
  const basics = levelLast ? terms : [...terms, level];
  const first = basics.length;
  const size = first + lag + Number(levelLast) + 1;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  const put = (i: number, j: number, value: number) =>
    matrix[Math.max(i, j)]![Math.min(i, j)] = value;
  /** Where the difference of lag j stands; the row's own, which is explained, comes last. */
  const place = (j: number) => j === 0 ? size - 1 : first + j - 1;
  const fixed: [number, Float64Array][] = basics.map((column, i) => [i, column]);
  if (levelLast) fixed.push([size - 2, level]);
  for (const [i, column] of fixed) {
    for (const [k, other] of fixed) if (k <= i) put(i, k, dot(column, other));
    for (let j = 0; j <= lag; j++) put(i, place(j), dot(column, own(j)));
  }
  for (let i = 0; i <= lag; i++) {
    for (let j = 0; j <= i; j++) put(place(i), place(j), lagged[i]![j]!);
  }
  return solve(matrix, rows, (1e3 * rounding) ** 2);
}

/** Sums of d[t - i] d[t - j] over the rows, j <= i; `null` where they cannot be derived. */
function laggedProducts(d: Float64Array, lag: number, rows: number): Float64Array[] | null {
  const products = Array.from({ length: lag + 1 }, (_, i) => new Float64Array(i + 1));
  const own = d.subarray(lag, lag + rows);
  for (let i = 0; i <= lag; i++) products[i]![0] = dot(own, d.subarray(lag - i, lag - i + rows));
  for (let i = 1; i <= lag; i++) {
    for (let j = 1; j <= i; j++) {
      const enters = d[lag - i]! * d[lag - j]!;
      const leaves = d[lag - i + rows]! * d[lag - j + rows]!;
      products[i]![j] = products[i - 1]![j - 1]! + enters - leaves;
    }
  }
  const squares = products.map((row, i) => row[i]!);
  return Math.min(...squares) >= LEAST_EVEN * Math.max(...squares) ? products : null;
}

/** Cholesky's factor in place; its last row is what the columns explain, and what they leave. */
function solve(matrix: readonly Float64Array[], rows: number, noise: number): LagRegression | null {
  const last = matrix.length - 1;
  for (let i = 0; i <= last; i++) {
    const row = matrix[i]!;
    const whole = row[i]!;
    let left = whole;
    for (let j = 0; j < i; j++) {
      const other = matrix[j]!;
      let value = row[j]!;
      for (let k = 0; k < j; k++) value -= row[k]! * other[k]!;
      row[j] = value / other[j]!;
      left -= row[j]! ** 2;
    }
    if (!(left >= LEAST_LEFT * whole && left > noise)) return null;
    row[i] = i === last ? left : Math.sqrt(left);
  }
  const row = matrix[last]!;
  return { explained: row.subarray(0, last), squaresLeft: row[last]!, rows };
}

function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = a.length - a.length % 2;
  for (let i = 0; i < pairs; i += 2) {
    even += a[i]! * b[i]!;
    odd += a[i + 1]! * b[i + 1]!;
  }
  return pairs < a.length ? even + odd + a[pairs]! * b[pairs]! : even + odd;
}
