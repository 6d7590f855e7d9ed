/**
 * Where trades, bars and gaps rest: a SQLite file, or a database on a PostgreSQL server, with one
 * writer and any number of readers.
 *
 * The writer holds a lease; readers follow it. Anyone may read the views `v_trades`, `v_bars`,
 * `v_marks`, `v_quotes`, `v_gaps` and `v_quality` with any client of SQLite or PostgreSQL.
 *
 * ```ts
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * using writer = openWriter(path, {
 *   identity: { pid: 1, host: "here", startedAtMs: 0, simulated: true },
 * });
 * using reader = openReader(path);
 * strictEqual(reader.heartbeat()?.simulated, true);
 * ```
 *
 * @module
 */
export * from "./alerts.ts";
export type { CloseChanges, CloseQuery, StoredClose } from "./closes.ts";
export * from "./backup.ts";
export * from "./bar_pages.ts";
export type { CopyResult } from "./copy_database.ts";
export * from "./is_leased.ts";
export type { MarkReader } from "./marks.ts";
export * from "./open_reader.ts";
export * from "./open_writer.ts";
export * from "./parquet/coded_text.ts";
export * from "./parquet/parquet_encoder.ts";
export * from "./parquet/parquet_field.ts";
export * from "./parquet/parquet_reader.ts";
export * from "./parquet/parquet_writer.ts";
export { batchTrades } from "./batch_trades.ts";
export { certificateFile } from "./postgres/encryption.ts";
export { besideDatabase, isPostgres, serverOf } from "./postgres/location.ts";
export * from "./postgres/move/move_database.ts";
export { passwordFile, withoutPassword } from "./postgres/password.ts";
export { heedSignals } from "./postgres/signals.ts";
export type { LastQuoteQuery, QuoteReader } from "./quotes.ts";
export * from "./reader.ts";
export type { SecondQuery, SecondRange } from "./seconds.ts";
export * from "./restore.ts";
export * from "./retention/policy.ts";
export * from "./store_error.ts";
export { openWriterThread } from "./thread/threaded_writer.ts";
export type { FundingQuery, ToldBefore } from "./told_funding.ts";
export { TradeBuffer } from "./trade_buffer.ts";
export type { TradeColumns } from "./trade_columns.ts";
export * from "./trade_fields.ts";
export * from "./writer.ts";
