import { sumOfSquares, triangulate } from "./householder.ts";
import { lagRegression } from "./lag_gram.ts";
import type { Trend } from "./mackinnon.ts";

/** Number of deterministic terms. */
export const TERMS: Readonly<Record<Trend, number>> = { n: 0, c: 1, ct: 2, ctt: 3 };

/** A regression as what each column explains; columns from the first redundant one are left out. */
export interface DickeyFuller {
  /** Q'y of the columns in order: terms, lags, level, or terms, level, lags. */
  readonly explained: Float64Array;
  /** Sum of squared residuals. */
  readonly squaresLeft: number;
  /** Rows. */
  readonly rows: number;
}

/**
 * Regresses the difference of each row on deterministic terms, the level before it and lagged
 * differences: by cross products where these keep the digits, else by reduction of the columns.
 *
 * @param x The series, without gaps.
 * @param trend Deterministic terms.
 * @param lag Number of lagged differences.
 * @param skipped Rows t <= `skipped` are left out; at least `lag`.
 * @param levelLast Whether the level stands after the lags or before them.
 * @param rounding How far the values may be from the truth by rounding alone.
 */
export function dickeyFuller(
  x: Float64Array,
  trend: Trend,
  lag: number,
  skipped: number,
  levelLast: boolean,
  rounding: number,
): DickeyFuller {
  const rows = x.length - 1 - skipped;
  const terms = Array.from({ length: TERMS[trend] }, (_, power) => {
    const column = new Float64Array(rows);
    for (let i = 0; i < rows; i++) column[i] = ((i + 1 - (rows + 1) / 2) / rows) ** power;
    return column;
  });
  const origin = terms.length > 0 ? x[0]! : 0;
  const level = x.slice(skipped, skipped + rows);
  for (let i = 0; i < rows; i++) level[i] = level[i]! - origin;
  const differences = new Float64Array(rows + lag);
  const before = skipped - lag;
  for (let i = 0; i < rows + lag; i++) differences[i] = x[before + i + 1]! - x[before + i]!;
  const length = rounding * Math.sqrt(rows);
  const quick = lagRegression({ terms, level, differences, lag, levelLast }, length);
  if (quick !== null) return quick;
  const lags = Array.from(
    { length: lag },
    (_, j) => differences.slice(lag - j - 1, lag - j - 1 + rows),
  );
  const columns = levelLast ? [...terms, ...lags, level] : [...terms, level, ...lags];
  const { rank, rhs } = triangulate(columns, differences.slice(lag), length);
  const explained = rhs.slice(0, rank);
  // The sign of what a column explains is that of its own place in the triangle.
  for (let k = 0; k < rank; k++) explained[k] = explained[k]! * Math.sign(columns[k]![k]!);
  return { explained, squaresLeft: sumOfSquares(rhs, rank), rows };
}
