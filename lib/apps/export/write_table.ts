import { gzipSync } from "node:zlib";
import { csvLine } from "../../files/mod.ts";
import { ParquetWriter } from "../../store/mod.ts";
import type { Rows, Table } from "./table.ts";

/** How a table is written. */
export type TableFormat = "csv" | "csv.gz" | "parquet";

/** What was written. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
}

/** So much of a CSV file is written at a time, in UTF-16 units. */
const PART = 2 ** 20;

/**
 * Writes a table under another name first: a file of the name that was asked for is whole, or is what
 * it was before.
 *
 * @param path The file, or `-` for standard output (CSV).
 * @param onRows Told how many rows are written; throws to give up.
 */
export async function writeTable(
  table: Table,
  path: string,
  format: TableFormat,
  onRows: (rows: number) => void,
): Promise<Written> {
  if (path === "-") return await writeCsv(table, Deno.stdout, false, onRows);
  const part = `${path}.part`;
  try {
    let rows: number;
    if (format === "parquet") rows = await writeParquet(table, part, onRows);
    else {
      using file = await Deno.open(part, { write: true, create: true, truncate: true });
      ({ rows } = await writeCsv(table, file, format === "csv.gz", onRows));
      await file.sync();
    }
    const { size } = await Deno.stat(part);
    await Deno.rename(part, path);
    return { rows, bytes: size };
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

async function writeParquet(
  table: Table,
  path: string,
  onRows: (rows: number) => void,
): Promise<number> {
  using writer = new ParquetWriter(path, table.fields);
  let rows = 0;
  for await (const part of table.rows()) {
    writer.write(part.columns);
    onRows(rows += part.length);
    await aBreath();
  }
  writer.close();
  return rows;
}

interface Sink {
  writeSync(bytes: Uint8Array): number;
}

async function writeCsv(
  table: Table,
  sink: Sink,
  isPacked: boolean,
  onRows: (rows: number) => void,
): Promise<Written> {
  const encoder = new TextEncoder();
  let rows = 0;
  let written = 0;
  const put = (text: string) => {
    const plain = encoder.encode(text);
    // Members of a gzip file follow each other: any reader reads them as one.
    const bytes = isPacked ? gzipSync(plain) : plain;
    for (let at = 0; at < bytes.length;) at += sink.writeSync(bytes.subarray(at));
    written += bytes.length;
  };
  const names = table.fields.map((field) => field.name);
  put(`${csvLine(names)}\r\n`);
  for await (const part of table.rows()) {
    for (const text of textOf(part, names)) put(text);
    onRows(rows += part.length);
    await aBreath();
  }
  return { rows, bytes: written };
}

function* textOf({ length, columns }: Rows, names: readonly string[]): Generator<string> {
  const values = names.map((name) => columns[name]!);
  const row = new Array<unknown>(values.length);
  let text = "";
  for (let k = 0; k < length; k++) {
    for (let c = 0; c < values.length; c++) row[c] = values[c]![k];
    text += `${csvLine(row)}\r\n`;
    if (text.length < PART) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** Lets a signal in. */
function aBreath(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
