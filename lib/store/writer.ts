import type { RetentionPolicy, RetentionReport } from "./retention/policy.ts";
import type { AlertWriter } from "./alerts.ts";
import type { Bar, Gap, Mark, QuarantinedFrame, Quote, StreamKind, Trade } from "../market/mod.ts";
import type { BarQuery, TradeQuery } from "./reader.ts";
import type { TradeBuffer } from "./trade_buffer.ts";

/** What happened to a symbol's stream since the last batch; added to its counters. */
export interface QualityIncrement {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Trades that arrived. */
  readonly received?: number;
  /** Trades dropped as known. */
  readonly duplicate?: number;
  /** Trades of closed bars. */
  readonly late?: number;
  /** Times the socket was opened anew. */
  readonly reconnects?: number;
  /** Local clock minus exchange clock, ms: replaces the last value. */
  readonly clockSkewMs?: number;
}

/** A run of trade ids, both ends included. */
export interface IdRun {
  /** The first. */
  readonly firstId: number;
  /** The last. */
  readonly lastId: number;
}

/** Every bar of a symbol that ends at or before a time is stored with the batch, or was before. */
export interface ClosedUntil {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Exchange time, ms since the epoch. */
  readonly timeMs: number;
}

/** What is written together: all of it, or nothing. */
export interface WriteBatch {
  /** Trades, in id order per symbol but for late ones. */
  readonly trades?: readonly Trade[];
  /** Trades again, as they are gathered while many come; they are read before the call returns. */
  readonly buffers?: readonly TradeBuffer[];
  /** Bars; one that is stored already is replaced when it differs. */
  readonly bars?: readonly Bar[];
  /** Up to when bars are final. */
  readonly closed?: readonly ClosedUntil[];
  /** Marks; of a second that has one already nothing changes. */
  readonly marks?: readonly Mark[];
  /** Quotes; of a second that has one already nothing changes. */
  readonly quotes?: readonly Quote[];
  /** Gaps; named by their first missing id. */
  readonly gaps?: readonly Gap[];
  /** Frames set aside. */
  readonly quarantined?: readonly QuarantinedFrame[];
  /** Counters to add to. */
  readonly quality?: readonly QualityIncrement[];
  /** Up to where something kept elsewhere was taken up, by name; whole numbers >= 0. */
  readonly bookmarks?: ReadonlyMap<string, number>;
}

/** What a batch changed. */
export interface WriteResult {
  /** Trades that were not stored before. */
  readonly storedTrades: number;
}

/** A batch that is being written. */
export interface BatchUnderWay {
  /** Resolves when it is written or has failed, and never rejects: `settle()` says which. */
  readonly settled: Promise<void>;
  /** Waits for its end, doing nothing else. @throws {StoreError} Nothing of the batch is written. */
  settle(): WriteResult;
}

/** How a writer presents itself to readers. */
export interface WriterIdentity {
  /** Its process id. */
  readonly pid: number;
  /** The machine it ran on. */
  readonly host: string;
  /** Local time, ms since the epoch. */
  readonly startedAtMs: number;
  /** Whether the trades come from a simulated or replayed exchange; once set it stays. */
  readonly simulated: boolean;
}

/** How many decimals the numbers of a symbol have at most; it makes stored trades smaller. */
export interface Decimals {
  /** Of prices; a whole number >= 0. One with more is stored as well, in more bytes. */
  readonly price: number;
  /** Of quantities; a whole number >= 0. */
  readonly quantity: number;
}

/** How to open a database for writing. */
export interface WriterOptions {
  /** Who writes. */
  readonly identity: WriterIdentity;
  /**
   * `NORMAL` survives a crash of the process, `FULL` also a loss of power.
   *
   * @default {"NORMAL"}
   */
  readonly synchronous?: "NORMAL" | "FULL";
  /**
   * Lets all writers that name the same write beside each other, each only what belongs to shares
   * that it holds; on a server, as a file has one writer at a time all the same.
   *
   * @default {no other writes beside this one}
   */
  readonly sharedAs?: string;
  /**
   * After so long without a word the server ends the session of a writer that shares, ms: others
   * have its shares then, also when its process hangs or nobody could tell of the end of its machine.
   *
   * @default {10_000}
   */
  readonly mostSilenceMs?: number;
}

/**
 * What writers beside each other divide among them: each share is held by one of them, until it
 * gives it back or its session with the server ends, after which it can commit nothing any more.
 */
export interface WriterShares {
  /** How many writers there are now, this one included. @throws {StoreError} As every method here. */
  writers(): number;
  /** Takes a share, by its name, unless another writer holds it. @returns Whether it is held now. */
  hold(share: string): boolean;
  /** Gives one back, after all that belongs to it was written. */
  giveBack(share: string): void;
}

/**
 * The one writer of a database, or of its part of one.
 *
 * Writing a trade, bar or gap twice is the same as once; a bar that differs from the stored one
 * replaces it with its revision raised.
 */
export interface StoreWriter extends Disposable {
  /** Alert rules and alerts. */
  readonly alerts: AlertWriter;
  /** What it has of what it shares with other writers. */
  readonly shares: WriterShares;
  /**
   * Declares which trades a symbol holds; `null` where it is to hold bars without trades.
   *
   * @param decimals How many its numbers have; settled when its first trade is stored.
   * @throws {StoreError} If the database holds the other kind.
   */
  register(
    venue: string,
    symbol: string,
    streamKind: StreamKind | null,
    decimals?: Decimals,
  ): void;
  /** Whether a symbol has been registered, now or by an earlier writer. */
  isRegistered(symbol: string): boolean;
  /** Writes a batch in one transaction. @throws {StoreError} Nothing of the batch is then written. */
  write(batch: WriteBatch): WriteResult;
  /**
   * Begins to write a batch in one transaction: in a thread of its own, or at once. Whatever is
   * asked of the writer after that is answered after the batch.
   */
  begin(batch: WriteBatch): BatchUnderWay;
  /** The last known trade id of each registered symbol, stored or quarantined. */
  lastTradeIds(): Map<string, number>;
  /** That of one symbol, or `null`. */
  lastTradeId(symbol: string): number | null;
  /** Time of the stored trade with the largest id, ms since the epoch, or `null`. */
  lastTradeTimeMs(symbol: string): number | null;
  /** Where the bookmark of a name is, as written last, or `null`. */
  bookmark(name: string): number | null;
  /** Gaps of a symbol that are neither repaired nor lost, in id order. */
  openGaps(symbol: string): Gap[];
  /** The last id of the lost gaps of a symbol that begin after an id, or `null` where none does. */
  lastLostId(symbol: string, afterId: number): number | null;
  /** Forgets the lost gaps of a symbol that begin after an id: its chain will be told anew from there. */
  forgetLostGaps(symbol: string, afterId: number): void;
  /** Exchange time up to which the bars of a symbol are stored, ms; `null` before the first. */
  closedUntilMs(symbol: string): number | null;
  /** Exchange time before which trades of a symbol were deleted by age, ms; `null` if none were. */
  tradesFromMs(symbol: string): number | null;
  /**
   * Stored trades of a symbol in id order, from the first that is not earlier than `fromMs` on; among
   * those after it may be earlier ones, as ids are not quite in time order.
   */
  tradesFrom(symbol: string, fromMs: number): Trade[];
  /** Stored trades in id order, as a reader gives them. */
  trades(query: TradeQuery): Trade[];
  /** Stored bars of a range, oldest first, as a reader gives them. */
  bars(query: BarQuery): Bar[];
  /** Whether a trade id of a symbol is stored or quarantined, or was before it was deleted by age. */
  isKnown(symbol: string, tradeId: number): boolean;
  /** Quarantined ids of a symbol in `[fromId, toId]`, ascending. */
  quarantinedIds(symbol: string, fromId: number, toId: number): number[];
  /** The ids of a symbol in `[fromId, toId]` that are neither stored nor quarantined, as runs. */
  missingRuns(symbol: string, fromId: number, toId: number): IdRun[];
  /** Says that what is stored comes from a simulated exchange; once said it stays. */
  markSimulated(): void;
  /**
   * Tells readers that the writer is alive.
   *
   * @throws {StoreError} If it cannot, or the file was removed or replaced meanwhile.
   */
  heartbeat(nowMs: number): void;
  /**
   * Moves closed days of trades to Parquet files and deletes what is too old or too much, in steps
   * of a few ms: writing goes on meanwhile. Call it again only when it has ended.
   *
   * @param policy What may leave, and when.
   * @param signal Ends it after the step it is at; the rest is done next time.
   * @returns What was done, and what could not be.
   * @throws {StoreError} If the database cannot be written.
   */
  housekeep(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport>;
  /** Moves the log into the database file. */
  checkpoint(): void;
}
