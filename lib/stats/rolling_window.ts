/**
 * What a rolling statistic needs to continue: plain JSON, where `null` stands for a missing value.
 *
 * The rows are those of the previous block and those of the current one that have come. Pushing
 * them again gives the same bits, so nothing else is kept.
 */
export interface RollingState {
  /** Number of rows in the window. */
  readonly window: number;
  /** The kept rows, oldest first; one value per column. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** Throws unless a window is a whole number >= 1. */
export function checkWindow(window: number): void {
  if (!(Number.isInteger(window) && window >= 1)) {
    throw new RangeError(
      `Cannot roll as "window" must be a whole number >= 1: current value is ${window}`,
    );
  }
}

/** Throws unless a row number is a whole number >= 0; answers the row's place in its block. */
export function placeInBlock(row: number, window: number): number {
  if (!(Number.isSafeInteger(row) && row >= 0)) {
    throw new RangeError(
      `Cannot roll as "firstRow" must be a whole number >= 0: current value is ${row}`,
    );
  }
  return row % window;
}

/**
 * The state of a rolling statistic.
 *
 * @param window Number of rows in the window.
 * @param position Where the next row goes; 0 when the current block is full.
 * @param previous The columns of the previous block.
 * @param current The columns of the current block.
 */
export function keptRows(
  window: number,
  position: number,
  previous: readonly Float64Array[],
  current: readonly Float64Array[],
): RollingState {
  const row = (columns: readonly Float64Array[], at: number) =>
    columns.map((column) => Number.isNaN(column[at]!) ? null : column[at]!);
  const rows: (number | null)[][] = [];
  for (let at = 0; at < window; at++) rows.push(row(previous, at));
  for (let at = 0; at < (position === 0 ? window : position); at++) rows.push(row(current, at));
  return { window, rows };
}
