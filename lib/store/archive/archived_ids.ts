import type { DatabaseSync, StatementSync } from "node:sqlite";
import { archivePath } from "./archive_path.ts";
import { StoreError } from "../store_error.ts";
import { DayFile } from "./day_file.ts";

/** Which trade ids rest in files of closed days; asked when something older than the table comes. */
export class ArchivedIds {
  readonly #database: string;
  readonly #days: StatementSync;
  /** The ids of the file that was asked last: questions come in runs. */
  #last: { readonly path: string; readonly ids: Float64Array } | null = null;

  constructor(db: DatabaseSync, database: string) {
    this.#database = database;
    this.#days = db.prepare(
      `SELECT s.venue, s.symbol, d.day_ms FROM archived_days d JOIN symbols s USING (symbol_id)
       WHERE d.symbol_id = ?1 AND d.first_trade_id <= ?2 AND d.last_trade_id >= ?2`,
    );
  }

  /** Whether a trade rests in a file. */
  has(symbolId: number, tradeId: number): boolean {
    return this.#days.all(symbolId, tradeId).some(({ venue, symbol, day_ms }) => {
      const path = archivePath(this.#database, String(venue), String(symbol), Number(day_ms));
      const ids = this.#idsOf(path);
      return ids[lowerBound(ids, tradeId)] === tradeId;
    });
  }

  /** Forgets what it has read: files were written anew. */
  forget(): void {
    this.#last = null;
  }

  #idsOf(path: string): Float64Array {
    if (this.#last?.path !== path) this.#last = { path, ids: readIds(path) };
    return this.#last.ids;
  }
}

/** Of a file that somebody removed or damaged no trade is stored: it may come again. */
function readIds(path: string): Float64Array {
  try {
    using file = new DayFile(path);
    return file.ids();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof StoreError) {
      return new Float64Array(0);
    }
    throw error;
  }
}

/** The first index whose value is not less. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
