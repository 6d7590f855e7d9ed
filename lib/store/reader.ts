import type { AlertReader } from "./alerts.ts";
import type { Bar, Gap, QuarantineReason, StreamKind, Trade } from "../market/mod.ts";
import type { CloseChanges, CloseQuery, StoredClose } from "./closes.ts";
import type { MarkReader } from "./marks.ts";
import type { QuoteReader } from "./quotes.ts";
import type { TradeColumns } from "./trade_columns.ts";

/** Which bars to read: `[fromMs, toMs)` of open time, the newest `limit` of them, oldest first. */
export interface BarQuery {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** First open time, ms since the epoch. @default {-Infinity} */
  readonly fromMs?: number;
  /** End of the range, exclusive. @default {Infinity} */
  readonly toMs?: number;
  /** At most so many, the newest. @default {no limit} */
  readonly limit?: number;
}

/** Bars as columns, oldest first: what a series of prices needs, several times faster than bars. */
export interface BarColumns {
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: Float64Array;
  /** Price of the first trade. */
  readonly open: Float64Array;
  /** Price of the last trade. */
  readonly close: Float64Array;
  /** 1 where trade ids prove that no trade of the interval is missing, else 0. */
  readonly complete: Uint8Array;
  /** How often the bar has changed. */
  readonly revision: Float64Array;
}

/** Closes as columns, oldest first: where neither open nor state of a bar is of interest. */
export type CloseColumns = Pick<BarColumns, "openTimeMs" | "close">;

/** The part of a bar that a series of prices needs. */
export type PriceBar = Pick<Bar, "openTimeMs" | "open" | "close" | "complete" | "revision">;

/** Which trades to read, in id order. */
export interface TradeQuery {
  /** The symbol as the venue writes it. */
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
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** The kind of trades it holds; `null` for a symbol that has only imported bars. */
  readonly streamKind: StreamKind | null;
  /** Time of the newest stored trade, ms since the epoch, or `null`. */
  readonly lastTradeTimeMs: number | null;
  /** Exchange time before which trades were deleted by age, ms since the epoch; `null` if none were. */
  readonly tradesFromMs: number | null;
}

/** Counters of one symbol since the database was made. */
export interface SymbolQuality {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Trades that arrived, duplicates and quarantined ones included. */
  readonly received: number;
  /** Trades stored. */
  readonly stored: number;
  /** Trades that were known already and dropped. */
  readonly duplicate: number;
  /** Times a trade came after its bar was closed; the bar was then rebuilt. */
  readonly late: number;
  /** Frames set aside. */
  readonly quarantined: number;
  /** Times its socket was opened anew. */
  readonly reconnects: number;
  /** Gaps that are known and not repaired yet. */
  readonly gapsOpen: number;
  /** Gaps whose ids were all fetched. */
  readonly gapsRepaired: number;
  /** Gaps that are gone for good. */
  readonly gapsLost: number;
  /** Time of the newest stored trade, ms since the epoch, or `null`. */
  readonly lastTradeTimeMs: number | null;
  /** Local clock minus exchange clock, ms, as last measured; `null` before. */
  readonly clockSkewMs: number | null;
}

/** A frame that was set aside, as stored. */
export interface StoredQuarantine {
  /** The symbol as the venue writes it. */
  readonly symbol: string | null;
  /** The trade id it consumed, or `null`. */
  readonly tradeId: number | null;
  /** Why it was set aside. */
  readonly reason: QuarantineReason;
  /** The text as received, cut to 2,000 characters; NUL is written as U+2400. */
  readonly raw: string;
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
}

/** How many frames were set aside for one reason since the database was made. */
export interface QuarantineCount {
  /** The symbol as the venue writes it; `null` for frames that told no known symbol. */
  readonly symbol: string | null;
  /** Why they were set aside. */
  readonly reason: QuarantineReason;
  /** How many, exactly; also those whose text is no longer kept. */
  readonly frames: number;
  /** Local time of the newest, ms since the epoch. */
  readonly lastReceivedMs: number;
}

/** What the writer last said of itself; information only, the file lock is the lease. */
export interface WriterHeartbeat {
  /** Its process id. */
  readonly pid: number;
  /** The machine it ran on. */
  readonly host: string;
  /** When it started, local ms since the epoch. */
  readonly startedAtMs: number;
  /** When it was last alive, local ms since the epoch. */
  readonly heartbeatAtMs: number;
  /** `true` when the trades come from a simulated or replayed exchange. */
  readonly simulated: boolean;
}

/** New and revised bars of one symbol and interval, in open-time order. */
export interface BarChanges {
  /** The bars that are new or changed. */
  readonly bars: readonly Bar[];
  /** Pass it to the next call; opaque. */
  readonly cursor: number;
}

/**
 * Reads a database; never locks it, never writes. Every call sees one consistent state.
 *
 * Ranges and limits may be `Infinity`; what can be no number of what it counts (`NaN`, a limit of
 * −1 or 1.5) is a `RangeError`, whichever the database.
 */
export interface StoreReader extends MarkReader, QuoteReader, Disposable {
  /** Alert rules and alerts. */
  readonly alerts: AlertReader;
  /** The symbols, in alphabetical order. */
  symbols(): StoredSymbol[];
  /** Bars, oldest first. */
  bars(query: BarQuery): Bar[];
  /** The same bars as columns of times, opens and closes. */
  barColumns(query: BarQuery): BarColumns;
  /**
   * The times and closes of the same bars, also of those that are incomplete: three fifths of the
   * time of `barColumns()`, which tells the state of each.
   */
  closeColumns(query: BarQuery): CloseColumns;
  /** What `barColumns()` tells, as records: half the time of `bars()`. */
  priceBars(query: BarQuery): PriceBar[];
  /** Trades in id order, wherever they rest: in the table, or in Parquet files of closed days. */
  trades(query: TradeQuery): Trade[];
  /** The same as columns: for millions of them, several times as fast as records. */
  tradeColumns(query: TradeQuery): TradeColumns;
  /** Gaps, newest first: those of a symbol or all, and of them the newest `limit`. */
  gaps(symbol?: string, limit?: number): Gap[];
  /** Counters per symbol, in alphabetical order. */
  quality(): SymbolQuality[];
  /** Frames set aside, newest first; of each reason the newest 2,000 are kept. */
  quarantine(limit?: number): StoredQuarantine[];
  /** Counters of frames set aside, per symbol and reason; those of no symbol first. */
  quarantineCounts(): QuarantineCount[];
  /** Ids of a symbol that were seen and set aside, ascending. */
  quarantinedIds(symbol: string): number[];
  /** What the writer last said of itself, or `null` if none ever wrote. */
  heartbeat(): WriterHeartbeat | null;
  /**
   * A number that changes whenever another connection has committed; cheap enough to poll every
   * 100 ms (`PRAGMA data_version`).
   */
  version(): number;
  /**
   * Whether the file was removed, or another one is in its place, since it was opened: what is read
   * is then the old one, which nobody writes any more.
   */
  isReplaced(): boolean;
  /** Size of the database in bytes, without what waits in its write-ahead log. */
  sizeBytes(): number;
  /** The cursor of this moment for `barChanges()`. */
  cursor(): number;
  /** Bars of one symbol and interval written or revised after `cursor`. */
  barChanges(query: { symbol: string; intervalMs: number; cursor: number }): BarChanges;
  /** Closes of every symbol, in open-time order. */
  closes(query: CloseQuery): StoredClose[];
  /** Closes of every symbol written or revised after `cursor`. */
  closeChanges(query: { intervalMs: number; cursor: number }): CloseChanges;
  /** First and last open time of the bars of an interval, all symbols together; `null` if none. */
  closeRange(intervalMs: number): { readonly firstMs: number; readonly lastMs: number } | null;
}
