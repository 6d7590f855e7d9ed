/** Where a strategy has seen the future. */
export interface LookAhead {
  /** The output that changed when more rows were known. */
  readonly row: number;
  /** Rows known when it was first answered. */
  readonly knownRows: number;
  /** What it was then. */
  readonly then: unknown;
  /** What it is with all rows. */
  readonly now: unknown;
}

/**
 * Looks for look-ahead in a strategy: what it answered for a row with the rows up to some point must
 * be what it answers for that row with all of them (prefix invariance).
 *
 * The strategy runs once per prefix, O(n) runs by default. Outputs compare with `Object.is()`: let
 * the strategy answer numbers or text, and rather z-scores than positions, since a small leak moves
 * every number but few decisions. A strategy may answer fewer outputs than rows, where the newest
 * are not settled. `null` is no proof for rows that were not given.
 *
 * @example Deviation from the mean of everything
 * ```ts
 * import { findLookAhead } from "tandem/backtest";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
 * const wholeMean = (rows: readonly number[]) => rows.map((row) => row - mean(rows));
 * const pastMean = (rows: readonly number[]) => rows.map((row, t) => row - mean(rows.slice(0, t + 1)));
 *
 * deepStrictEqual(findLookAhead([1, 3, 8], wholeMean), { row: 0, knownRows: 1, then: 0, now: -3 });
 * strictEqual(findLookAhead([1, 3, 8], pastMean), null);
 * ```
 *
 * @param rows What the strategy runs over, oldest first.
 * @param strategy Answers one output per row; it must not keep anything between calls.
 * @param options Lengths of the prefixes to try (default every one from 0).
 * @returns The first output found to change, or `null`.
 */
export function findLookAhead<Row, Output>(
  rows: readonly Row[],
  strategy: (rows: readonly Row[]) => ArrayLike<Output>,
  options: { readonly prefixes?: Iterable<number> } = {},
): LookAhead | null {
  const whole = strategy(rows);
  for (const knownRows of options.prefixes ?? rows.keys()) {
    const known = strategy(rows.slice(0, knownRows));
    for (let row = 0; row < known.length; row++) {
      if (Object.is(known[row], whole[row])) continue;
      return { row, knownRows, then: known[row], now: whole[row] };
    }
  }
  return null;
}
