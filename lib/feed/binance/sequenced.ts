import { isSameTrade } from "../../market/mod.ts";
import type { TradeEvent } from "../feed.ts";
import type { NonMarketTrade } from "./message.ts";
import type { AggTradesPage } from "./rest_queries.ts";

/** What a symbol's chain of ids is made of. */
export type Sequenced = TradeEvent | NonMarketTrade;

/**
 * What became of an offered id: `delivered` (and perhaps others after it); `held` until the ids
 * before it are known; `duplicate`; `conflict`, a duplicate that says something else; `dropped`,
 * there was no room to hold it and it is part of a gap.
 */
export type Offer = "delivered" | "held" | "duplicate" | "conflict" | "dropped";

/** How many trades may wait for missing ids, over all the sequencers that share it. */
export interface HoldBudget {
  /** The most that may wait. */
  readonly capacity: number;
  /** How many wait now. */
  used: number;
}

/** The ids that are known to be missing, oldest first. */
export interface MissingIds {
  /** First id of the oldest run of missing ids. */
  readonly firstId: number;
  /** Last id of the oldest run. */
  readonly lastId: number;
  /** Last id of the newest run; between the runs are ids that are held. */
  readonly untilId: number;
  /** Exchange time at which they were found missing, ms since the epoch. */
  readonly openedAtMs: number;
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

/**
 * Returns the rows of a page, trades or not, in id order: what a `Sequencer` takes.
 *
 * @example A page without rows
 * ```ts
 * import { sequencedPage } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(sequencedPage("BTCUSDT", { trades: [], rejected: [], receivedMs: 0 }), []);
 * ```
 *
 * @param symbol The symbol of the page.
 * @param page What REST answered.
 * @returns One item per row.
 */
export function sequencedPage(symbol: string, page: AggTradesPage): Sequenced[] {
  const { receivedMs } = page;
  const items: Sequenced[] = page.trades.map((trade) => ({
    kind: "trade",
    trade,
    eventTimeMs: null,
    receivedMs,
  }));
  for (const { tradeId, frame } of page.rejected) {
    items.push({ kind: "nonMarket", symbol, tradeId, eventTimeMs: null, receivedMs, frame });
  }
  return items.sort((a, b) => idOf(a) - idOf(b));
}
