import { type EncodedPart, encodeTable, saveTable, type Table } from "../../tables/mod.ts";
import type { Context } from "../program.ts";
import type { TableFile } from "../table_file.ts";

/** Progress is told at most this often, ms. */
const PROGRESS_MS = 200;

/**
 * Writes a table to a file or to standard output; tells how far it is, and at the end what the file
 * holds.
 *
 * @param what How many rows, in words: `3 trades`.
 */
export async function writeTable(
  table: Table,
  { path, format }: TableFile,
  what: (rows: number) => string,
  context: Context,
): Promise<void> {
  const parts = told(encodeTable(table, format), what, context);
  if (path !== "-") {
    const { rows, bytes } = await saveTable(parts, path);
    return context.report.print(`${path}: ${what(rows)}, ${sizeText(bytes)}`);
  }
  for await (const { bytes } of parts) {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

/** A context in which results are log lines: standard output belongs to JSON. */
export function quietly({ report, signal }: Context): Context {
  return { signal, report: { ...report, print: report.info } };
}

async function* told(
  parts: AsyncIterable<EncodedPart>,
  what: (rows: number) => string,
  { report, signal }: Context,
): AsyncGenerator<EncodedPart> {
  let toldMs = -Infinity;
  for await (const part of parts) {
    signal.throwIfAborted();
    yield part;
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) continue;
    toldMs = nowMs;
    const { rows, atMs } = part;
    const at = atMs === null ? "" : `, at ${new Date(atMs).toISOString().slice(0, 19)}`;
    report.progress(`Exporting: ${what(rows)}${at}`);
  }
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20
    ? `${(bytes / 2 ** 10).toFixed(1)} KiB`
    : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
