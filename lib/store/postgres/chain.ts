import type { Gap } from "../../market/mod.ts";
import { DAY_MS } from "../archive/archive_path.ts";
import { numberOrNull, toGap } from "../rows.ts";
import type { IdRun } from "../writer.ts";
import type { Link } from "./link.ts";
import { daysOf } from "./select_trades.ts";

const NO_DAYS = { fromMs: 0, toMs: 0 };

const LAST_IDS = `SELECT s.symbol, greatest(s.expired_until_id, d.stored,
    (SELECT max(trade_id) FROM quarantine q WHERE q.symbol_id = s.symbol_id)) AS last
  FROM symbols s LEFT JOIN`;
/** Of all at once, or of those that are asked for. */
const LAST_STORED = `(SELECT symbol_id, max(last_trade_id) AS stored FROM trade_days
  GROUP BY symbol_id) AS d USING (symbol_id)`;
const LAST_STORED_OF = `LATERAL (SELECT max(last_trade_id) AS stored FROM trade_days d
  WHERE d.symbol_id = s.symbol_id) AS d ON true`;

/** Reads the last known trade id of each symbol, or of one: stored, deleted by age, or set aside. */
export function lastTradeIds(link: Link, symbol: string | null = null): Map<string, number> {
  const rows = link.rows(
    symbol === null
      ? `${LAST_IDS} ${LAST_STORED}`
      : `${LAST_IDS} ${LAST_STORED_OF} WHERE symbol = $1`,
    ...symbol === null ? [] : [symbol],
  );
  return new Map(
    rows.filter((r) => r.last !== null).map((r) => [String(r.symbol), Number(r.last)]),
  );
}

/** Reads the time of the stored trade with the largest id, ms, or `null`. */
export function lastTradeTimeMs(link: Link, symbolId: number): number | null {
  const [day] = link.rows(
    `SELECT day_ms, last_trade_id FROM trade_days WHERE symbol_id = $1
     ORDER BY last_trade_id DESC LIMIT 1`,
    symbolId,
  );
  if (day === undefined) return null;
  const [fromMs, tradeId] = [Number(day.day_ms), Number(day.last_trade_id)];
  // A day that is told, not joined: then the plan has that partition alone.
  const [row] = link.rows(
    `SELECT time_ms FROM trades WHERE symbol_id = $1 AND trade_id = $2
       AND time_ms >= $3 AND time_ms < $4`,
    ...[symbolId, tradeId, fromMs, fromMs + DAY_MS],
  );
  return numberOrNull(row?.time_ms);
}

/** Reads since when, and up to when, a symbol is told, ms, each or `null`. */
export function boundsOf(link: Link, symbolId: number): {
  readonly tradesFromMs: number | null;
  readonly closedUntilMs: number | null;
} {
  const [row] = link.rows(
    "SELECT trades_from_ms, closed_until_ms FROM symbols WHERE symbol_id = $1",
    symbolId,
  );
  return {
    tradesFromMs: numberOrNull(row?.trades_from_ms),
    closedUntilMs: numberOrNull(row?.closed_until_ms),
  };
}

/** Reads the gaps that are neither repaired nor lost, in id order. */
export function openGaps(link: Link, symbol: string): Gap[] {
  return link.rows(
    "SELECT * FROM v_gaps WHERE symbol = $1 AND state = 'open' ORDER BY first_missing_id",
    symbol,
  ).map(toGap);
}

/** Reads the last id of the lost gaps that begin after an id, or `null`. */
export function lastLostId(link: Link, symbolId: number, afterId: number): number | null {
  const [row] = link.rows(
    `SELECT max(last_missing_id) AS last FROM gaps
     WHERE symbol_id = $1 AND first_missing_id > $2 AND state = 'lost'`,
    ...[symbolId, afterId],
  );
  return numberOrNull(row?.last);
}

/** Whether an id is stored or set aside, or was before it was deleted by age. */
export function isKnown(link: Link, symbolId: number, tradeId: number): boolean {
  const days = daysOf(link, { symbolId, fromId: tradeId, toId: tradeId }) ?? NO_DAYS;
  const [row] = link.rows(
    `SELECT EXISTS (SELECT FROM trades WHERE symbol_id = $1 AND trade_id = $2
         AND time_ms >= $3 AND time_ms < $4)
       OR EXISTS (SELECT FROM quarantine WHERE symbol_id = $1 AND trade_id = $2)
       OR EXISTS (SELECT FROM symbols WHERE symbol_id = $1 AND expired_until_id >= $2)
         AND NOT EXISTS (SELECT FROM gaps WHERE symbol_id = $1 AND state <> 'repaired'
           AND $2 BETWEEN first_missing_id AND last_missing_id) AS known`,
    ...[symbolId, tradeId, days.fromMs, days.toMs],
  );
  return row!.known === true;
}

/** Reads the ids in `[fromId, toId]` that are neither stored nor set aside, as runs. */
export function missingRuns(link: Link, symbolId: number, fromId: number, toId: number): IdRun[] {
  if (fromId > toId) return [];
  const days = daysOf(link, { symbolId, fromId, toId }) ?? NO_DAYS;
  return link.rows(
    `SELECT before + 1 AS first, id - 1 AS last FROM (
       SELECT id, lag(id, 1, $2::bigint - 1) OVER (ORDER BY id) AS before FROM (
         SELECT trade_id AS id FROM trades WHERE symbol_id = $1 AND trade_id BETWEEN $2 AND $3
           AND time_ms >= $4 AND time_ms < $5
         UNION SELECT trade_id FROM quarantine WHERE symbol_id = $1 AND trade_id BETWEEN $2 AND $3
         UNION SELECT $3::bigint + 1
       ) AS known
     ) AS steps WHERE id > before + 1 ORDER BY id`,
    ...[symbolId, fromId, toId, days.fromMs, days.toMs],
  ).map((r) => ({ firstId: Number(r.first), lastId: Number(r.last) }));
}
