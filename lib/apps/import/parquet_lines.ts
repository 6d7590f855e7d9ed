import { csvLine } from "../../files/mod.ts";
import { ParquetReader } from "../../store/mod.ts";

/** Rows that become text at a time. */
const ROWS = 4_096;

/** Columns of our own files that say nothing about the row. */
const UNUSED: ReadonlySet<string> = new Set(["venue", "source", "vwap", "complete", "revision"]);

/** Gives the rows of a Parquet file as a table of text with column names, so that one reader reads all. */
export async function* parquetLines(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  using reader = new ParquetReader(path);
  const encoder = new TextEncoder();
  const { size } = await Deno.stat(path);
  const names = reader.fields.map((field) => field.name).filter((name) => !UNUSED.has(name));
  yield encoder.encode(`${csvLine(names)}\n`);
  for (const [group, rows] of reader.groupRows.entries()) {
    const columns = reader.read(group, names);
    const values = names.map((name) => columns[name]!);
    const row = new Array<unknown>(values.length);
    for (let from = 0; from < rows; from += ROWS) {
      let text = "";
      const to = Math.min(rows, from + ROWS);
      for (let k = from; k < to; k++) {
        for (let c = 0; c < values.length; c++) row[c] = values[c]![k];
        text += `${csvLine(row)}\n`;
      }
      yield encoder.encode(text);
    }
    onRead(size * rows / reader.rowCount);
  }
}
