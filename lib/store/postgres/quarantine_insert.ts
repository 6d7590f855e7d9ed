import type { QuarantinedFrame } from "../../market/mod.ts";
import { KEPT_FRAMES, SLACK_FRAMES, textOf } from "../quarantine_insert.ts";
import { arrayText } from "./arrays.ts";
import type { Step } from "./wire.ts";

const INSERT = `
WITH given AS (
  SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])
    WITH ORDINALITY AS g (symbol_id, trade_id, reason, raw, received_ms, n)
), kept AS (
  INSERT INTO quarantine (symbol_id, trade_id, reason, raw, received_ms)
  SELECT symbol_id, trade_id, reason, raw, received_ms FROM given
  WHERE raw <> '' OR symbol_id IS NOT NULL AND trade_id IS NOT NULL ORDER BY n
  ON CONFLICT DO NOTHING RETURNING symbol_id, reason, received_ms
), told AS (
  SELECT coalesce(symbol_id, 0) AS symbol_id, reason, count(*) AS frames, max(received_ms) AS last
  FROM (SELECT * FROM kept UNION ALL SELECT symbol_id, reason, received_ms FROM given
    WHERE raw = '' AND (symbol_id IS NULL OR trade_id IS NULL)) AS every GROUP BY 1, 2
), counted AS (
  INSERT INTO quality AS q (symbol_id, quarantined)
  SELECT symbol_id, sum(frames) FROM told WHERE symbol_id > 0 GROUP BY 1
  ON CONFLICT (symbol_id) DO UPDATE SET quarantined = q.quarantined + excluded.quarantined
)
INSERT INTO quarantine_counts AS c SELECT * FROM told
ON CONFLICT (symbol_id, reason) DO UPDATE SET frames = c.frames + excluded.frames,
  last_received_ms = greatest(c.last_received_ms, excluded.last_received_ms)`;

/**
 * From here on a transaction touches rows that are not its share's alone: it waits for the row that
 * each must have in the end, so that no two wait for each other.
 */
const QUEUE_UP = { sql: "SELECT FROM writer FOR UPDATE" };

/** Counts frames that were set aside, and keeps the newest of each reason. */
export function insertQuarantine(
  frames: readonly QuarantinedFrame[],
  find: (symbol: string) => number | null,
): Step[] {
  if (frames.length === 0) return [];
  const newer = new Map<string, number>();
  const rows = frames.toReversed().map((frame) => {
    const before = newer.get(frame.reason) ?? 0;
    newer.set(frame.reason, before + 1);
    return {
      ...frame,
      symbolId: frame.symbol === null ? null : find(frame.symbol),
      raw: before < KEPT_FRAMES ? textOf(frame.raw) : "",
    };
  }).reverse();
  const column = (of: (row: typeof rows[number]) => string | number | null) =>
    arrayText(rows.map(of));
  const insert = {
    sql: INSERT,
    args: [
      column((f) => f.symbolId),
      column((f) => f.tradeId),
      column((f) => f.reason),
      column((f) => f.raw),
      column((f) => f.receivedMs),
    ],
  };
  return [QUEUE_UP, insert, ...[...newer.keys()].flatMap(prune)];
}

/** Of frames beyond the newest those without a trade id go, the others lose their text. */
function prune(reason: string): Step[] {
  const nth = (n: number) =>
    `(SELECT quarantine_id FROM quarantine WHERE reason = $1 AND raw <> ''
      ORDER BY quarantine_id DESC LIMIT 1 OFFSET ${n - 1})`;
  const isOld = `reason = $1 AND raw <> '' AND quarantine_id < ${nth(KEPT_FRAMES)}
    AND ${nth(KEPT_FRAMES + SLACK_FRAMES)} IS NOT NULL`;
  // In one statement, as each would leave the other fewer than it counts.
  return [{
    sql: `WITH gone AS (DELETE FROM quarantine
        WHERE ${isOld} AND (symbol_id IS NULL OR trade_id IS NULL))
      UPDATE quarantine SET raw = ''
      WHERE ${isOld} AND symbol_id IS NOT NULL AND trade_id IS NOT NULL`,
    args: [reason],
  }];
}
