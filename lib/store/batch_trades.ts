import { isPostgres } from "./postgres/location.ts";

const IN_A_FILE = 5_000;
/** What a commit asks of a server besides its trades, and its wait for the disk, is shared by more. */
const ON_A_SERVER = 20_000;

/**
 * Returns how many trades a batch should have while more come than can be written: with more of them
 * a trade costs hardly less.
 *
 * @example A file and a server
 * ```ts
 * import { batchTrades } from "tandem/store";
 * import { ok } from "node:assert/strict";
 *
 * ok(batchTrades("postgres://me@localhost/tandem") > batchTrades("data/tandem.db"));
 * ```
 *
 * @param database The database file, or `postgres://USER@HOST:PORT/DATABASE`.
 * @returns A whole number > 0.
 */
export function batchTrades(database: string): number {
  return isPostgres(database) ? ON_A_SERVER : IN_A_FILE;
}
