import type { QuarantinedFrame, Trade } from "../../market/mod.ts";

/** Which aggregate trades to ask for: from an id on, in a time window, or the most recent. */
export interface AggTradesQuery {
  /** The symbol as the exchange writes it. */
  readonly symbol: string;
  /** First id. Not together with times: the exchange times out. */
  readonly fromId?: number;
  /** First trade time, ms since the epoch. */
  readonly startTimeMs?: number;
  /** Last trade time, inclusive, ms since the epoch. */
  readonly endTimeMs?: number;
  /** At most so many, 1 to 1,000. @default {1_000} */
  readonly limit?: number;
}

/** Which candlesticks to ask for. */
export interface KlinesQuery {
  /** The symbol as the exchange writes it. */
  readonly symbol: string;
  /** The interval as the exchange spells it, for example `1m`; `1s` is refused. */
  readonly interval: string;
  /** First open time, ms since the epoch. */
  readonly startTimeMs?: number;
  /** End of the window, ms since the epoch. */
  readonly endTimeMs?: number;
  /** At most so many, 1 to 1,500. @default {500} */
  readonly limit?: number;
}

/** A row of an answer that is no trade, with the id it was given under. */
export interface RejectedRow {
  /** The id, which is used up by it. */
  readonly tradeId: number;
  /** The row and why it is no trade. */
  readonly frame: QuarantinedFrame;
}

/** One answer of aggregate trades, in id order. */
export interface AggTradesPage {
  /** The trades, in id order. */
  readonly trades: readonly Trade[];
  /** The rows that are none. */
  readonly rejected: readonly RejectedRow[];
  /** Local time of receipt, ms since the epoch. */
  readonly receivedMs: number;
}
