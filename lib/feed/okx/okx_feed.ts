import { OKX_SWAP } from "../../market/mod.ts";
import { Sequencer } from "../chain/sequencer.ts";
import type { Feed } from "../feed.ts";
import { EachNewest } from "../venue/each_newest.ts";
import { VenueFeed } from "../venue/venue_feed.ts";
import { askMissing } from "./ask_missing.ts";
import { okxSymbol } from "./names.ts";
import type { OkxFeedOptions } from "./options.ts";
import { OkxRest } from "./rest.ts";
import { okxWire } from "./wire.ts";

/**
 * Returns the trades of OKX's linear swaps, each single trade in id order per symbol but for late
 * ones; quantities are base units.
 *
 * Ids count up one by one: what is missing is noticed, and fetched over REST, which gives about
 * three months. All else is as with `binanceFeed()`.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { okxFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const signal = AbortSignal.abort();
 * const feed = okxFeed({ symbols: ["okx:BTC-USDT-SWAP"], instruments: new Map(), signal });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options What to follow and where; everything but symbols, instruments and signal has a
 *   default.
 * @returns The feed; nothing is connected before it is iterated, and it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function okxFeed(options: OkxFeedOptions): Feed {
  const { instruments, restUrl } = options;
  const rest = options.rest ?? new OkxRest(restUrl === undefined ? {} : { baseUrl: restUrl });
  const contractSizes = (instId: string) => instruments.get(okxSymbol(instId))?.contractSize;
  return new VenueFeed({
    venue: OKX_SWAP,
    streamKind: "trade",
    wire: okxWire(options, contractSizes),
    clock: rest,
    missing: {
      reach: "what REST gives, about three months",
      ask: (symbol, missing, _attempt, signal) =>
        askMissing(rest, symbol, missing, contractSizes, signal),
    },
    newest: new EachNewest(async (symbol, signal) =>
      (await rest.trades({ symbol, limit: 1 }, contractSizes, signal)).at(-1) ?? null
    ),
    chain: (symbol, { lastId, openGaps }, budget) =>
      new Sequencer(symbol, lastId, budget, openGaps),
  }, options);
}
