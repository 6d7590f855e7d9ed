import type { Bar, Gap, QuarantineReason, StreamKind, Trade } from "../market/mod.ts";

/** Which bars to read: `[fromMs, toMs)` of open time, the newest `limit` of them, oldest first. */
export interface BarQuery {
  readonly symbol: string;
  readonly intervalMs: number;
  /** First open time, ms since the epoch. @default {-Infinity} */
  readonly fromMs?: number;
  /** End of the range, exclusive. @default {Infinity} */
  readonly toMs?: number;
  /** At most so many, the newest. @default {no limit} */
  readonly limit?: number;
}

/** Which trades to read, in id order. */
export interface TradeQuery {
  readonly symbol: string;
  /** First trade id. */
  readonly fromId?: number;
  /** Last trade id, inclusive. */
  readonly toId?: number;
  /** First trade time, ms since the epoch. */
  readonly fromMs?: number;
  /** End of the time range, exclusive. */
  readonly toMs?: number;
  /** At most so many, the first. */
  readonly limit?: number;
}

/** One symbol of a database. */
export interface StoredSymbol {
  readonly venue: string;
  readonly symbol: string;
  /** The kind of trades it holds; `null` for a symbol that has only imported bars. */
  readonly streamKind: StreamKind | null;
  /** Time of the newest stored trade, ms since the epoch, or `null`. */
  readonly lastTradeTimeMs: number | null;
}

/** Counters of one symbol since the database was made. */
export interface SymbolQuality {
  readonly venue: string;
  readonly symbol: string;
  readonly received: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly late: number;
  readonly quarantined: number;
  readonly reconnects: number;
  readonly gapsOpen: number;
  readonly gapsRepaired: number;
  readonly gapsLost: number;
  readonly lastTradeTimeMs: number | null;
  /** Local clock minus exchange clock, ms, as last measured; `null` before. */
  readonly clockSkewMs: number | null;
}

/** A frame that was set aside, as stored. */
export interface StoredQuarantine {
  readonly symbol: string | null;
  readonly tradeId: number | null;
  readonly reason: QuarantineReason;
  readonly raw: string;
  readonly receivedMs: number;
}

/** What the writer last said of itself; information only, the file lock is the lease. */
export interface WriterHeartbeat {
  readonly pid: number;
  readonly host: string;
  readonly startedAtMs: number;
  readonly heartbeatAtMs: number;
  /** `true` when the trades come from a simulated or replayed exchange. */
  readonly simulated: boolean;
}

/** New and revised bars of one symbol and interval, in open-time order. */
export interface BarChanges {
  readonly bars: readonly Bar[];
  /** Pass it to the next call; opaque. */
  readonly cursor: number;
}

/** Reads a database; never locks it, never writes. Every call sees one consistent state. */
export interface StoreReader extends Disposable {
  /** The symbols, in alphabetical order. */
  symbols(): StoredSymbol[];
  /** Bars, oldest first. */
  bars(query: BarQuery): Bar[];
  /** Trades in id order. */
  trades(query: TradeQuery): Trade[];
  /** Gaps, newest first. */
  gaps(symbol?: string): Gap[];
  /** Counters per symbol, in alphabetical order. */
  quality(): SymbolQuality[];
  /** Frames set aside, newest first. */
  quarantine(limit?: number): StoredQuarantine[];
  /** Ids of a symbol that were seen and set aside, ascending. */
  quarantinedIds(symbol: string): number[];
  /** What the writer last said of itself, or `null` if none ever wrote. */
  heartbeat(): WriterHeartbeat | null;
  /**
   * A number that changes whenever another connection has committed; cheap enough to poll every
   * 100 ms (`PRAGMA data_version`).
   */
  version(): number;
  /** The cursor of this moment for `barChanges()`. */
  cursor(): number;
  /** Bars of one symbol and interval written or revised after `cursor`. */
  barChanges(query: { symbol: string; intervalMs: number; cursor: number }): BarChanges;
}
