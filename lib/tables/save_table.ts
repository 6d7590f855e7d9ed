import type { EncodedPart, TableFormat } from "./encode_table.ts";

/** What was saved. */
export interface SavedTable {
  /** Rows of the file. */
  readonly rows: number;
  /** Its length. */
  readonly bytes: number;
}

/**
 * Returns the format that the end of a file's name tells.
 *
 * @example Three that are known and one that is not
 * ```ts
 * import { tableFormat } from "tandem/tables";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(["a.csv", "a.csv.gz", "a.parquet", "a.xlsx"].map(tableFormat), [
 *   "csv", "csv.gz", "parquet", null,
 * ]);
 * ```
 *
 * @param name The name, with or without folders.
 * @returns The format, or `null` for a name that ends otherwise.
 */
export function tableFormat(name: string): TableFormat | null {
  if (/\.parquet$/i.test(name)) return "parquet";
  if (/\.csv\.gz$/i.test(name)) return "csv.gz";
  return /\.csv$/i.test(name) ? "csv" : null;
}

/**
 * Writes the parts of a table to a file, under another name first (`.part` at its end): a file of
 * the name that was asked for is whole, or is what it was before.
 *
 * @example A screen of nothing as CSV
 * ```ts
 * import { encodeTable, saveTable, screenTable } from "tandem/tables";
 * import { Screener } from "tandem/universe";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const table = screenTable(new Screener({ intervalMs: 60_000, windowBars: 60 }).screen());
 * const path = `${Deno.makeTempDirSync()}/screen.csv`;
 * const { rows } = await saveTable(encodeTable(table, "csv"), path);
 * deepStrictEqual([rows, Deno.readTextFileSync(path).slice(0, 11)], [0, "interval_ms"]);
 * ```
 *
 * @param parts The parts, in order.
 * @param path The file.
 * @returns How much was written.
 * @throws What the parts throw, or the system; then the file is as it was.
 */
export async function saveTable(
  parts: AsyncIterable<EncodedPart>,
  path: string,
): Promise<SavedTable> {
  const unfinished = `${path}.part`;
  try {
    const saved = await writeParts(parts, unfinished);
    await Deno.rename(unfinished, path);
    return saved;
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}

async function writeParts(parts: AsyncIterable<EncodedPart>, path: string): Promise<SavedTable> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  const written = { rows: 0, bytes: 0 };
  for await (const { bytes, rows } of parts) {
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    written.rows = rows;
    written.bytes += bytes.length;
  }
  await file.sync();
  return written;
}
