import { isPostgres } from "./postgres/location.ts";
import { PostgresReader } from "./postgres/postgres_reader.ts";
import type { StoreReader } from "./reader.ts";
import { SqliteReader } from "./sqlite_reader.ts";

/**
 * Opens an existing database read-only. It never waits for the writer, nor the writer for it.
 *
 * @example Reading what a writer stored
 * ```ts
 * import { openReader, openWriter } from "tandem/store";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * using reader = openReader(path);
 * deepStrictEqual(reader.symbols().map((s) => s.symbol), ["BTCUSDT"]);
 * ```
 *
 * @param database The database file, or `postgres://USER@HOST:PORT/DATABASE`.
 * @returns The reader; dispose it to close the database.
 * @throws {StoreError} If there is no such database, or it cannot be used.
 */
export function openReader(database: string): StoreReader {
  return isPostgres(database) ? new PostgresReader(database) : new SqliteReader(database);
}
