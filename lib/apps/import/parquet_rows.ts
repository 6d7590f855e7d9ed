import type { Cell } from "../../files/mod.ts";
import { ParquetReader, type ParquetValue } from "../../store/mod.ts";

/** Rows that are handed on at a time. */
const ROWS = 4_096;

/** Columns of our own files that say nothing about the row. */
const UNUSED: ReadonlySet<string> = new Set(["venue", "source", "vwap", "complete", "revision"]);

/** Gives the rows of a Parquet file as a table whose first row names the columns. */
export async function* parquetRows(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<readonly (readonly Cell[])[], void, undefined> {
  using reader = new ParquetReader(path);
  const { size } = await Deno.stat(path);
  const names = reader.fields.map((field) => field.name).filter((name) => !UNUSED.has(name));
  yield [names];
  for (const [group, rows] of reader.groupRows.entries()) {
    const columns = reader.read(group, names);
    const values = names.map((name) => columns[name]!);
    for (let from = 0; from < rows; from += ROWS) {
      const to = Math.min(rows, from + ROWS);
      yield Array.from({ length: to - from }, (_, k) => values.map((v) => cellOf(v[from + k])));
    }
    onRead(size * rows / reader.rowCount);
  }
}

function cellOf(value: ParquetValue | undefined): Cell {
  if (typeof value === "number") return value;
  return value === null || value === undefined ? "" : String(value).trim();
}
