import { DatabaseSync } from "node:sqlite";
import first from "./schema/0001_first.sql" with { type: "text" };
import alerts from "./schema/0002_alerts.sql" with { type: "text" };
import daysAndQuarantine from "./schema/0003_days_and_quarantine.sql" with { type: "text" };
import bookmarks from "./schema/0004_bookmarks.sql" with { type: "text" };
import marks from "./schema/0005_marks.sql" with { type: "text" };
import quotes from "./schema/0006_quotes.sql" with { type: "text" };
import { asStoreError } from "./as_store_error.ts";
import { StoreError } from "./store_error.ts";

/** "TAND": marks the file as ours (`PRAGMA application_id`). */
const APPLICATION_ID = 0x54414e44;

/** Forward-only steps; the position of a step is the schema version it leads to. */
export const STEPS: readonly string[] = [
  first,
  alerts,
  daysAndQuarantine,
  bookmarks,
  marks,
  quotes,
];

/** The schema version this program writes. */
export const SCHEMA_VERSION: number = STEPS.length;

/** How long a connection waits for another's lock, in ms. node:sqlite would not wait at all. */
const BUSY_TIMEOUT_MS = 5_000;

/** The writer of a running ingest waits less, as it receives nothing meanwhile, and tries again. */
const WRITER_BUSY_TIMEOUT_MS = 250;

/** Kept in memory of the file: the last pages of the tables of 800 symbols and more, KiB. */
const CACHE_KIB = 24_576;

/** The log is moved into the file when it has so many pages: rarer is longer, oftener is more work. */
const CHECKPOINT_PAGES = 4_000;

/** A log that grew larger, because somebody read for long, is cut to this when it begins anew. */
const LOG_BYTES = 64 * 2 ** 20;

function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

function holdsAnything(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
}

function checkOurs(db: DatabaseSync, path: string): number {
  const version = pragma(db, "user_version");
  const id = pragma(db, "application_id");
  if (id !== APPLICATION_ID && (version > 0 || holdsAnything(db))) {
    throw new StoreError(
      "foreign",
      path,
      `Cannot use "${path}" as it belongs to another program: choose another file with --db`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      "newer",
      path,
      `Cannot use "${path}" as a newer version of Tandem made it (schema ${version}, this version knows ${SCHEMA_VERSION}): update Tandem`,
    );
  }
  return version;
}

/** Opens a database for writing: creates it, or brings an earlier schema up to date. */
export function openForWriting(path: string, synchronous: "NORMAL" | "FULL"): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
    const version = checkOurs(db, path);
    db.exec(`PRAGMA journal_mode = WAL`);
    db.exec(`PRAGMA synchronous = ${synchronous}`);
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    for (let v = version; v < SCHEMA_VERSION; v++) {
      db.exec(
        `BEGIN IMMEDIATE; ${STEPS[v]!}; PRAGMA application_id = ${APPLICATION_ID}; ` +
          `PRAGMA user_version = ${v + 1}; COMMIT`,
      );
    }
    db.exec(`PRAGMA busy_timeout = ${WRITER_BUSY_TIMEOUT_MS}`);
    return db;
  } catch (error) {
    db?.close();
    throw asStoreError(path, error);
  }
}

/** Opens an existing database read-only. */
export function openForReading(path: string): DatabaseSync {
  return openExisting(path, SCHEMA_VERSION);
}

/** Opens an existing database read-only, also one that an earlier version made. */
export function openOfAnyVersion(path: string): DatabaseSync {
  return openExisting(path, 1);
}

function openExisting(path: string, leastVersion: number): DatabaseSync {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new StoreError(
        "missing",
        path,
        `Cannot read "${path}" as there is no such file: start "deno task ingest" to make it, or name another with --db`,
        { cause: error },
      );
    }
    throw asStoreError(path, error);
  }
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    if (checkOurs(db, path) < leastVersion) {
      throw new StoreError(
        "outdated",
        path,
        `Cannot read "${path}" as an earlier version of Tandem made it: start "deno task ingest" once to bring it up to date`,
      );
    }
    return db;
  } catch (error) {
    db?.close();
    throw asStoreError(path, error);
  }
}
