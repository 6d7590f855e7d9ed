import { openReader, type StoreReader } from "../../store/mod.ts";
import { barTable, readingTable, type Table, tradeTable } from "../../tables/mod.ts";
import { counted } from "../counted.ts";
import type { ExportOptions } from "../export.ts";
import { type Context, ProgramError } from "../program.ts";
import { writeTable } from "./write_table.ts";

/** Writes what was asked for; ends with an error where there is none of it. */
export async function runExport(options: ExportOptions, context: Context): Promise<void> {
  using reader = openReader(options.database);
  const symbols = symbolsOf(options, reader);
  const noun = options.what.replace(/s$/, "");
  const what = (rows: number) => `${counted(rows, noun)} of ${symbols.join(", ")}`;
  await writeTable(tableOf(options, reader, symbols), options.file, what, context)
    .catch((cause) => {
      throw cause instanceof RangeError ? new ProgramError(cause.message, { cause }) : cause;
    });
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
): Table {
  switch (what) {
    case "trades":
      return tradeTable(reader, { symbols, fromMs, toMs });
    case "bars":
      return barTable(reader, { symbols, intervalMs, fromMs, toMs });
    case "readings": {
      const [y, x] = symbols as [string, string];
      return readingTable(reader, { y, x, intervalMs, fromMs, toMs, pair });
    }
  }
}
