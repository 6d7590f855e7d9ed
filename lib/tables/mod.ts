/**
 * What is stored, measured or found, as tables that are written to a file of any length: trades,
 * bars, readings, screens and backtests, as CSV or Parquet.
 *
 * One table and one encoder serve the command line, the page and notebooks, so that a column is
 * called the same and holds the same bits everywhere.
 *
 * ```ts
 * import { barTable, encodeTable } from "tandem/tables";
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * using reader = openReader(path);
 * const table = barTable(reader, { symbols: [], intervalMs: 60_000 });
 * const [header] = await Array.fromAsync(encodeTable(table, "csv"));
 * strictEqual(new TextDecoder().decode(header!.bytes).slice(0, 12), "venue,symbol");
 * ```
 *
 * @module
 */
export * from "./backtest_tables.ts";
export * from "./bar_table.ts";
export * from "./encode_table.ts";
export * from "./marked_table.ts";
export * from "./reading_table.ts";
export * from "./save_table.ts";
export * from "./screen_table.ts";
export type { Cell, Rows, Table } from "./table.ts";
export * from "./trade_table.ts";
