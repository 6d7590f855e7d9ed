/**
 * A perpetual contract as the simulation knows it.
 *
 * Prices and quantities are whole numbers of units, 10^-`pricePrecision` and
 * 10^-`quantityPrecision`, so that sums are exact and texts come out as they went in.
 */
export interface Contract {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Decimals of a price on the wire. */
  readonly pricePrecision: number;
  /** Decimals of a quantity on the wire. */
  readonly quantityPrecision: number;
  /** Smallest price step, in price units. */
  readonly tickUnits: number;
}

const QUOTES: readonly string[] = ["USDT", "USDC", "BUSD", "BTC"];

/** Splits a symbol into base and quote asset; an unknown quote is taken for USDT. */
export function assetsOf(symbol: string): { baseAsset: string; quoteAsset: string } {
  const quoteAsset = QUOTES.find((quote) => symbol.endsWith(quote) && symbol.length > quote.length);
  return quoteAsset === undefined
    ? { baseAsset: symbol, quoteAsset: "USDT" }
    : { baseAsset: symbol.slice(0, -quoteAsset.length), quoteAsset };
}
