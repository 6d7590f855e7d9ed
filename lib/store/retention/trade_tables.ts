import type { DatabaseSync } from "node:sqlite";
import { archivePath, DAY_MS } from "../archive/archive_path.ts";
import type { BuiltDay } from "../archive/build_day.ts";
import { STAMP_UNIT } from "../trade_codec.ts";

/** Rows deleted in one transaction: a few ms, in which nobody can commit. */
export const BATCH_ROWS = 2_000;

/** A symbol as housekeeping sees it. */
export interface KeptSymbol {
  readonly symbolId: number;
  readonly venue: string;
  readonly symbol: string;
}

/** The steps of housekeeping on trades; each is one short transaction. */
export class TradeTables {
  readonly #db: DatabaseSync;
  readonly #database: string;

  constructor(db: DatabaseSync, database: string) {
    this.#db = db;
    this.#database = database;
  }

  symbols(): KeptSymbol[] {
    return this.#db.prepare("SELECT symbol_id, venue, symbol FROM symbols ORDER BY symbol_id").all()
      .map((r) => ({
        symbolId: Number(r.symbol_id),
        venue: String(r.venue),
        symbol: String(r.symbol),
      }));
  }

  /** The UTC day of the trade with the smallest id in the table, or `null`. */
  firstDayMs(symbolId: number): number | null {
    const row = this.#db.prepare(
      "SELECT stamp FROM trades WHERE symbol_id = ? ORDER BY trade_id LIMIT 1",
    ).get(symbolId);
    if (row === undefined) return null;
    return Math.floor(Number(row.stamp) / STAMP_UNIT / DAY_MS) * DAY_MS;
  }

  /** The oldest day that is in a file, of all symbols, or `null`. */
  firstArchivedDayMs(): number | null {
    const day = this.#db.prepare("SELECT min(day_ms) AS day FROM archived_days").get()?.day;
    return day === null || day === undefined ? null : Number(day);
  }

  /** Notes that the file of a day is valid: from now on its rows in the table may go. */
  register(symbolId: number, dayMs: number, day: BuiltDay): void {
    this.#db.prepare(
      `INSERT INTO archived_days (symbol_id, day_ms, first_trade_id, last_trade_id, trade_count, byte_count)
       VALUES (?,?,?,?,?,?)
       ON CONFLICT (symbol_id, day_ms) DO UPDATE SET first_trade_id = excluded.first_trade_id,
         last_trade_id = excluded.last_trade_id, trade_count = excluded.trade_count,
         byte_count = excluded.byte_count`,
    ).run(symbolId, dayMs, day.firstId, day.lastId, day.tradeCount, day.byteCount);
  }

  /**
   * Deletes a part of the rows that a file holds.
   *
   * @param runs First and last ids of runs, one after the other.
   * @returns How many were deleted.
   */
  deleteIds(symbolId: number, runs: readonly number[]): number {
    const remove = this.#db.prepare(
      "DELETE FROM trades WHERE symbol_id = ? AND trade_id BETWEEN ? AND ?",
    );
    return this.#transaction(() => {
      let deleted = 0;
      for (let k = 0; k < runs.length; k += 2) {
        deleted += Number(remove.run(symbolId, runs[k]!, runs[k + 1]!).changes);
      }
      return deleted;
    });
  }

  /**
   * Deletes some of the first rows of a symbol that are older than a time, and notes since when
   * its trades are there.
   *
   * @returns How many were deleted; 0 when none is left.
   */
  expireRows(symbolId: number, floorMs: number): number {
    const rows = this.#db.prepare(
      `SELECT trade_id, stamp FROM trades WHERE symbol_id = ? ORDER BY trade_id LIMIT ${BATCH_ROWS}`,
    ).all(symbolId);
    const old = rows.filter((r) => Number(r.stamp) < floorMs * STAMP_UNIT);
    const lastId = Number(old.at(-1)?.trade_id ?? -1);
    if (lastId < 0) return 0;
    return this.#transaction(() => {
      this.#raiseFloor(symbolId, floorMs, lastId);
      return Number(
        this.#db.prepare(
          "DELETE FROM trades WHERE symbol_id = ? AND trade_id <= ? AND stamp < ?",
        ).run(symbolId, lastId, floorMs * STAMP_UNIT).changes,
      );
    });
  }

  /** Forgets the files of days before a time, then deletes them. @returns How many trades. */
  expireDays({ symbolId, venue, symbol }: KeptSymbol, floorMs: number): number {
    const days = this.#db.prepare(
      `SELECT day_ms, last_trade_id, trade_count FROM archived_days
       WHERE symbol_id = ? AND day_ms < ? ORDER BY day_ms`,
    ).all(symbolId, floorMs);
    if (days.length === 0) return 0;
    const lastId = Math.max(...days.map((day) => Number(day.last_trade_id)));
    this.#transaction(() => {
      this.#raiseFloor(symbolId, floorMs, lastId);
      this.#db.prepare("DELETE FROM archived_days WHERE symbol_id = ? AND day_ms < ?")
        .run(symbolId, floorMs);
    });
    let trades = 0;
    for (const day of days) {
      removeFile(archivePath(this.#database, venue, symbol, Number(day.day_ms)));
      trades += Number(day.trade_count);
    }
    return trades;
  }

  /** What the database and the files of its days take, bytes. */
  usedBytes(): number {
    const pragma = (name: string) =>
      Number(Object.values(this.#db.prepare(`PRAGMA ${name}`).get()!)[0]);
    const files = this.#db.prepare("SELECT total(byte_count) AS bytes FROM archived_days").get()!;
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size") +
      Number(files.bytes);
  }

  /** Ids before the floor prove nothing any more: those set aside without a text can go. */
  #raiseFloor(symbolId: number, floorMs: number, lastId: number): void {
    this.#db.prepare(
      `UPDATE symbols SET trades_from_ms = max(coalesce(trades_from_ms, 0), ?),
         expired_until_id = max(coalesce(expired_until_id, -1), ?) WHERE symbol_id = ?`,
    ).run(floorMs, lastId, symbolId);
    this.#db.prepare(
      "DELETE FROM quarantine WHERE symbol_id = ? AND trade_id <= ? AND raw = ''",
    ).run(symbolId, lastId);
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
