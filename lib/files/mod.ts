/**
 * What stands in files becomes trades and bars: tables of any spelling, read in constant memory,
 * with every row that is not taken told by line and reason.
 *
 * ```ts
 * import { parseBars } from "tandem/files";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { bars } = parseBars(
 *   "open_time_ms,open,high,low,close,volume\n60000,1,2,1,2,3\n1700000040000,1,2,1,2,3\n",
 *   { symbol: "ADAUSDT", intervalMs: 60_000 },
 * );
 * strictEqual(bars.length, 1, "60000 is no time since the epoch in any unit");
 * ```
 *
 * @module
 */
export type { BarFileOptions, BarFileReport } from "./bar_parser.ts";
export { FileError, type RefusedRow } from "./file_error.ts";
export * from "./line_splitter.ts";
export * from "./read_bars.ts";
export type { Delimiter, TableFacts } from "./table.ts";
export type { TimeFacts } from "./time_reader.ts";
export * from "./read_trades.ts";
export type { Cell, Row } from "./row.ts";
export * from "./sniff_format.ts";
export * from "./csv.ts";
export type { RefusedTrade, TradeFileReport } from "./trade_parser.ts";
export type { TradeFileOptions } from "./trade_rows.ts";
export * from "./zip.ts";
