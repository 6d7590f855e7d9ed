import { BYBIT_LINEAR } from "../../market/mod.ts";
import { SparseChain } from "../chain/sparse_chain.ts";
import type { Feed } from "../feed.ts";
import { checkRecent } from "../venue/check_recent.ts";
import { EachNewest } from "../venue/each_newest.ts";
import { VenueFeed } from "../venue/venue_feed.ts";
import { askMissing } from "./ask_missing.ts";
import type { BybitFeedOptions } from "./options.ts";
import { BybitRest } from "./rest.ts";
import { bybitWire } from "./wire.ts";

/** How often the newest trades are compared, unless configured otherwise, ms. */
const CHECK_MS = 60_000;
/** Enough that the newest trade is hardly ever one of those that share the oldest sequence number. */
const FEW = 200;

/**
 * Returns the trades of Bybit's linear perpetuals in USDT, each single trade in id order per symbol
 * but for late ones; quantities are base units.
 *
 * The venue does not count its trades: ids are made of its sequence numbers, see `sequenceId()`, and
 * no id tells that one is missing. What may have been missed while no connection was there lies in a
 * gap until the newest 1,000 trades, all that REST gives, show what it was; where they begin later,
 * the time before is lost. While a connection stands, what it told is compared with them now and
 * then. All else is as with `binanceFeed()`.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { bybitFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = bybitFeed({ symbols: ["bybit:BTCUSDT"], signal: AbortSignal.abort() });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options What to follow and where; everything but symbols and signal has a default.
 * @returns The feed; nothing is connected before it is iterated, and it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function bybitFeed(options: BybitFeedOptions): Feed {
  const { restUrl, checkMs = CHECK_MS } = options;
  const rest = options.rest ?? new BybitRest(restUrl === undefined ? {} : { baseUrl: restUrl });
  return new VenueFeed({
    venue: BYBIT_LINEAR,
    streamKind: "trade",
    wire: bybitWire(options),
    clock: rest,
    missing: {
      reach: "the last 1,000 trades, all that REST gives",
      ask: (symbol, missing, _attempt, signal) => askMissing(rest, symbol, missing, signal),
    },
    newest: new EachNewest(async (symbol, signal) =>
      (await rest.recent(symbol, FEW, signal)).items.at(-1) ?? null
    ),
    chain: (symbol, { lastId, openGaps, recent, sureId }, budget) =>
      new SparseChain(symbol, lastId, budget, openGaps, recent, sureId),
    beside: (parts) =>
      checkRecent(
        {
          recent: async (symbol, signal) =>
            (await rest.recent(symbol, BybitRest.MOST, signal)).items,
          many: BybitRest.MOST / 2,
        },
        checkMs,
        parts,
      ),
  }, options);
}
