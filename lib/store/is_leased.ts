import { isPostgresLeased } from "./postgres/is_postgres_leased.ts";
import { isPostgres } from "./postgres/location.ts";

/**
 * Returns whether some process holds the lease of a database now.
 *
 * @example No database, no lease
 * ```ts
 * import { isLeased } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(isLeased("no/such/tandem.db"), false);
 * ```
 *
 * @param database The database file, or `postgres://USER@HOST:PORT/DATABASE`.
 * @returns `true` while a process writes it; `false` too where a server cannot be asked.
 */
export function isLeased(database: string): boolean {
  if (isPostgres(database)) return isPostgresLeased(database);
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${database}.lock`, { read: true });
  } catch {
    return false;
  }
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}
