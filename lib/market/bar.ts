/**
 * The summary of one interval, `[openTimeMs, openTimeMs + intervalMs)` of exchange time.
 *
 * A bar exists only where trades do. Fields an imported file does not tell are `null`.
 */
export interface Bar {
  /** The venue, for example `binance-usdm`. */
  readonly venue: string;
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Length of the interval in ms. */
  readonly intervalMs: number;
  /** Start of the interval, ms since the epoch; a multiple of `intervalMs`. */
  readonly openTimeMs: number;
  /** Price of the first trade. */
  readonly open: number;
  /** Highest price. */
  readonly high: number;
  /** Lowest price. */
  readonly low: number;
  /** Price of the last trade. */
  readonly close: number;
  /** Base volume, Σ quantity. */
  readonly volume: number;
  /** Quote volume, Σ price · quantity. */
  readonly quoteVolume: number | null;
  /** Number of trades (of aggregates, for an `aggTrade` stream). */
  readonly tradeCount: number | null;
  /** Base volume of trades whose taker bought. */
  readonly takerBuyVolume: number | null;
  /** Smallest trade id in the bar. */
  readonly firstTradeId: number | null;
  /** Largest trade id in the bar. */
  readonly lastTradeId: number | null;
  /** Whether trade ids prove that no trade of the interval is missing. */
  readonly complete: boolean;
  /** How often the stored bar has changed since it was first written; 0 at first. */
  readonly revision: number;
}

/** A bar made from trades: every field is known. */
export interface TradeBar extends Bar {
  /** Quote volume, Σ price · quantity. */
  readonly quoteVolume: number;
  /** Number of trades, > 0. */
  readonly tradeCount: number;
  /** Base volume of trades whose taker bought. */
  readonly takerBuyVolume: number;
  /** Smallest trade id in the bar. */
  readonly firstTradeId: number;
  /** Largest trade id in the bar. */
  readonly lastTradeId: number;
}

/**
 * Returns the volume-weighted average price of a bar, quote volume / base volume.
 *
 * @example A bar of two trades
 * ```ts
 * import { vwap } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(vwap({ volume: 4, quoteVolume: 402 }), 100.5);
 * strictEqual(vwap({ volume: 4, quoteVolume: null }), null);
 * ```
 *
 * @param bar Base and quote volume of the interval.
 * @returns Quote per base, or `null` where the volume is 0 or the quote volume unknown.
 */
export function vwap(bar: Pick<Bar, "volume" | "quoteVolume">): number | null {
  return bar.quoteVolume === null || !(bar.volume > 0) ? null : bar.quoteVolume / bar.volume;
}
