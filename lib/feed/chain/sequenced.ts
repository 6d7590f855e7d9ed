import { isSameTrade } from "../../market/mod.ts";
import type { FeedEvent, TradeEvent } from "../feed.ts";
import type { NonMarketTrade } from "../parsed_frame.ts";

/** How many rows the exchange gives in one answer at most. */
export const PAGE = 1_000;

/** What a symbol's chain of ids is made of. */
export type Sequenced = TradeEvent | NonMarketTrade;

/**
 * What became of an offered id: `delivered` (and perhaps others after it); `held` until the ids
 * before it are known; `duplicate`; `conflict`, a duplicate that says something else; `deferred`,
 * it lies in a gap that is in too many pieces, and is taken when it comes again.
 */
export type Offer = "delivered" | "held" | "duplicate" | "conflict" | "deferred";

/** How many trades may wait for missing ids, over all the sequencers that share it, and how long. */
export interface HoldBudget {
  /** The most that may wait. */
  readonly capacity: number;
  /** How long a gap may hold up its symbol, ms of exchange time since it was opened. */
  readonly holdMs: number;
  /** How many wait now. */
  used: number;
}

/** The ids to be fetched next: those that hold live trades up, oldest first, before any others. */
export interface MissingIds {
  /** First id of the oldest run of missing ids. */
  readonly firstId: number;
  /** Last id of the oldest run. */
  readonly lastId: number;
  /** Last id of the newest run of the same kind; ids between the runs are known. */
  readonly untilId: number;
}

/** Returns the id that an item is about. */
export function idOf(item: Sequenced): number {
  return item.kind === "trade" ? item.trade.tradeId : item.tradeId;
}

/** Returns whether two items of one id say the same. */
export function isSame(a: Sequenced, b: Sequenced): boolean {
  return a.kind === "trade" && b.kind === "trade"
    ? isSameTrade(a.trade, b.trade)
    : a.kind === b.kind;
}

/** Delivers an item whose turn it is. */
export function deliver(item: Sequenced, out: FeedEvent[]): void {
  if (item.kind === "trade") {
    out.push(item);
    return;
  }
  const { symbol, tradeId, frame } = item;
  out.push(
    { kind: "quarantine", frame },
    { kind: "skipped", venue: frame.venue, symbol, tradeId },
  );
}

/** Leaves an item for later; tells of one that is no trade, as its frame does not come again. */
export function setAside(item: Sequenced, out: FeedEvent[]): Offer {
  if (item.kind === "nonMarket") out.push({ kind: "quarantine", frame: item.frame });
  return "deferred";
}
