import { csvLine } from "./csv.ts";
import { type Delimiter, splitRow } from "./table.ts";

/** What stands in a cell: text, or a number that needs no reading. */
export type Cell = string | number;

/** A row of a table as it comes: a line of text, or its cells. */
export type Row = string | readonly Cell[];

/** Returns the cells of a row; those of a line without quotes and without spaces around them. */
export function cellsOf(row: Row, delimiter: Delimiter | null): readonly Cell[] {
  return typeof row === "string" ? splitRow(row, delimiter ?? ",") : row;
}

/** Returns a row as text. */
export function textOf(row: Row): string {
  return typeof row === "string" ? row : csvLine(row);
}

/** Returns whether a row is an empty line. */
export function isBlank(row: Row): boolean {
  return typeof row === "string" && (row === "" || row.trim() === "");
}
