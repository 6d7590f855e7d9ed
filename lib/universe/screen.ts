import type { PairFilter, SymbolFilter } from "./screen_filter.ts";

/** How to screen. */
export interface ScreenOptions {
  /** Level of the candidates and of the discoveries, inside (0, 1). @default {0.05} */
  readonly alpha?: number;
  /**
   * Lagged differences of the final test, from 0 to the universe's `maxLag`; or `aic`, which chooses
   * for each direction by Akaike's criterion and lets more false discoveries through.
   * @default {maxLag}
   */
  readonly lag?: number | "aic";
  /**
   * Which pairs the final test sees: those whose p-value at lag 1 is at most `alpha`, or every pair
   * (slower; the same answer but for pairs that only the final test rejects).
   * @default {"candidates"}
   */
  readonly retest?: "candidates" | "every";
  /** Which pairs get a row. @default {"candidates"} */
  readonly rows?: "discoveries" | "candidates" | "all";
  /** At most so many rows, the first. @default {Infinity} */
  readonly limit?: number;
  /**
   * Contracts on one asset, such as BTCUSDT and BTCUSDC, are bound to move together: whether to
   * leave their pairs out of the tests or to test them like others.
   * @default {"skip"}
   */
  readonly wrappers?: "skip" | "test";
  /** Which symbols to test. @default {all that can be} */
  readonly symbols?: SymbolFilter;
  /** Which rows to show. @default {all} */
  readonly pairs?: PairFilter;
}

/** A symbol of the universe. */
export interface ScreenSymbol {
  /** As the venue writes it. */
  readonly symbol: string;
  /** What it is quoted in, or `null` where its name does not tell. */
  readonly quote: string | null;
  /** Bars since it came, at most the window. */
  readonly bars: number;
  /** Share of the window's bars in which it did not trade, in [0, 1]. */
  readonly staleShare: number;
  /** Share of the window's bars of which trades may be missing, in [0, 1]. */
  readonly incompleteShare: number;
  /** Quote volume per day at the pace of the window; `null` where a bar does not tell its own. */
  readonly quoteVolumePerDay: number | null;
  /** Mean number of trades per bar, likewise. */
  readonly tradesPerBar: number | null;
  /** Why its pairs are not tested, or `null`. */
  readonly reason: string | null;
}

/** The test of one pair and what else is known about it. Absent numbers are `null`. */
export interface ScreenRow {
  /** The dependent symbol: of the direction with the smaller t-ratio. */
  readonly y: string;
  /** The regressor. */
  readonly x: string;
  /** t-ratio of y on x with `lag`. */
  readonly statistic: number | null;
  /** t-ratio of x on y with `reverseLag`. */
  readonly reverseStatistic: number | null;
  /** Lagged differences of y on x: 1 for a pair that was not tested again. */
  readonly lag: number | null;
  /** Lagged differences of x on y. */
  readonly reverseLag: number | null;
  /** Twice the smaller p-value of the two directions, at most 1. */
  readonly pValue: number | null;
  /** It corrected for all tests by Benjamini and Hochberg; `null` for a pair not tested again. */
  readonly benjaminiHochberg: number | null;
  /** It corrected for any dependence of the tests, by Benjamini and Yekutieli; or `null`. */
  readonly benjaminiYekutieli: number | null;
  /** Whether Benjamini and Hochberg's correction leaves it a discovery. */
  readonly isDiscovery: boolean;
  /** Whether Benjamini and Yekutieli's does too. */
  readonly isDiscoveryByAnyDependence: boolean;
  /** Slope of log y on log x: notional of x per notional of y. */
  readonly hedgeRatio: number | null;
  /** Constant of that regression. */
  readonly intercept: number | null;
  /** Share of the variance of log y it explains, in [0, 1]. */
  readonly rSquared: number | null;
  /** Half-life of the residual in bars; `null` where it does not revert. */
  readonly halfLifeBars: number | null;
  /** Correlation of the log returns of one bar. */
  readonly returnCorrelation: number | null;
  /** Correlation of one return with the other's a bar later, the mean of both directions. */
  readonly lagOneCorrelation: number | null;
  /** The larger stale share of the two symbols, in [0, 1]. */
  readonly staleShare: number;
  /** Whether the symbols are one instrument (1 - R^2 < 1.49e-6): never a discovery. */
  readonly collinear: boolean;
  /** Whether the symbols are contracts on one asset, as their names tell. */
  readonly sameAsset: boolean;
  /**
   * By how much y is dearer than x at the close of the newest bar, in basis points of x, where both are
   * prices of one asset in one quote, as their names tell; `null` for any others, and where one of
   * them did not trade in that bar.
   */
  readonly basisBps: number | null;
  /** Why there is no test, or `null`. */
  readonly reason: string | null;
}

/** What a correction leaves. */
export interface Discoveries {
  /** Pairs it calls cointegrated. */
  readonly count: number;
  /** How many of them are expected to be false: at most alpha times the count. */
  readonly expectedFalse: number;
}

/** All pairs of a universe over one window; plain JSON. */
export interface Screen {
  /** Open time of the newest bar, ms since the epoch; `null` before the first. */
  readonly openTimeMs: number | null;
  /** Length of a bar in ms. */
  readonly intervalMs: number;
  /** Bars in the window. */
  readonly windowBars: number;
  /** Level of the candidates and of the discoveries. */
  readonly alpha: number;
  /** Lagged differences of the final test, or how they were chosen. */
  readonly lag: number | "aic";
  /** How the pairs were tested. */
  readonly method: "lag 1" | "lag 1, then candidates again" | "every pair";
  /** All symbols, in the order of their columns. */
  readonly symbols: readonly ScreenSymbol[];
  /** Symbols that are tested. */
  readonly usable: number;
  /** Pairs tested: what the corrections are for. */
  readonly tested: number;
  /** Pairs of usable symbols that are one instrument. */
  readonly collinear: number;
  /** Pairs of usable symbols that are on one asset and therefore not tested. */
  readonly wrappers: number;
  /** Pairs that the final test saw. */
  readonly candidates: number;
  /** Discoveries if the tests are independent or positively dependent. */
  readonly benjaminiHochberg: Discoveries;
  /** Discoveries for any dependence. */
  readonly benjaminiYekutieli: Discoveries;
  /** Mean stale share of the usable symbols, or `null` without any. */
  readonly staleShare: number | null;
  /** Smallest p-value first; pairs without a test last. */
  readonly rows: readonly ScreenRow[];
  /** Rows that the filter shows, of which `rows` are the first. */
  readonly matching: number;
  /** What to keep in mind about these numbers. */
  readonly caveats: readonly string[];
  /** Why no pair was tested, or `null`. */
  readonly reason: string | null;
}
