import { backup, DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { DayFile } from "./archive/day_file.ts";
import { archivePath } from "./archive/archive_path.ts";
import { asStoreError } from "./as_store_error.ts";
import { StoreError } from "./store_error.ts";

/** Pages that are copied between two reports of progress. */
const PAGES = 4_096;

/** What a copy of a database holds. */
export interface CopyResult {
  /** Size of the copied database, bytes. */
  readonly bytes: number;
  /** Files of closed days that were copied or were there already. */
  readonly days: number;
}

/**
 * Copies an open database as it is at one moment, with the files of its closed days, and checks the
 * copy, which appears under its name when it is whole. Overwrites nothing.
 */
export async function copyDatabase(
  source: DatabaseSync,
  path: string,
  target: string,
  onProgress: (share: number) => void,
): Promise<CopyResult> {
  if (exists(target)) {
    throw new StoreError(
      "unreachable",
      target,
      `Cannot make "${target}" as there is such a file already: choose another name`,
    );
  }
  const part = `${target}.part`;
  try {
    // One read transaction: what is written meanwhile does not make the copy begin again.
    source.exec("BEGIN");
    source.prepare("SELECT count(*) FROM sqlite_master").get();
    await backup(source, part, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onProgress(1 - remainingPages / totalPages),
    });
    source.exec("COMMIT");
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
  // The first versions had no closed days.
  const hasDays = copy.db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'archived_days'").get();
  if (hasDays === undefined) return [];
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
    using ours = new DayFile(from);
    using theirs = openDay(to);
    // A day that was written anew since an earlier copy holds what that held, and more.
    if (theirs?.store === ours.store && theirs.length >= ours.length) return;
    if (theirs?.store !== ours.store) {
      throw new StoreError(
        "unreachable",
        to,
        `Cannot copy to "${to}" as another database keeps a file there: choose a folder of its own`,
      );
    }
  }
  Deno.mkdirSync(dirname(to), { recursive: true });
  Deno.copyFileSync(from, `${to}.part`);
  Deno.renameSync(`${to}.part`, to);
}

/** The file of a day, or `null` for a file of another kind. */
function openDay(path: string): DayFile | null {
  try {
    return new DayFile(path);
  } catch {
    return null;
  }
}

function closing(db: DatabaseSync): { readonly db: DatabaseSync } & Disposable {
  return { db, [Symbol.dispose]: () => db.close() };
}

/** Whether there is a file or folder. */
export function exists(path: string): boolean {
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
