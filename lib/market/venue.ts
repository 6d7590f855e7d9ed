import { BINANCE_USDM, BYBIT_LINEAR, OKX_SWAP } from "./instrument.ts";

/** What can be relied on in the live trades of a venue. */
export interface VenuePromises {
  /** Whether the ids of a symbol are counted one by one, so that a missing one is noticed at once. */
  readonly denseIds: boolean;
  /** What the ids are, for a table. */
  readonly ids: string;
  /** How a missing trade comes to be known, for a table. */
  readonly noticed: string;
  /** How far back missing trades are fetched, for a table and a sentence. */
  readonly reach: string;
  /** Why no bar ever says that it is complete, as the end of a sentence; `null` where ids prove it. */
  readonly unproven: string | null;
}

/** A place where instruments are traded. */
export interface Venue {
  /** The code its trades are stored under, for example `okx-swap`. */
  readonly code: string;
  /** What stands before the colon in the names of its symbols; `null` where they are plain. */
  readonly prefix: string | null;
  /** Its name for a person. */
  readonly name: string;
  /** What can be relied on in its live trades. */
  readonly promises: VenuePromises;
}

/** The venues, the one with plain names first. */
export const VENUES: readonly Venue[] = [
  {
    ...{ code: BINANCE_USDM, prefix: null, name: "Binance USD-M" },
    promises: {
      denseIds: true,
      ids: "the venue's, each plus one",
      noticed: "at once, by its id",
      reach: "48 hours; beyond, the archive of past days",
      unproven: null,
    },
  },
  {
    ...{ code: BYBIT_LINEAR, prefix: "bybit", name: "Bybit linear" },
    promises: {
      denseIds: false,
      ids: "made of the venue's sequence",
      noticed: "after a lost connection, and within a minute by asking for the newest trades",
      reach: "the last 1,000 trades of a symbol",
      unproven: "Bybit does not count its trades",
    },
  },
  {
    ...{ code: OKX_SWAP, prefix: "okx", name: "OKX swaps" },
    promises: {
      denseIds: true,
      ids: "the venue's, each plus one",
      noticed: "at once, by its id",
      reach: "some three months",
      unproven: null,
    },
  },
];

/** What can be relied on where ccxt speaks with the venue. */
const THROUGH_CCXT: VenuePromises = {
  denseIds: false,
  ids: "made of the time and the venue's name of the trade",
  noticed: "after a lost connection, and within a minute by asking for the newest trades",
  reach: "its REST reaches and tells what its socket tells; at some venues not at all",
  unproven: "nothing proves what a venue tells through ccxt",
};

/** A name that ccxt writes: base and quote, and what it is settled in where that is told. */
const CCXT_SYMBOL = /^([a-z][a-z0-9]*):[^\s/:]+\/[^\s/:]+(?::[^\s/:]+)?$/i;

const throughCcxt = new Map<string, Venue>();

/**
 * Returns what ccxt calls the venue of a symbol that it is asked for: one with a slash.
 *
 * @example Through ccxt, and not
 * ```ts
 * import { ccxtNameOf } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(["kraken:BTC/USD:USD", "okx:BTC-USDT-SWAP"].map(ccxtNameOf), ["kraken", null]);
 * ```
 *
 * @param symbol The name, plain or `venue:symbol`.
 * @returns The name of the venue, in lower case; `null` for any other symbol.
 */
export function ccxtNameOf(symbol: string): string | null {
  return CCXT_SYMBOL.exec(symbol)?.[1]?.toLowerCase() ?? null;
}

/**
 * Returns a venue that is reached through ccxt.
 *
 * @example Kraken
 * ```ts
 * import { ccxtVenue } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(ccxtVenue("kraken").code, "ccxt-kraken");
 * ```
 *
 * @param name What ccxt calls it, in lower case.
 * @returns The venue, the same one each time.
 */
export function ccxtVenue(name: string): Venue {
  return throughCcxt.getOrInsertComputed(name, () => ({
    ...{ code: `ccxt-${name}`, prefix: name, name: `${name} through ccxt` },
    promises: THROUGH_CCXT,
  }));
}

/**
 * Returns the venue of a symbol. One with a slash is asked for through ccxt, whatever the venue.
 *
 * @example A plain name, a qualified one and one of nowhere
 * ```ts
 * import { venueOf } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const codes = ["BTCUSDT", "okx:BTC-USDT-SWAP", "mars:BTC"].map((s) => venueOf(s)?.code ?? null);
 * deepStrictEqual(codes, ["binance-usdm", "okx-swap", null]);
 * ```
 *
 * @param symbol The name, plain or `venue:symbol`.
 * @returns The venue, or `null` where none has the prefix.
 */
export function venueOf(symbol: string): Venue | null {
  const throughCcxt = ccxtNameOf(symbol);
  if (throughCcxt !== null) return ccxtVenue(throughCcxt);
  const colon = symbol.indexOf(":");
  const prefix = colon < 0 ? null : symbol.slice(0, colon).toLowerCase();
  return VENUES.find((venue) => venue.prefix === prefix) ?? null;
}

/**
 * Returns a symbol as it is stored, however it was typed: the venue in lower case, the rest in upper
 * case.
 *
 * @example Typed in a hurry
 * ```ts
 * import { symbolName } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   ["btcusdt", "OKX:btc-usdt-swap"].map(symbolName),
 *   ["BTCUSDT", "okx:BTC-USDT-SWAP"],
 * );
 * ```
 *
 * @param text What was typed.
 * @returns The name.
 */
export function symbolName(text: string): string {
  const colon = text.indexOf(":") + 1;
  return text.slice(0, colon).toLowerCase() + text.slice(colon).toUpperCase();
}
