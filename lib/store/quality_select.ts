import type { DatabaseSync } from "node:sqlite";
import type { QuarantineCount, StoredQuarantine, SymbolQuality } from "./reader.ts";
import { toQuality, toQuarantine, toQuarantineCount } from "./rows.ts";

/** Reads the counters of every symbol, in alphabetical order. */
export function selectQuality(db: DatabaseSync): SymbolQuality[] {
  return db.prepare(
    `SELECT q.*,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'open') AS gaps_open,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'repaired')
         AS gaps_repaired,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'lost') AS gaps_lost
     FROM v_quality q WHERE q.symbol IS NOT NULL ORDER BY q.symbol`,
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
