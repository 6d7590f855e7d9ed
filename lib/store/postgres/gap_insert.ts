import type { Gap } from "../../market/mod.ts";
import type { Step } from "./wire.ts";

/** Stores a gap under its first missing id; it takes the place of those within it. */
export function upsertGap(symbolId: number, gap: Gap): Step[] {
  const { firstMissingId, lastMissingId, openedAtMs, closedAtMs, state } = gap;
  return [
    {
      sql: `DELETE FROM gaps WHERE symbol_id = $1 AND first_missing_id > $2
        AND first_missing_id <= $3`,
      args: [symbolId, firstMissingId, lastMissingId],
    },
    {
      sql: `INSERT INTO gaps (symbol_id, first_missing_id, last_missing_id, opened_at_ms,
          closed_at_ms, state) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (symbol_id, first_missing_id) DO UPDATE SET
          last_missing_id = excluded.last_missing_id, closed_at_ms = excluded.closed_at_ms,
          state = excluded.state`,
      args: [symbolId, firstMissingId, lastMissingId, openedAtMs, closedAtMs, state],
    },
  ];
}

/** Forgets the lost gaps of a symbol that begin after an id. */
export function forgetLost(symbolId: number, afterId: number): Step {
  return {
    sql: "DELETE FROM gaps WHERE symbol_id = $1 AND first_missing_id > $2 AND state = 'lost'",
    args: [symbolId, afterId],
  };
}
