import type { Gap, GapState, QuarantineReason } from "../../market/mod.ts";
import type { QuarantineCount, StoredQuarantine, SymbolQuality } from "../reader.ts";
import type { Link } from "./link.ts";
import { numberOrNull, type Row, textOrNull } from "./wire.ts";

/** Reads the counters of every symbol, in alphabetical order. */
export function selectQuality(link: Link): SymbolQuality[] {
  return link.rows(
    `SELECT q.*, g.* FROM v_quality q
       LEFT JOIN (SELECT symbol AS gap_symbol,
         count(*) FILTER (WHERE state = 'open') AS gaps_open,
         count(*) FILTER (WHERE state = 'repaired') AS gaps_repaired,
         count(*) FILTER (WHERE state = 'lost') AS gaps_lost
         FROM v_gaps GROUP BY symbol) g ON g.gap_symbol = q.symbol
     WHERE q.symbol IS NOT NULL ORDER BY q.symbol`,
  ).map((r) => ({
    venue: String(r.venue),
    symbol: String(r.symbol),
    received: Number(r.received),
    stored: Number(r.stored),
    duplicate: Number(r.duplicate),
    late: Number(r.late),
    quarantined: Number(r.quarantined),
    reconnects: Number(r.reconnects),
    gapsOpen: Number(r.gaps_open ?? 0),
    gapsRepaired: Number(r.gaps_repaired ?? 0),
    gapsLost: Number(r.gaps_lost ?? 0),
    lastTradeTimeMs: numberOrNull(r.last_trade_time_ms),
    clockSkewMs: numberOrNull(r.clock_skew_ms),
  }));
}

/** Reads the newest frames set aside whose text is kept, newest first. */
export function selectQuarantine(link: Link, limit: number): StoredQuarantine[] {
  return link.rows(
    `SELECT s.symbol, q.trade_id, q.reason, q.raw, q.received_ms
     FROM quarantine q LEFT JOIN symbols s USING (symbol_id)
     WHERE q.raw <> '' ORDER BY q.quarantine_id DESC LIMIT $1`,
    limit,
  ).map((r) => ({
    symbol: textOrNull(r.symbol),
    tradeId: numberOrNull(r.trade_id),
    reason: r.reason as QuarantineReason,
    raw: String(r.raw),
    receivedMs: Number(r.received_ms),
  }));
}

/** Reads how many frames were set aside per symbol and reason; those of no symbol first. */
export function selectQuarantineCounts(link: Link): QuarantineCount[] {
  return link.rows(
    `SELECT s.symbol, c.reason, c.frames, c.last_received_ms
     FROM quarantine_counts c LEFT JOIN symbols s USING (symbol_id)
     ORDER BY s.symbol NULLS FIRST, c.reason COLLATE "C"`,
  ).map((r) => ({
    symbol: textOrNull(r.symbol),
    reason: r.reason as QuarantineReason,
    frames: Number(r.frames),
    lastReceivedMs: Number(r.last_received_ms),
  }));
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

/** A row of `v_gaps`. */
export function toGap(r: Row): Gap {
  return {
    venue: String(r.venue),
    symbol: String(r.symbol),
    firstMissingId: Number(r.first_missing_id),
    lastMissingId: Number(r.last_missing_id),
    openedAtMs: Number(r.opened_at_ms),
    closedAtMs: numberOrNull(r.closed_at_ms),
    state: r.state as GapState,
  };
}
