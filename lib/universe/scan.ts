import { rowStart } from "./moments.ts";
import type { PairStatistics } from "./lag_one.ts";

/** Every pair sorted by what its statistics at lag 1 say. */
export interface PairScan {
  /** Pairs with a test. */
  readonly tested: number;
  /** Columns of the pairs to test again: the later, then the earlier symbol of each. */
  readonly candidates: number[];
  /** Columns of the pairs that are one instrument, likewise. */
  readonly collinear: number[];
}

/** Finds the pairs whose smaller t-ratio is at most `bound`. */
export function scanPairs(
  statistics: PairStatistics,
  symbols: number,
  bound: number,
): PairScan {
  const { rowOnColumn, columnOnRow } = statistics;
  const candidates: number[] = [];
  const collinear: number[] = [];
  let tested = 0;
  for (let i = 0; i < symbols; i++) {
    const row = rowStart(i);
    for (let j = 0; j < i; j++) {
      const a = rowOnColumn[row + j]!;
      const b = columnOnRow[row + j]!;
      if (a > bound && b > bound) tested++;
      else if (a === -Infinity) collinear.push(i, j);
      else if (!Number.isNaN(a + b)) {
        tested++;
        candidates.push(i, j);
      }
    }
  }
  return { tested, candidates, collinear };
}
