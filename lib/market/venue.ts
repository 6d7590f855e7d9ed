import { BINANCE_USDM, OKX_SWAP } from "./instrument.ts";

/** A place where instruments are traded. */
export interface Venue {
  /** The code its trades are stored under, for example `okx-swap`. */
  readonly code: string;
  /** What stands before the colon in the names of its symbols; `null` where they are plain. */
  readonly prefix: string | null;
  /** Its name for a person. */
  readonly name: string;
}

/** The venues, the one with plain names first. */
export const VENUES: readonly Venue[] = [
  { code: BINANCE_USDM, prefix: null, name: "Binance USD-M" },
  { code: "bybit-linear", prefix: "bybit", name: "Bybit linear" },
  { code: OKX_SWAP, prefix: "okx", name: "OKX swaps" },
];

/**
 * Returns the venue of a symbol.
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
