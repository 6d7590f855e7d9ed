import type { QuarantineCount, StoredQuarantine, SymbolQuality } from "../reader.ts";
import { GAP_COUNTS } from "../quality_select.ts";
import { toQuality, toQuarantine, toQuarantineCount } from "../rows.ts";
import type { Link } from "./link.ts";

/** Reads the counters of every symbol, in alphabetical order. */
export function selectQuality(link: Link): SymbolQuality[] {
  return link.rows(
    `SELECT q.*, g.* FROM v_quality q
       LEFT JOIN (${GAP_COUNTS}) g ON g.gap_symbol = q.symbol
     WHERE q.symbol IS NOT NULL ORDER BY q.symbol`,
  ).map(toQuality);
}

/** Reads the newest frames set aside whose text is kept, newest first. */
export function selectQuarantine(link: Link, limit: number | null): StoredQuarantine[] {
  return link.rows(
    `SELECT s.symbol, q.trade_id, q.reason, q.raw, q.received_ms
     FROM quarantine q LEFT JOIN symbols s USING (symbol_id)
     WHERE q.raw <> '' ORDER BY q.quarantine_id DESC LIMIT $1`,
    limit,
  ).map(toQuarantine);
}

/** Reads how many frames were set aside per symbol and reason; those of no symbol first. */
export function selectQuarantineCounts(link: Link): QuarantineCount[] {
  return link.rows(
    `SELECT s.symbol, c.reason, c.frames, c.last_received_ms
     FROM quarantine_counts c LEFT JOIN symbols s USING (symbol_id)
     ORDER BY s.symbol NULLS FIRST, c.reason COLLATE "C"`,
  ).map(toQuarantineCount);
}

/** Reads the ids of a symbol in `[fromId, toId]` that were set aside, ascending. */
export function selectQuarantinedIds(
  link: Link,
  symbol: string,
  fromId = 0,
  toId: number = Number.MAX_SAFE_INTEGER,
): number[] {
  return link.rows(
    `SELECT DISTINCT q.trade_id FROM quarantine q JOIN symbols s USING (symbol_id)
     WHERE s.symbol = $1 AND q.trade_id BETWEEN $2 AND $3 ORDER BY q.trade_id`,
    ...[symbol, fromId, toId],
  ).map((r) => Number(r.trade_id));
}
