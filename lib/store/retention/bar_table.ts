import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BATCH_ROWS } from "./trade_tables.ts";

/** The steps of housekeeping on bars. */
export class BarTable {
  readonly #symbols: StatementSync;
  readonly #nextInterval: StatementSync;
  readonly #first: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync) {
    this.#symbols = db.prepare("SELECT symbol_id AS id FROM symbols");
    // One seek per interval: a symbol has millions of bars and a handful of intervals.
    this.#nextInterval = db.prepare(
      "SELECT min(interval_ms) AS ms FROM bars WHERE symbol_id = ? AND interval_ms > ?",
    );
    this.#first = db.prepare(
      "SELECT min(open_time_ms) AS ms FROM bars WHERE symbol_id = ? AND interval_ms = ?",
    );
    this.#delete = db.prepare(
      "DELETE FROM bars WHERE symbol_id = ? AND interval_ms = ? AND open_time_ms < ?",
    );
  }

  /** Deletes some of the bars that open before a time. @returns How many; 0 when none is left. */
  expire(floorMs: number): number {
    let deleted = 0;
    for (const { id } of this.#symbols.all()) {
      for (const intervalMs of this.#intervals(Number(id))) {
        const firstMs = Number(this.#first.get(id!, intervalMs)!.ms);
        if (firstMs >= floorMs) continue;
        const endMs = Math.min(floorMs, firstMs + BATCH_ROWS * intervalMs);
        deleted += Number(this.#delete.run(id!, intervalMs, endMs).changes);
        if (deleted >= BATCH_ROWS) return deleted;
      }
    }
    return deleted;
  }

  *#intervals(symbolId: number): Generator<number, void, undefined> {
    for (let last = 0;;) {
      const { ms } = this.#nextInterval.get(symbolId, last)!;
      if (ms === null) return;
      yield last = Number(ms);
    }
  }
}
