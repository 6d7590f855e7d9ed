import type { DatabaseSync } from "node:sqlite";
import type { QuarantineReason } from "../market/mod.ts";
import type { QuarantineCount, StoredQuarantine, SymbolQuality } from "./reader.ts";
import { numberOrNull, text, textOrNull } from "./rows.ts";

/** Reads the counters of every symbol, in alphabetical order. */
export function selectQuality(db: DatabaseSync): SymbolQuality[] {
  return db.prepare(
    `SELECT q.*,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'open') AS gaps_open,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'repaired')
         AS gaps_repaired,
       (SELECT count(*) FROM v_gaps g WHERE g.symbol = q.symbol AND state = 'lost') AS gaps_lost
     FROM v_quality q WHERE q.symbol IS NOT NULL ORDER BY q.symbol`,
  ).all().map((r) => ({
    venue: text(r.venue),
    symbol: text(r.symbol),
    received: Number(r.received),
    stored: Number(r.stored),
    duplicate: Number(r.duplicate),
    late: Number(r.late),
    quarantined: Number(r.quarantined),
    reconnects: Number(r.reconnects),
    gapsOpen: Number(r.gaps_open),
    gapsRepaired: Number(r.gaps_repaired),
    gapsLost: Number(r.gaps_lost),
    lastTradeTimeMs: numberOrNull(r.last_trade_time_ms),
    clockSkewMs: numberOrNull(r.clock_skew_ms),
  }));
}

/** Reads the newest frames set aside whose text is kept, newest first. */
export function selectQuarantine(db: DatabaseSync, limit: number): StoredQuarantine[] {
  return db.prepare(
    `SELECT s.symbol, q.trade_id, q.reason, q.raw, q.received_ms
     FROM quarantine q LEFT JOIN symbols s USING (symbol_id)
     WHERE q.raw <> '' ORDER BY q.quarantine_id DESC LIMIT ?`,
  ).all(limit).map((r) => ({
    symbol: textOrNull(r.symbol),
    tradeId: numberOrNull(r.trade_id),
    reason: r.reason as QuarantineReason,
    raw: text(r.raw),
    receivedMs: Number(r.received_ms),
  }));
}

/** Reads how many frames were set aside per symbol and reason; those of no symbol first. */
export function selectQuarantineCounts(db: DatabaseSync): QuarantineCount[] {
  return db.prepare(
    `SELECT s.symbol, c.reason, c.frames, c.last_received_ms
     FROM quarantine_counts c LEFT JOIN symbols s USING (symbol_id)
     ORDER BY s.symbol NULLS FIRST, c.reason`,
  ).all().map((r) => ({
    symbol: textOrNull(r.symbol),
    reason: r.reason as QuarantineReason,
    frames: Number(r.frames),
    lastReceivedMs: Number(r.last_received_ms),
  }));
}

/** Reads the ids of a symbol that were set aside, ascending. */
export function selectQuarantinedIds(db: DatabaseSync, symbol: string): number[] {
  return db.prepare(
    `SELECT DISTINCT q.trade_id FROM quarantine q JOIN symbols s USING (symbol_id)
     WHERE s.symbol = ? AND q.trade_id IS NOT NULL ORDER BY q.trade_id`,
  ).all(symbol).map((r) => Number(r.trade_id));
}
