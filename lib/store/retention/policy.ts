/** What may leave a database, and when. Ages are measured against `nowMs`, in whole UTC days. */
export interface RetentionPolicy {
  /** The time it is, ms since the epoch: of the exchange, so that a replay keeps what it writes. */
  readonly nowMs: number;
  /** Move UTC days of trades to Parquet files once they ended so long ago, ms; `null` never. */
  readonly archiveAfterMs: number | null;
  /** Delete trades that are older, ms, in the table and in files; `null` never. */
  readonly tradesMs: number | null;
  /** Delete bars, marks and quotes that are older, ms; `null` never. */
  readonly barsMs: number | null;
  /** Delete the oldest days of trades while database and files together take more, bytes. */
  readonly maxBytes: number | null;
}

/** What housekeeping did. */
export interface RetentionReport {
  /** Days whose trades are in a Parquet file now. */
  days: number;
  /** Trades that were moved. */
  movedTrades: number;
  /** Trades that were deleted for good. */
  deletedTrades: number;
  /** Bars that were deleted for good. */
  deletedBars: number;
  /** Marks and quotes that were deleted for good. */
  deletedSeconds: number;
  /** What database and files take after it, bytes; pages that are free for reuse do not count. */
  usedBytes: number;
  /** What could not be done, a sentence each; nothing is lost by it. */
  readonly problems: string[];
}
