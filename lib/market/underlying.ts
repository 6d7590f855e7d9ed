/** What a contract's price is the price of. */
export interface Underlying {
  /** The asset that is bought and sold. */
  readonly base: string;
  /** The asset prices are quoted in. */
  readonly quote: string;
}

const QUOTES: readonly string[] = ["USDT", "USDC", "FDUSD", "BUSD", "USD", "BTC"];

/**
 * Returns the assets of a perpetual contract, or of a spot market through ccxt, by its name.
 *
 * Names are all that is looked at: `1000PEPEUSDT` and `PEPE-USDT-SWAP` count different units, and
 * differ.
 *
 * @example The same asset at four venues
 * ```ts
 * import { underlyingOf } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const names = ["BTCUSDT", "bybit:BTCUSDT", "okx:BTC-USDT-SWAP",
 *   "gate:BTC/USDT:USDT"];
 * for (const name of names) deepStrictEqual(underlyingOf(name), { base: "BTC", quote: "USDT" });
 * ```
 *
 * @param symbol The name, plain or `venue:symbol`.
 * @returns The assets, or `null` where the name does not tell.
 */
export function underlyingOf(symbol: string): Underlying | null {
  const native = symbol.slice(symbol.indexOf(":") + 1);
  const unified = /^([^/]+)\/([^/:]+)(?::[^-]*)?$/.exec(native);
  if (unified !== null) return { base: unified[1]!, quote: unified[2]! };
  const [base, quote, kind] = native.split("-");
  if (quote !== undefined) {
    return base !== "" && kind === "SWAP" ? { base: base!, quote } : null;
  }
  const found = QUOTES.find((q) => native.endsWith(q) && native.length > q.length);
  return found === undefined ? null : { base: native.slice(0, -found.length), quote: found };
}

/**
 * Returns whether two symbols are prices of the same asset in the same quote, so that the difference
 * of their prices is a basis.
 *
 * @example Two venues
 * ```ts
 * import { isSameUnderlying } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([
 *   isSameUnderlying("okx:BTC-USDT-SWAP", "BTCUSDT"),
 *   isSameUnderlying("okx:ETH-USDT-SWAP", "BTCUSDT"),
 * ], [true, false]);
 * ```
 *
 * @param a One name.
 * @param b The other.
 * @returns `true` if both names tell the same assets.
 */
export function isSameUnderlying(a: string, b: string): boolean {
  const [one, other] = [underlyingOf(a), underlyingOf(b)];
  return one !== null && other !== null && one.base === other.base && one.quote === other.quote;
}
