import { ccxtVenue } from "../../market/mod.ts";
import { SparseChain } from "../chain/sparse_chain.ts";
import type { Feed } from "../feed.ts";
import { checkRecent } from "../venue/check_recent.ts";
import { EachNewest } from "../venue/each_newest.ts";
import { VenueFeed } from "../venue/venue_feed.ts";
import { CcxtHistory } from "./history.ts";
import { ccxtSymbol } from "./names.ts";
import type { CcxtFeedOptions } from "./options.ts";
import { CcxtRest } from "./rest.ts";
import { TradeNames } from "./trade_names.ts";
import { ccxtWire } from "./wire.ts";

/** How often the newest trades are compared, unless configured otherwise, ms. */
const CHECK_MS = 60_000;
/** Venues answer pings, and rarely more often than twice a minute, ms. */
const STALE_MS = 90_000;

/**
 * Returns the trades of a venue that ccxt knows, through the gateway `deno task ccxt`; quantities are
 * base units.
 *
 * Less can be promised than of other venues: ids are made of times and names, see
 * `docs/decisions/0026`, and no id tells that a trade is missing. What may have been missed while no
 * connection was there lies in a gap until REST shows what it was. REST is believed only where it
 * tells what the socket told; as far as it does not reach, or where the venue gives no trades, the
 * time is lost. All else is as with `bybitFeed()`.
 *
 * @example A feed that is ended before it began
 * ```ts
 * import { ccxtFeed } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const feed = ccxtFeed({
 *   venue: "kraken",
 *   symbols: ["kraken:BTC/USD:USD"],
 *   instruments: new Map(),
 *   signal: AbortSignal.abort(),
 * });
 * deepStrictEqual(await Array.fromAsync(feed), []);
 * ```
 *
 * @param options What to follow and where; everything but venue, symbols, instruments and signal has
 *   a default.
 * @returns The feed; nothing is connected before it is iterated, and it can be iterated once.
 * @throws {TypeError} If the address has not the form it needs.
 * @throws {RangeError} If `symbolsPerSocket` is out of its range.
 */
export function ccxtFeed(options: CcxtFeedOptions): Feed {
  const { venue, instruments, url, givesTrades = true, checkMs = CHECK_MS } = options;
  const rest = options.rest ?? new CcxtRest(venue, url === undefined ? {} : { baseUrl: url });
  const names = new TradeNames();
  const history = new CcxtHistory(rest, names, (symbol) => instruments.get(symbol));
  const frames = {
    ...{ venue, names },
    instrument: (unified: string) => instruments.get(ccxtSymbol(venue, unified)),
  };
  const topicOf = (symbol: string) =>
    instruments.get(symbol)?.unified ?? symbol.slice(symbol.indexOf(":") + 1);
  return new VenueFeed({
    venue: ccxtVenue(venue).code,
    streamKind: "trade",
    wire: ccxtWire(rest.baseUrl, frames, topicOf),
    clock: rest,
    missing: givesTrades
      ? {
        reach: "REST reaches, or REST tells other trades than the socket",
        ask: (symbol, missing, _attempt, signal) => history.ask(symbol, missing, signal),
      }
      : null,
    newest: givesTrades
      ? new EachNewest(async (symbol, signal) =>
        (await history.recent(symbol, signal)).at(-1) ?? null
      )
      : null,
    chain: (symbol, { lastId, openGaps, recent, sureId }, budget) =>
      new SparseChain(symbol, lastId, budget, openGaps, recent, sureId),
    beside: (parts) =>
      givesTrades
        // How many trades an answer may hold is the venue's secret: each may be a full one.
        ? checkRecent(
          { recent: (symbol, signal) => history.recent(symbol, signal), many: 2 },
          checkMs,
          parts,
        )
        : Promise.resolve(),
  }, { staleMs: STALE_MS, ...options });
}
