import { BINANCE_USDM, type StreamKind } from "../../market/mod.ts";
import { Sequencer } from "../chain/sequencer.ts";
import type { Feed } from "../feed.ts";
import type { VenueAdapter } from "../venue/adapter.ts";
import { VenueFeed } from "../venue/venue_feed.ts";
import { askMissing } from "./ask_missing.ts";
import { BinanceNewest } from "./newest.ts";
import type { BinanceFeedOptions } from "./options.ts";
import { BinanceRest } from "./rest.ts";
import { binanceWire } from "./wire.ts";

/**
 * Returns the trades of Binance USD-M futures, in id order per symbol but for late ones.
 *
 * Missing `aggTrade` ids are fetched over REST while the symbol's live trades are held, as
 * long as `holdMs` and `holdCapacity` allow; then these go on, and the ids are delivered late.
 * Missing `trade` ids are lost once they have stayed away for `reorderMs`. A frame without room is
 * dropped, counted and repaired like any other gap. Once the signal is aborted, the frames already
 * received are delivered and the iteration ends. How connections are kept up: docs/feed.md.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { binanceFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = binanceFeed({ symbols: ["BTCUSDT"], signal: AbortSignal.abort() });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options What to follow and where; everything but the symbols and the signal has a default.
 * @returns The feed; nothing is connected before it is iterated, and it can be iterated once.
 * @throws {TypeError} If an address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function binanceFeed(options: BinanceFeedOptions): Feed {
  const { streamKind = "aggTrade", restUrl } = options;
  const rest = options.rest ?? new BinanceRest(restUrl === undefined ? {} : { baseUrl: restUrl });
  return new VenueFeed(binanceAdapter(options, streamKind, rest), options);
}

function binanceAdapter(
  options: BinanceFeedOptions,
  streamKind: StreamKind,
  rest: BinanceRest,
): VenueAdapter {
  return {
    venue: BINANCE_USDM,
    streamKind,
    wire: binanceWire(options, streamKind),
    clock: rest,
    missing: streamKind === "trade" ? null : {
      reach: "the 48 hours that REST gives; the daily archive may have them, see backfill --gaps",
      ask: (symbol, missing, attempt, signal) => askMissing(rest, symbol, missing, attempt, signal),
    },
    newest: new BinanceNewest(rest, streamKind),
    chain: (symbol, { lastId, openGaps }, budget) =>
      new Sequencer(symbol, lastId, budget, openGaps),
  };
}
