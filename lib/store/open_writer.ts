import { isPostgres } from "./postgres/location.ts";
import { PostgresWriter } from "./postgres/postgres_writer.ts";
import { openSqliteWriter } from "./sqlite_writer.ts";
import type { StoreWriter, WriterOptions } from "./writer.ts";

/**
 * Opens a database for writing, makes or updates it, and takes its lease.
 *
 * @example Writing and reading back
 * ```ts
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * writer.write({
 *   trades: [{
 *     venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 1, timeMs: 5, price: 0.1, quantity: 3,
 *     takerSide: "buy", source: "ws",
 *   }],
 * });
 * using reader = openReader(path);
 * strictEqual(reader.trades({ symbol: "BTCUSDT" })[0]?.price, 0.1);
 * ```
 *
 * @param database The database file, whose folder must exist, or
 *   `postgres://USER@HOST:PORT/DATABASE`, which must exist but may be empty.
 * @param options Who writes, and how durably; a server is always asked for the latter.
 * @returns The writer; dispose it to give the lease back.
 * @throws {StoreError} If another process writes it, or the database cannot be used.
 */
export function openWriter(database: string, options: WriterOptions): StoreWriter {
  return isPostgres(database)
    ? new PostgresWriter(database, options)
    : openSqliteWriter(database, options);
}
