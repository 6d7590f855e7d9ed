import { BINANCE_USDM, type QuarantineReason, type Quote } from "../../market/mod.ts";
import type { SideFrame } from "../side/side_feed.ts";
import { decimal, notThere, secondOf, sideFrame } from "./side_frame.ts";
import { type Fields, isWhole } from "./trade_fields.ts";

/** A quote with the number that the exchange gives each state of a book, ascending. */
export interface NumberedQuote extends Quote {
  /** The number. */
  readonly updateId: number;
}

/**
 * Returns what a frame of `<symbol>@bookTicker` tells.
 *
 * A side of the book that is empty, told by a price of 0, is `null`. A bid that is not below the ask
 * sets the frame aside, as does a field of another kind, a COIN-M contract (`st` = 2), or a time more
 * than ten minutes ahead of that of receipt. The second is that of the matching engine (`T`), not
 * that of the push.
 *
 * @example Nobody sells
 * ```ts
 * import { parseQuote } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const text = '{"e":"bookTicker","u":7,"s":"BTCUSDT","b":"83091.60","B":"4.215","a":"0.00",' +
 *   '"A":"0.000","T":1600,"E":1601,"st":1}';
 * deepStrictEqual(parseQuote(text, 1_610), {
 *   kind: "row",
 *   row: {
 *     venue: "binance-usdm", symbol: "BTCUSDT", timeMs: 1_000, updateId: 7,
 *     bid: 83091.6, bidQuantity: 4.215, ask: null, askQuantity: null,
 *   },
 * });
 * ```
 *
 * @param text The frame as received.
 * @param receivedMs Local time of receipt, ms since the epoch.
 * @returns The quote and its number, the reason why there is none, or an answer to a control frame.
 */
export function parseQuote(text: string, receivedMs: number): SideFrame<NumberedQuote> {
  return sideFrame(text, receivedMs, "bookTicker", readQuote);
}

function readQuote(payload: Fields, symbol: string): NumberedQuote | QuarantineReason {
  const { u: updateId, T, E, b, B, a, A } = payload;
  if (!isWhole(updateId)) return notThere(updateId);
  const timeMs = secondOf(T ?? E);
  if (typeof timeMs === "string") return timeMs;
  const bid = side(b, B);
  if (typeof bid === "string") return bid;
  const ask = side(a, A);
  if (typeof ask === "string") return ask;
  if (bid !== null && ask !== null && bid.price >= ask.price) return "crossed book";
  return {
    ...{ venue: BINANCE_USDM, symbol, timeMs, updateId },
    ...{ bid: bid?.price ?? null, bidQuantity: bid?.quantity ?? null },
    ...{ ask: ask?.price ?? null, askQuantity: ask?.quantity ?? null },
  };
}

/** Price and quantity of a side, `null` where it is empty, or why they cannot be read. */
function side(
  p: unknown,
  q: unknown,
): { readonly price: number; readonly quantity: number } | QuarantineReason | null {
  const [price, quantity] = [decimal(p), decimal(q)];
  if (price === null) return notThere(p);
  if (quantity === null) return notThere(q);
  if (price === 0) return null;
  if (price < 0) return "price not positive";
  return quantity > 0 ? { price, quantity } : "quantity not positive";
}
