import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { selectTradeColumns } from "../select_trades.ts";
import { StoreError } from "../store_error.ts";
import type { TradeColumns } from "../trade_columns.ts";
import { archivePath, DAY_MS } from "./archive_path.ts";
import { DayFile } from "./day_file.ts";

/** One UTC day of one symbol. */
export interface DayKey {
  readonly venue: string;
  readonly symbol: string;
  /** Its start, ms since the epoch. */
  readonly dayMs: number;
}

/** A day whose file is on the disk, whole and checked. */
export interface BuiltDay {
  readonly firstId: number;
  readonly lastId: number;
  readonly tradeCount: number;
  readonly byteCount: number;
  /** The ids in the file, as runs without a hole: first and last of each, one after the other. */
  readonly runs: Float64Array;
}

/**
 * Writes the trades of a closed day to its Parquet file: those in the table, and those of the file
 * that may be there already. The file appears under its name only once it was read back and found
 * equal; until then, and when this is killed anywhere, the old state is the valid one.
 *
 * @param db A connection to the database; it is only read.
 * @param database Its file.
 * @param store The mark of the database.
 * @returns What was written, or `null` when the day holds no trades.
 * @throws {StoreError} If a file of another database is in the way, or does not read back equal.
 */
export function buildDay(
  db: DatabaseSync,
  database: string,
  store: string,
  { venue, symbol, dayMs }: DayKey,
): BuiltDay | null {
  const trades = selectTradeColumns(db, database, { symbol, fromMs: dayMs, toMs: dayMs + DAY_MS });
  if (trades.length === 0) return null;
  const path = archivePath(database, venue, symbol, dayMs);
  const temporary = `${path}.new`;
  Deno.mkdirSync(dirname(path), { recursive: true });
  refuseForeign(path, store);
  const date = new Date(dayMs).toISOString().slice(0, 10);
  try {
    DayFile.write(temporary, trades, { store, venue, symbol, date });
    if (!isSame(temporary, trades)) {
      throw new StoreError(
        "corrupt",
        database,
        `Cannot move trades of ${symbol} to "${path}" as the file does not read back as it was written: check the disk; the trades stay where they are`,
      );
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    // On a full disk the part of a file would take the last room.
    removeIfThere(temporary);
    throw error;
  }
  syncFolder(dirname(path));
  return {
    firstId: trades.tradeId[0]!,
    lastId: trades.tradeId.at(-1)!,
    tradeCount: trades.length,
    byteCount: Deno.statSync(path).size,
    runs: runsOf(trades.tradeId),
  };
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What it stands for is told already.
  }
}

/** Two databases in one folder would write over each other's days. */
function refuseForeign(path: string, store: string): void {
  let owner: string;
  try {
    using file = new DayFile(path);
    owner = file.store;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (owner === store) return;
  throw new StoreError(
    "foreign",
    path,
    `Cannot move trades to "${path}" as another database wrote that file: keep databases that move closed days in folders of their own`,
  );
}

function isSame(path: string, trades: TradeColumns): boolean {
  using file = new DayFile(path);
  if (file.length !== trades.length) return false;
  let from = 0;
  for (let group = 0; group < file.groups; group++) {
    const rows = file.read(group);
    for (let k = 0; k < rows.length; k++, from++) {
      if (
        rows.tradeId[k] !== trades.tradeId[from] || rows.timeMs[k] !== trades.timeMs[from] ||
        rows.price[k] !== trades.price[from] || rows.quantity[k] !== trades.quantity[from] ||
        rows.takerBought[k] !== trades.takerBought[from] || rows.source[k] !== trades.source[from]
      ) return false;
    }
  }
  return from === trades.length;
}

/** A new name in a folder is on the disk when the folder is. */
function syncFolder(path: string): void {
  using folder = Deno.openSync(path);
  folder.syncSync();
}

function runsOf(ids: Float64Array): Float64Array {
  const runs: number[] = [];
  for (let k = 0; k < ids.length; k++) {
    if (k === 0 || ids[k] !== ids[k - 1]! + 1) runs.push(ids[k]!, ids[k]!);
    else runs[runs.length - 1] = ids[k]!;
  }
  return Float64Array.from(runs);
}
