import type { Times, Values } from "./downsample.ts";

const ROWS = 64;

/** The rows `[start, end)` of a block that a line runs through without a break. */
export interface RowBlock {
  /** End of the block, exclusive. */
  readonly end: number;
  /** The first row with the lowest value. */
  readonly lowest: number;
  /** The first row with the highest value. */
  readonly highest: number;
}

/**
 * The lowest and highest rows of every block of 64 rows of one column, so that `m4()` of half a
 * million rows looks at a few thousand of them.
 *
 * Made as it is asked for; the columns may grow, and change from a row on if that is told.
 *
 * @example The same rows with and without
 * ```ts
 * import { m4, RowBlocks } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const t = Array.from({ length: 5_000 }, (_, k) => k);
 * const y = t.map((k) => Math.sin(k * k));
 * const range = { from: 0, to: t.length, breakAfterMs: null };
 * const pixels = { startMs: 0, endMs: 5_000, columns: 9 };
 * deepStrictEqual(m4(t, y, range, pixels, new RowBlocks(t, y, null)), m4(t, y, range, pixels));
 * ```
 */
export class RowBlocks {
  readonly #t: Times;
  readonly #y: Values;
  readonly #breakAfterMs: number;
  /** A block, or `null` where a value is absent or the line breaks before one of its rows. */
  #blocks: (RowBlock | null)[] = [];

  /**
   * Begins without blocks.
   *
   * @param t Times in ms, ascending.
   * @param y Values, `null` where absent; as long as `t`.
   * @param breakAfterMs The line is broken where rows are further apart than this, ms, or `null`.
   */
  constructor(t: Times, y: Values, breakAfterMs: number | null) {
    this.#t = t;
    this.#y = y;
    this.#breakAfterMs = breakAfterMs ?? Infinity;
  }

  /**
   * Forgets what is known of a row and those after it.
   *
   * @param row The first row that changed.
   */
  changed(row: number): void {
    this.#blocks.length = Math.min(this.#blocks.length, Math.floor(row / ROWS));
  }

  /**
   * Returns the block that begins at a row.
   *
   * @param row The row.
   * @param to End of the rows that are asked for, exclusive.
   * @returns The block, or `null` where none begins, it reaches further, or the line breaks in it.
   */
  at(row: number, to: number): RowBlock | null {
    if (row % ROWS !== 0 || row + ROWS > to || row === 0) return null;
    const number = row / ROWS;
    while (this.#blocks.length <= number) this.#blocks.push(this.#make(this.#blocks.length));
    return this.#blocks[number]!;
  }

  #make(number: number): RowBlock | null {
    const start = number * ROWS;
    const end = start + ROWS;
    let [lowest, highest] = [start, start];
    for (let row = start; row < end; row++) {
      const value = this.#y[row];
      if (value === null || value === undefined) return null;
      if (row > 0 && this.#t[row]! - this.#t[row - 1]! > this.#breakAfterMs) return null;
      if (value < this.#y[lowest]!) lowest = row;
      if (value > this.#y[highest]!) highest = row;
    }
    return { end, lowest, highest };
  }
}
