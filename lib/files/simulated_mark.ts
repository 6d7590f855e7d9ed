import type { Cell } from "./row.ts";

/** How `true` is written, also by what saves a table again: SQL, pandas, spreadsheets. */
const TRUE = /^(true|t|yes|y|1|1\.0)$/i;

/** Whether the cell of a column `simulated` says that a simulated exchange made the row. */
export function isMarked(cell: Cell): boolean {
  return TRUE.test(String(cell));
}
