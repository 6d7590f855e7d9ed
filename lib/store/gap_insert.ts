import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Gap } from "../market/mod.ts";
import { numberOrNull } from "./rows.ts";

/** Stores gaps, each under its first missing id. */
export class GapInsert {
  readonly #deleteWithin: StatementSync;
  readonly #upsert: StatementSync;
  readonly #deleteLost: StatementSync;
  readonly #lastLost: StatementSync;

  constructor(db: DatabaseSync) {
    this.#deleteWithin = db.prepare(
      "DELETE FROM gaps WHERE symbol_id = ? AND first_missing_id > ? AND first_missing_id <= ?",
    );
    this.#upsert = db.prepare(
      `INSERT INTO gaps (symbol_id, first_missing_id, last_missing_id, opened_at_ms, closed_at_ms, state)
       VALUES (?,?,?,?,?,?)
       ON CONFLICT (symbol_id, first_missing_id) DO UPDATE SET
         last_missing_id = excluded.last_missing_id,
         closed_at_ms = excluded.closed_at_ms, state = excluded.state`,
    );
    this.#deleteLost = db.prepare(
      "DELETE FROM gaps WHERE symbol_id = ? AND first_missing_id > ? AND state = 'lost'",
    );
    this.#lastLost = db.prepare(
      `SELECT max(last_missing_id) AS last FROM gaps
       WHERE symbol_id = ? AND first_missing_id > ? AND state = 'lost'`,
    );
  }

  /** A gap takes the place of those that a killed process knew within it: none ever overlap. */
  run(symbolId: number, gap: Gap): void {
    this.#deleteWithin.run(symbolId, gap.firstMissingId, gap.lastMissingId);
    this.#upsert.run(
      symbolId,
      gap.firstMissingId,
      gap.lastMissingId,
      gap.openedAtMs,
      gap.closedAtMs,
      gap.state,
    );
  }

  /** The last id of the lost gaps that begin after an id, or `null`. */
  lastLostId(symbolId: number, afterId: number): number | null {
    return numberOrNull(this.#lastLost.get(symbolId, afterId)?.last);
  }

  /** Forgets the lost gaps that begin after an id. */
  forgetLost(symbolId: number, afterId: number): void {
    this.#deleteLost.run(symbolId, afterId);
  }
}
