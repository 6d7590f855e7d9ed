import type { Columns } from "../charts/mod.ts";
import type { Summary } from "./protocol.ts";

/** What changed in the rows of a feed. */
export interface RowChange {
  /** Every row from this time on is replaced. */
  readonly fromMs: number;
  /** The new and changed rows, to the newest. */
  readonly rows: Columns;
  /** Whether all of them come after the rows that were there. */
  readonly isAppend: boolean;
}

/** Rows that are computed once and looked at by many. */
export interface LiveFeed {
  /** Every row. */
  columns(): Columns;
  /** What there is to say beyond the rows; never takes long. */
  summary(): Summary | null;
  /** Makes what takes long and is due, for the next summary; `false` when nothing is due. */
  refresh(nowMs: number): boolean;
  /** Reads what has changed in the database; `null` when nothing has. */
  poll(): RowChange | null;
}
