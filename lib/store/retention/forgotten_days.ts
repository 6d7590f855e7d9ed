import type { DatabaseSync } from "node:sqlite";
import { dirname } from "node:path";
import { archivePath } from "../archive/archive_path.ts";
import { DayFile } from "../archive/day_file.ts";
import { StoreError } from "../store_error.ts";
import type { KeptSymbol } from "./trade_tables.ts";

/**
 * Deletes files of days that the database has forgotten: who deletes by age forgets a day, then
 * deletes its file, and may be killed between the two. Files of other databases and programs stay.
 *
 * @param db The database, which is only read.
 * @param database Its file.
 * @param store Its mark.
 * @param symbol Whose days.
 */
export function removeForgottenDays(
  db: DatabaseSync,
  database: string,
  store: string,
  { symbolId, venue, symbol }: KeptSymbol,
): void {
  const floorMs = db.prepare("SELECT trades_from_ms FROM symbols WHERE symbol_id = ?")
    .get(symbolId)?.trades_from_ms ?? null;
  if (floorMs === null) return;
  const isKnown = db.prepare("SELECT 1 FROM archived_days WHERE symbol_id = ? AND day_ms = ?");
  for (const dayMs of daysIn(dirname(archivePath(database, venue, symbol, 0)))) {
    if (dayMs >= Number(floorMs) || isKnown.get(symbolId, dayMs) !== undefined) continue;
    const path = archivePath(database, venue, symbol, dayMs);
    if (ownerOf(path) === store) Deno.removeSync(path);
  }
}

/** The days of which a folder holds a file, ms since the epoch. */
function daysIn(folder: string): number[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => {
      return Date.parse(/^date=(\d{4}-\d\d-\d\d)\.parquet$/.exec(name)?.[1] ?? "");
    }).filter((dayMs) => !Number.isNaN(dayMs));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** The mark of the database that wrote a file; `null` for one that cannot be read. */
function ownerOf(path: string): string | null {
  try {
    using file = new DayFile(path);
    return file.store;
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
}
