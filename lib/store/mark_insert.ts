import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Mark } from "../market/mod.ts";

/** Stores marks; of a second that has one already nothing changes. */
export class MarkInsert {
  readonly #insert: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT INTO marks (symbol_id, time_ms, mark_price, index_price, funding_rate, next_funding_ms)
       VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
    );
  }

  /** Stores marks. */
  run(marks: readonly Mark[], idOf: (symbol: string) => number): void {
    for (const { symbol, timeMs, markPrice, indexPrice, fundingRate, nextFundingMs } of marks) {
      this.#insert.run(
        ...[idOf(symbol), timeMs, markPrice, indexPrice, fundingRate, nextFundingMs],
      );
    }
  }
}
