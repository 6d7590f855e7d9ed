import type { CloseBar } from "./leg_bars.ts";

/** Two closes of one interval. */
export interface AlignedRow {
  /**
   * Number of the row; the next row has the next number. On a grid it is `openTimeMs / intervalMs`,
   * without fill the count of common bars before it.
   */
  readonly row: number;
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: number;
  /** Close of the dependent leg. */
  readonly y: number;
  /** Close of the hedge leg. */
  readonly x: number;
  /** Whether a close is carried forward from an earlier bar, because its leg did not trade. */
  readonly stale: boolean;
  /** Whether trade ids prove both bars complete. */
  readonly complete: boolean;
  /** Revisions of the two bars, added: it grows when either changes. */
  readonly revision: number;
}

/** How two bar series are brought onto one time line. */
export interface AlignOptions {
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /**
   * `previous`: every interval of the common span, an empty one takes the close before it and is
   * marked stale. `drop`: only intervals in which both legs traded.
   */
  readonly fill: "previous" | "drop";
}

/** The row of one interval from the newest bars of both legs that are not after it. */
export function makeRow(row: number, openTimeMs: number, y: CloseBar, x: CloseBar): AlignedRow {
  return {
    row,
    openTimeMs,
    y: y.close,
    x: x.close,
    stale: y.openTimeMs !== openTimeMs || x.openTimeMs !== openTimeMs,
    complete: y.complete && x.complete,
    revision: y.revision + x.revision,
  };
}

/** Whether two rows agree in every field. */
export function isSameRow(a: AlignedRow, b: AlignedRow): boolean {
  return a.row === b.row && a.openTimeMs === b.openTimeMs && a.y === b.y && a.x === b.x &&
    a.stale === b.stale && a.complete === b.complete && a.revision === b.revision;
}
