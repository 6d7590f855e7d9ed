import type { StatementSync } from "node:sqlite";
import type { Bar, Gap, GapState, QuarantineReason, StreamKind } from "../market/mod.ts";
import type {
  QuarantineCount,
  StoredQuarantine,
  StoredSymbol,
  SymbolQuality,
  WriterHeartbeat,
} from "./reader.ts";

/** A row as a database gives it, of whichever kind. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows as arrays: three times as fast as objects; the declarations do not know the method yet. */
export function withArrays(statement: StatementSync): StatementSync {
  (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  return statement;
}

/** A text column. */
export function text(value: unknown): string {
  return String(value);
}

/** A text column that may be NULL. */
export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A number column that may be NULL. */
export function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** A row of `v_bars`. */
export function toBar(r: Row): Bar {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
    intervalMs: Number(r.interval_ms),
    openTimeMs: Number(r.open_time_ms),
    open: Number(r.open),
    high: Number(r.high),
    low: Number(r.low),
    close: Number(r.close),
    volume: Number(r.volume),
    quoteVolume: numberOrNull(r.quote_volume),
    tradeCount: numberOrNull(r.trade_count),
    takerBuyVolume: numberOrNull(r.taker_buy_volume),
    firstTradeId: numberOrNull(r.first_trade_id),
    lastTradeId: numberOrNull(r.last_trade_id),
    complete: r.complete === 1,
    revision: Number(r.revision),
  };
}

/** A row of `v_gaps`. */
export function toGap(r: Row): Gap {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
    firstMissingId: Number(r.first_missing_id),
    lastMissingId: Number(r.last_missing_id),
    openedAtMs: Number(r.opened_at_ms),
    closedAtMs: numberOrNull(r.closed_at_ms),
    state: r.state as GapState,
  };
}

/** A row of `symbols`, with the time of its newest trade. */
export function toSymbol(r: Row): StoredSymbol {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
    streamKind: r.stream_kind as StreamKind | null,
    lastTradeTimeMs: numberOrNull(r.last_trade_time_ms),
    tradesFromMs: numberOrNull(r.trades_from_ms),
  };
}

/** A row of `v_quality`, with counts of its gaps. */
export function toQuality(r: Row): SymbolQuality {
  return {
    venue: text(r.venue),
    symbol: text(r.symbol),
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
  };
}

/** A row of `v_quarantine`. */
export function toQuarantine(r: Row): StoredQuarantine {
  return {
    symbol: textOrNull(r.symbol),
    tradeId: numberOrNull(r.trade_id),
    reason: r.reason as QuarantineReason,
    raw: text(r.raw),
    receivedMs: Number(r.received_ms),
  };
}

/** A row of `quarantine_counts`, with the name of its symbol. */
export function toQuarantineCount(r: Row): QuarantineCount {
  return {
    symbol: textOrNull(r.symbol),
    reason: r.reason as QuarantineReason,
    frames: Number(r.frames),
    lastReceivedMs: Number(r.last_received_ms),
  };
}

/** The row of `writer`; `null` before the first. */
export function toHeartbeat(r: Row | undefined): WriterHeartbeat | null {
  return r === undefined || r.started_at_ms === null ? null : {
    pid: Number(r.pid),
    host: text(r.host),
    startedAtMs: Number(r.started_at_ms),
    heartbeatAtMs: Number(r.heartbeat_at_ms),
    simulated: r.simulated === 1,
  };
}
