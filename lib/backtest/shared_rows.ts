import type { AlignedRow } from "../pairs/mod.ts";

/** Rows in memory that threads share. */
export interface SharedRows {
  readonly firstRow: number;
  readonly openTimeMs: Float64Array;
  readonly y: Float64Array;
  readonly x: Float64Array;
  /** 1 for a stale row, 2 for one that is not complete, added. */
  readonly flags: Uint8Array;
}

/** Copies rows to memory that threads share. */
export function shareRows(rows: readonly AlignedRow[]): SharedRows {
  const share = (valueOf: (row: AlignedRow) => number) => {
    const column = new Float64Array(new SharedArrayBuffer(8 * rows.length));
    rows.forEach((row, t) => column[t] = valueOf(row));
    return column;
  };
  const flags = new Uint8Array(new SharedArrayBuffer(rows.length));
  rows.forEach((row, t) => flags[t] = Number(row.stale) + 2 * Number(!row.complete));
  return {
    firstRow: rows[0]?.row ?? 0,
    openTimeMs: share((row) => row.openTimeMs),
    y: share((row) => row.y),
    x: share((row) => row.x),
    flags,
  };
}

/** The rows that were shared, as far as a backtest sees them. */
export function rowsOf({ firstRow, openTimeMs, y, x, flags }: SharedRows): AlignedRow[] {
  return Array.from(y, (_, t) => ({
    row: firstRow + t,
    openTimeMs: openTimeMs[t]!,
    y: y[t]!,
    x: x[t]!,
    stale: (flags[t]! & 1) !== 0,
    complete: (flags[t]! & 2) === 0,
    revision: 0,
  }));
}
