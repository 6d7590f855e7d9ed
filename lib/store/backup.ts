import { backup, DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { archivePath } from "./archive/archive_path.ts";
import { asStoreError } from "./as_store_error.ts";
import { openForReading } from "./database.ts";
import { StoreError } from "./store_error.ts";

/** Pages that are copied between two reports of progress. */
const PAGES = 4_096;

/** What a backup holds. */
export interface BackupResult {
  /** Size of the copied database, bytes. */
  readonly bytes: number;
  /** Files of closed days that were copied or were there already. */
  readonly days: number;
}

/**
 * Copies a database as it is at one moment, with the files of its closed days, while others read and
 * write it. The copy is checked, and appears under its name when it is whole.
 *
 * @example A copy that can be read
 * ```ts
 * import { backupDatabase, openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const folder = Deno.makeTempDirSync();
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(`${folder}/tandem.db`, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * await backupDatabase(`${folder}/tandem.db`, `${folder}/copy.db`);
 * using copy = openReader(`${folder}/copy.db`);
 * strictEqual(copy.symbols().length, 1);
 * ```
 *
 * @param path The database file.
 * @param target The file to make; its folder must exist, it must not. Files of closed days are put
 *   into the folder `archive` beside it, where a database of that name looks for them.
 * @param onProgress Told which part of the database is copied, 0 to 1.
 * @returns How much was copied.
 * @throws {StoreError} If it cannot be copied; nothing is left under the name of the target then.
 */
export async function backupDatabase(
  path: string,
  target: string,
  onProgress: (share: number) => void = () => {},
): Promise<BackupResult> {
  if (exists(target)) {
    throw new StoreError(
      "unreachable",
      target,
      `Cannot make "${target}" as there is such a file already: choose another name`,
    );
  }
  const part = `${target}.part`;
  try {
    {
      using source = closing(openForReading(path));
      // One read transaction: what is written meanwhile does not make the copy begin again.
      source.db.exec("BEGIN");
      source.db.prepare("SELECT count(*) FROM sqlite_master").get();
      await backup(source.db, part, {
        rate: PAGES,
        progress: ({ totalPages, remainingPages }) => onProgress(1 - remainingPages / totalPages),
      });
    }
    const days = checkedDays(part);
    for (const day of days) copyDay(path, target, day);
    const bytes = Deno.statSync(part).size;
    Deno.renameSync(part, target);
    return { bytes, days: days.length };
  } catch (error) {
    throw asStoreError(path, error);
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) remove(`${part}${ending}`);
  }
}

interface Day {
  readonly venue: string;
  readonly symbol: string;
  readonly dayMs: number;
}

/** Checks a copy, and tells which files of closed days belong to it. */
function checkedDays(path: string): Day[] {
  using copy = closing(new DatabaseSync(path));
  // By itself it has no log: then it can be read from any place, and by a reader that may not write.
  copy.db.exec("PRAGMA journal_mode = DELETE");
  const found = copy.db.prepare("PRAGMA quick_check").get()?.quick_check;
  if (found !== "ok") {
    throw new StoreError("corrupt", path, `Cannot use the copy of the database: ${found}`);
  }
  return copy.db.prepare(
    "SELECT venue, symbol, day_ms FROM archived_days JOIN symbols USING (symbol_id)",
  ).all().map((r) => ({
    venue: String(r.venue),
    symbol: String(r.symbol),
    dayMs: Number(r.day_ms),
  }));
}

function copyDay(path: string, target: string, { venue, symbol, dayMs }: Day): void {
  const from = archivePath(path, venue, symbol, dayMs);
  const to = archivePath(target, venue, symbol, dayMs);
  if (from === to) return;
  if (exists(to)) {
    if (Deno.statSync(to).size === Deno.statSync(from).size) return;
    throw new StoreError(
      "unreachable",
      to,
      `Cannot copy to "${to}" as another database keeps a file there: choose a folder of its own`,
    );
  }
  Deno.mkdirSync(dirname(to), { recursive: true });
  Deno.copyFileSync(from, `${to}.part`);
  Deno.renameSync(`${to}.part`, to);
}

function closing(db: DatabaseSync): { readonly db: DatabaseSync } & Disposable {
  return { db, [Symbol.dispose]: () => db.close() };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It is not there.
  }
}
