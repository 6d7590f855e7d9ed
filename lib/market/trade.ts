/** The side of the aggressor: `buy` when the taker bought. */
export type TakerSide = "buy" | "sell";

/** Where a trade was read: the live socket, REST, a daily archive file or a user's file. */
export type TradeSource = "ws" | "rest" | "archive" | "import";

/**
 * Which trades a symbol's stream carries: `aggTrade` (fills of one taker order at one price within
 * 100 ms, ids contiguous) or `trade` (single fills). Their ids count different things, so a
 * database holds one kind per symbol.
 */
export type StreamKind = "aggTrade" | "trade";

/** One match on the exchange, or one aggregate of matches. Never written to after creation. */
export interface Trade {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it, upper case; may hold any Unicode letter. */
  readonly symbol: string;
  /** The venue's id, dense and increasing per symbol; below 2^53. */
  readonly tradeId: number;
  /** Exchange time of the (first) match, ms since the epoch. */
  readonly timeMs: number;
  /** Quote per base; > 0 and finite. */
  readonly price: number;
  /** Base units; > 0 and finite. */
  readonly quantity: number;
  /** The aggressor's side. */
  readonly takerSide: TakerSide;
  /** Where this copy of the trade was read. */
  readonly source: TradeSource;
}

/**
 * Returns whether two records describe the same match: equal in everything but `source`.
 *
 * @example A REST copy of a live trade
 * ```ts
 * import { isSameTrade, type Trade } from "tandem/market";
 * import { ok } from "node:assert/strict";
 *
 * const live: Trade = {
 *   venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 7, timeMs: 1_000,
 *   price: 100, quantity: 2, takerSide: "buy", source: "ws",
 * };
 * ok(isSameTrade(live, { ...live, source: "rest" }));
 * ok(!isSameTrade(live, { ...live, price: 101 }));
 * ```
 *
 * @param a One record.
 * @param b The other.
 * @returns `true` when venue, symbol, id, time, price, quantity and side agree exactly.
 */
export function isSameTrade(a: Trade, b: Trade): boolean {
  return a.tradeId === b.tradeId && a.symbol === b.symbol && a.venue === b.venue &&
    a.timeMs === b.timeMs && a.price === b.price && a.quantity === b.quantity &&
    a.takerSide === b.takerSide;
}
