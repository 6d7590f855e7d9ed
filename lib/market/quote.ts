/**
 * The best prices of a book at the end of a second: the last that the venue told in it. Hidden and
 * retail price improvement orders are not in it.
 */
export interface Quote {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Start of the second in which the book was so, ms since the epoch. */
  readonly timeMs: number;
  /** Highest price that somebody buys at, in quote per base; > 0, or `null` where nobody does. */
  readonly bid: number | null;
  /** How much is bought there, in base units; `null` with `bid`. */
  readonly bidQuantity: number | null;
  /** Lowest price that somebody sells at, above `bid`; `null` where nobody does. */
  readonly ask: number | null;
  /** How much is sold there, in base units; `null` with `ask`. */
  readonly askQuantity: number | null;
}
