import type { Bar, QuarantinedFrame, StreamKind, Trade } from "../../market/mod.ts";

/** Trades of one symbol from the past, in any order, and rows that are none but use up an id. */
export interface TradeBatch {
  readonly venue: string;
  readonly symbol: string;
  readonly streamKind: StreamKind;
  readonly trades: readonly Trade[];
  readonly rejected: readonly QuarantinedFrame[];
}

/** What became of a batch of trades. */
export interface TradesReceipt {
  /** Trades that were not stored before. */
  readonly stored: number;
  /** Trades that were, with the same values. */
  readonly duplicates: number;
  /** Trades that were, with other values: those stored are kept, these set aside. */
  readonly conflicts: number;
  /** Trades newer than the last one a running feed has delivered: they are left to it. */
  readonly left: number;
}

/** Bars of one symbol and interval from a file, in any order. */
export interface BarBatch {
  readonly venue: string;
  readonly symbol: string;
  readonly intervalMs: number;
  readonly bars: readonly Bar[];
}

/** What became of a batch of bars. */
export interface BarsReceipt {
  /** Bars that were not stored before. */
  readonly stored: number;
  /** Bars that were, with other values, from a file: they are replaced. */
  readonly changed: number;
  /** Bars that were, with the same values. */
  readonly duplicates: number;
  /** Bars that stored trades tell otherwise or alike: those of the trades are kept. */
  readonly fromTrades: number;
}

/** Where the past is put: the database, or the ingest that writes it. */
export interface History extends AsyncDisposable {
  /** Takes trades: stores them, builds the bars they touch anew, settles gaps; all or nothing. */
  putTrades(batch: TradeBatch): Promise<TradesReceipt>;
  /** Takes bars that come without trades. */
  putBars(batch: BarBatch): Promise<BarsReceipt>;
  /**
   * Says that what is put from now on comes from a simulated exchange, and the database with it.
   *
   * @throws {ProgramError} If the database holds real ones.
   */
  markSimulated(): void;
  /** Whether an ingest writes the database and takes what is put. */
  readonly isRemote: boolean;
  /** How many rows of a file are best put at a time. */
  readonly batchRows: number;
}

/** Adds up receipts. */
export function addReceipt<T extends TradesReceipt | BarsReceipt>(sum: T, receipt: T): T {
  const entries = Object.entries(sum).map(([name, count]) => [
    name,
    count + receipt[name as keyof T],
  ]);
  return Object.fromEntries(entries) as T;
}

export const NO_TRADES: TradesReceipt = { stored: 0, duplicates: 0, conflicts: 0, left: 0 };
export const NO_BARS: BarsReceipt = { stored: 0, changed: 0, duplicates: 0, fromTrades: 0 };
