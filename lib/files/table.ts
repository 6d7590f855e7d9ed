import type { Row } from "./row.ts";

/** What separates the cells of a table's rows. */
export type Delimiter = "," | ";" | "\t" | "|";

/** How a table is written. */
export interface TableFacts {
  /** What separates cells; `null` where rows come as cells, as from Parquet. */
  readonly delimiter: Delimiter | null;
  /** Whether the first line names the columns. */
  readonly hasHeader: boolean;
  /** Which column each field is read from: its name, or its number from 1 where there are no names. */
  readonly columns: Readonly<Record<string, string>>;
  /** Whether numbers are written `1,5`: only where cells are not separated by commas. */
  readonly decimalComma: boolean;
}

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];

/**
 * Returns what separates the cells of these rows: what most of their lines hold equally often, or
 * `null` where they are no lines.
 */
export function sniffDelimiter(rows: readonly Row[]): Delimiter | null {
  const lines = rows.filter((row) => typeof row === "string");
  if (lines.length === 0) return null;
  let best: Delimiter = ",";
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => splitRow(line, delimiter).length - 1);
    const usual = median(counts);
    const agreeing = counts.filter((count) => count === usual).length;
    // Semicolons before commas: with them, commas are in the numbers.
    const score = usual > 0 ? agreeing * (delimiter === "," ? 1 : 1.5) : 0;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Returns the cells of a row, without quotes and without spaces around them. */
export function splitRow(line: string, delimiter: Delimiter): string[] {
  if (line.includes('"')) return splitQuoted(line, delimiter);
  const cells = line.split(delimiter);
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]!;
    if (cell.charCodeAt(0) <= 32 || cell.charCodeAt(cell.length - 1) <= 32) cells[k] = cell.trim();
  }
  return cells;
}

/** Cells in quotes may hold the delimiter, and two quotes for one (RFC 4180). */
function splitQuoted(line: string, delimiter: Delimiter): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let k = 0; k < line.length; k++) {
    const character = line[k]!;
    if (character === '"') {
      if (isQuoted && line[k + 1] === '"') {
        cell += '"';
        k++;
      } else isQuoted = !isQuoted;
    } else if (character === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

/** Returns a column name as it is compared: lower case, letters and digits only. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
