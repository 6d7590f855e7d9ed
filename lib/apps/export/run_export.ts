import { openReader, type StoreReader } from "../../store/mod.ts";
import type { ExportOptions } from "../export.ts";
import { type Context, ProgramError } from "../program.ts";
import { barTable } from "./bar_table.ts";
import { readingTable } from "./reading_table.ts";
import type { Table } from "./table.ts";
import { tradeTable } from "./trade_table.ts";
import { writeTable } from "./write_table.ts";

/** Progress is told at most this often, ms. */
const PROGRESS_MS = 200;

/** Writes what was asked for; ends with an error where there is none of it. */
export async function runExport(options: ExportOptions, context: Context): Promise<void> {
  const { report, signal } = context;
  using reader = openReader(options.database);
  const symbols = symbolsOf(options, reader);
  let atMs: number | null = null;
  const table = tableOf(options, reader, symbols, (timeMs) => atMs = timeMs);
  let toldMs = -Infinity;
  const onRows = (rows: number) => {
    signal.throwIfAborted();
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    const at = atMs === null ? "" : `, at ${new Date(atMs).toISOString().slice(0, 19)}`;
    report.progress(`Exporting ${options.what}: ${rows} rows${at}`);
  };
  const { rows, bytes } = await writeTable(table, options.out, options.format, onRows);
  if (options.out === "-") return;
  report.print(
    `${options.out}: ${rows} ${options.what} of ${symbols.join(", ")}, ${sizeText(bytes)}`,
  );
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20
    ? `${(bytes / 2 ** 10).toFixed(1)} KiB`
    : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function symbolsOf({ database, symbols }: ExportOptions, reader: StoreReader): string[] {
  const held = reader.symbols().map((s) => s.symbol);
  const unknown = symbols.find((symbol) => !held.includes(symbol));
  if (unknown !== undefined) {
    throw new ProgramError(
      `Cannot export ${unknown} as "${database}" does not hold it: it holds ${
        held.slice(0, 10).join(", ") || "nothing"
      }${held.length > 10 ? " and more" : ""}`,
    );
  }
  return symbols.length === 0 ? held : [...symbols];
}

function tableOf(
  { what, intervalMs, fromMs, toMs, pair }: ExportOptions,
  reader: StoreReader,
  symbols: readonly string[],
  onTime: (timeMs: number) => void,
): Table {
  const span = { symbols, fromMs, toMs };
  switch (what) {
    case "trades":
      return tradeTable(reader, span, onTime);
    case "bars":
      return barTable(reader, intervalMs, span, onTime);
    case "readings": {
      const [y, x] = symbols as [string, string];
      return readingTable(reader, { y, x, intervalMs, fromMs, toMs, pair }, onTime);
    }
  }
}
