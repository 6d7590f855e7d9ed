import { resolve } from "node:path";
import { isPostgres, openReader, type StoreReader, withoutPassword } from "../store/mod.ts";

/** The project's folder, without a slash at its end. */
export const project: string = decodeURIComponent(new URL("../..", import.meta.url).pathname)
  .replace(/\/$/, "");

const readers = new Map<string, StoreReader>();
let inUse: string | null = null;

/** The database a cell means: the named one, else `TANDEM_DB`, else the given one of the project. */
export function databasePath(named: string | undefined, ofProject: string): string {
  const path = named ?? (Deno.env.get("TANDEM_DB") || undefined);
  if (path === undefined) return `${project}/data/${ofProject}`;
  return isPostgres(path) ? withoutPassword(path) : resolve(path);
}

/** Makes a database the one that later cells mean. */
export function use(path: string): void {
  inUse = path;
}

/** The database in use: of the last `attach()` or `ingest()`. */
export function databaseInUse(): string {
  return inUse ?? databasePath(undefined, "tandem.db");
}

/** A reader of a database, one per database, kept open as long as its file is there. */
export function readerOf(database: string): StoreReader {
  if (readers.get(database)?.isReplaced()) forget(database);
  const open = readers.get(database) ?? openReader(database);
  readers.set(database, open);
  return open;
}

/** Refuses symbols that a database does not hold. */
export function requireSymbols(database: string, ...wanted: readonly string[]): void {
  const known = readerOf(database).symbols().map(({ symbol }) => symbol);
  const missing = wanted.find((symbol) => !known.includes(symbol));
  if (missing !== undefined) {
    throw new RangeError(
      `Cannot find "${missing}" in the database: it holds ${known.join(", ") || "nothing yet"}`,
    );
  }
}

/** Closes the reader of a database that is about to be made anew. */
export function forget(path: string): void {
  readers.get(path)?.[Symbol.dispose]();
  readers.delete(path);
}

/**
 * Opens a database for reading and makes it the one that later cells mean. Run it as often as you
 * like: the same file is opened once.
 *
 * @example What a database holds
 * ```ts
 * import { attach } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(db, { identity });
 * using reader = attach({ db });
 * deepStrictEqual(reader.symbols(), []);
 * strictEqual(attach({ db }), reader);
 * ```
 *
 * @param options `db`, a file or `postgres://USER@HOST/DATABASE`; default `TANDEM_DB`, else `data/tandem.db` of the project.
 * @returns The reader.
 * @throws {StoreError} If there is no such database.
 */
export function attach(options: { readonly db?: string } = {}): StoreReader {
  const path = databasePath(options.db, "tandem.db");
  const open = readerOf(path);
  use(path);
  return open;
}
