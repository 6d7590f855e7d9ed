import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BATCH_ROWS } from "./trade_tables.ts";

const SECOND_MS = 1_000;

/** The steps of housekeeping on a table with a row per symbol and second. */
export class SecondRows {
  readonly #symbols: StatementSync;
  readonly #first: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, table: string) {
    this.#symbols = db.prepare("SELECT symbol_id AS id FROM symbols");
    this.#first = db.prepare(`SELECT min(time_ms) AS ms FROM ${table} WHERE symbol_id = ?`);
    this.#delete = db.prepare(`DELETE FROM ${table} WHERE symbol_id = ? AND time_ms < ?`);
  }

  /** Deletes some of the rows before a time. @returns How many; 0 when none is left. */
  expire(floorMs: number): number {
    let deleted = 0;
    for (const { id } of this.#symbols.all()) {
      const { ms } = this.#first.get(id!)!;
      if (ms === null || Number(ms) >= floorMs) continue;
      const endMs = Math.min(floorMs, Number(ms) + BATCH_ROWS * SECOND_MS);
      deleted += Number(this.#delete.run(id!, endMs).changes);
      if (deleted >= BATCH_ROWS) return deleted;
    }
    return deleted;
  }
}
