import { symbolName } from "../../market/mod.ts";

/** Where the gateway to ccxt is, unless configured otherwise: `deno task ccxt` puts it there. */
export const CCXT_URL = "http://127.0.0.1:8790";

/**
 * Returns the name under which a market of ccxt is stored.
 *
 * @example A perpetual of Kraken
 * ```ts
 * import { ccxtSymbol } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(ccxtSymbol("kraken", "BTC/USD:USD"), "kraken:BTC/USD:USD");
 * ```
 *
 * @param venue What ccxt calls the venue.
 * @param unified What ccxt calls the market.
 * @returns The symbol.
 */
export function ccxtSymbol(venue: string, unified: string): string {
  return symbolName(`${venue}:${unified}`);
}
