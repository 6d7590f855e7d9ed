import type { Mark } from "../../market/mod.ts";
import { LastPerSecond } from "../side/last_per_second.ts";
import { FirstPerSecond } from "../side/one_per_second.ts";
import { type SideFeed, type SideFeedOptions, StreamSideFeed } from "../side/side_feed.ts";
import { parseMark } from "./mark_message.ts";
import { type NumberedQuote, parseQuote } from "./quote_message.ts";
import type { BinanceRest } from "./rest.ts";
import { streamName } from "./urls.ts";
import { binanceWire } from "./wire.ts";

/** Marks are told every second. */
const MARK_QUIET_MS = 30_000;

/** A book may stand still for minutes, and that of a dead subscription seems to. */
const QUOTE_QUIET_MS = 300_000;

/** What a feed beside the trades follows and how. */
export interface BinanceSideOptions extends SideFeedOptions {
  /** Where sockets are opened, without the route. @default {"wss://fstream.binance.com"} */
  readonly wsUrl?: string;
  /** Tells the exchange's time, to explain why there is no connection. */
  readonly rest: BinanceRest;
}

/**
 * Returns the mark prices, index prices and funding rates of Binance USD-M futures, one per symbol
 * and second, on sockets of their own. A reconnect tells no second twice; those it missed are not
 * told any more.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { BinanceRest, markFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = markFeed({ rest: new BinanceRest(), signal: AbortSignal.abort() });
 * feed.follow(new Set(["BTCUSDT"]));
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options Where to connect and what ends it.
 * @returns The feed, which follows nothing yet; it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function markFeed(options: BinanceSideOptions): SideFeed<Mark> {
  return new StreamSideFeed<Mark>({
    wire: {
      ...binanceWire(placeOf(options), "aggTrade"),
      topic: (symbol) => streamName(symbol, "markPrice@1s"),
    },
    clock: options.rest,
    quietMs: options.quietMs ?? MARK_QUIET_MS,
    thin: () => new FirstPerSecond(),
    read: parseMark,
  }, options);
}

/**
 * Returns the best bids and asks of Binance USD-M futures, on sockets of their own: of each symbol
 * and second the last that was told in it, once the second is over. A second in which nothing
 * changed has none, but every 30 s what stands is told again, for 5 minutes after it was last told,
 * while there is a connection by whose other frames the exchange's time is known.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { BinanceRest, quoteFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = quoteFeed({ rest: new BinanceRest(), signal: AbortSignal.abort() });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options Where to connect and what ends it.
 * @returns The feed, which follows nothing yet; it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function quoteFeed(options: BinanceSideOptions): SideFeed<NumberedQuote> {
  const quietMs = options.quietMs ?? QUOTE_QUIET_MS;
  return new StreamSideFeed<NumberedQuote>({
    wire: {
      ...binanceWire(placeOf(options), "trade"),
      topic: (symbol) => streamName(symbol, "bookTicker"),
    },
    clock: options.rest,
    quietMs,
    thin: () => new LastPerSecond(({ updateId }) => updateId, quietMs),
    read: parseQuote,
  }, options);
}

function placeOf({ wsUrl }: BinanceSideOptions): { readonly wsUrl?: string } {
  return wsUrl === undefined ? {} : { wsUrl };
}
