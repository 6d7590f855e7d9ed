import type { DatabaseSync } from "node:sqlite";
import type { QuarantineCount, StoredQuarantine, SymbolQuality } from "./reader.ts";
import { toQuality, toQuarantine, toQuarantineCount } from "./rows.ts";

/**
 * How many gaps of each state a symbol has, over all venues of its name. They are counted before
 * they get their names: to join each first takes several times as long.
 */
export const GAP_COUNTS = `SELECT s.symbol AS gap_symbol, sum(open) AS gaps_open,
    sum(repaired) AS gaps_repaired, sum(lost) AS gaps_lost
  FROM symbols s JOIN (SELECT symbol_id, count(*) FILTER (WHERE state = 'open') AS open,
      count(*) FILTER (WHERE state = 'repaired') AS repaired,
      count(*) FILTER (WHERE state = 'lost') AS lost
    FROM gaps GROUP BY symbol_id) counts USING (symbol_id) GROUP BY s.symbol`;

/** Reads the counters of every symbol, in alphabetical order. */
export function selectQuality(db: DatabaseSync): SymbolQuality[] {
  return db.prepare(
    `SELECT q.*, g.* FROM v_quality q LEFT JOIN (${GAP_COUNTS}) g ON g.gap_symbol = q.symbol
     WHERE q.symbol IS NOT NULL ORDER BY q.symbol`,
  ).all().map(toQuality);
}

/** Reads the newest frames set aside whose text is kept, newest first. */
export function selectQuarantine(db: DatabaseSync, limit: number): StoredQuarantine[] {
  return db.prepare(
    `SELECT s.symbol, q.trade_id, q.reason, q.raw, q.received_ms
     FROM quarantine q LEFT JOIN symbols s USING (symbol_id)
     WHERE q.raw <> '' ORDER BY q.quarantine_id DESC LIMIT ?`,
  ).all(limit).map(toQuarantine);
}

/** Reads how many frames were set aside per symbol and reason; those of no symbol first. */
export function selectQuarantineCounts(db: DatabaseSync): QuarantineCount[] {
  return db.prepare(
    `SELECT s.symbol, c.reason, c.frames, c.last_received_ms
     FROM quarantine_counts c LEFT JOIN symbols s USING (symbol_id)
     ORDER BY s.symbol NULLS FIRST, c.reason`,
  ).all().map(toQuarantineCount);
}

/** Reads the ids of a symbol that were set aside, ascending. */
export function selectQuarantinedIds(db: DatabaseSync, symbol: string): number[] {
  return db.prepare(
    `SELECT DISTINCT q.trade_id FROM quarantine q JOIN symbols s USING (symbol_id)
     WHERE s.symbol = ? AND q.trade_id IS NOT NULL ORDER BY q.trade_id`,
  ).all(symbol).map((r) => Number(r.trade_id));
}
