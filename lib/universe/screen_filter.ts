import type { ScreenRow, ScreenSymbol } from "./screen.ts";

/** Which symbols to test at all; those left out do not count among the tests. */
export interface SymbolFilter {
  /** Only symbols quoted in this asset, as their names tell. @default {any} */
  readonly quote?: string;
  /** Quote volume per day at the pace of the window, in quote units. @default {0} */
  readonly minQuoteVolumePerDay?: number;
  /** Mean number of trades per bar. @default {0} */
  readonly minTradesPerBar?: number;
  /**
   * Largest share of the window's bars without a trade, in [0, 1].
   * @default {what the universe allows}
   */
  readonly maxStaleShare?: number;
}

/**
 * Which rows to show. All pairs are tested and corrected for all the same; so the share of false
 * ones that is promised for all discoveries is not promised for those that a filter leaves.
 */
export interface PairFilter {
  /** Half-life in bars, at least. @default {0} */
  readonly minHalfLifeBars?: number;
  /** Half-life in bars, at most. @default {Infinity} */
  readonly maxHalfLifeBars?: number;
  /** Only pairs with this symbol. @default {any} */
  readonly symbol?: string;
}

/** Why a filter leaves a symbol out, or `null`. */
export function leftOut(symbol: Omit<ScreenSymbol, "reason">, filter: SymbolFilter) {
  const { quote, minQuoteVolumePerDay = 0, minTradesPerBar = 0 } = filter;
  if (quote !== undefined && symbol.quote !== quote) {
    return symbol.quote === null
      ? `not quoted in ${quote} as far as its name tells`
      : `quoted in ${symbol.quote}`;
  }
  return tooSmall("quote volume per day", symbol.quoteVolumePerDay, minQuoteVolumePerDay) ??
    tooSmall("trades per bar", symbol.tradesPerBar, minTradesPerBar);
}

function tooSmall(what: string, value: number | null, least: number): string | null {
  if (!(least > 0)) return null;
  if (value === null) return `${what} is not known`;
  return value >= least ? null : `${what} ${round(value)} is below ${round(least)}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Whether a filter shows every row. */
export function showsAll({ minHalfLifeBars = 0, maxHalfLifeBars = Infinity, symbol }: PairFilter) {
  return symbol === undefined && !(minHalfLifeBars > 0) && maxHalfLifeBars === Infinity;
}

/** Whether a filter shows a row. */
export function isShown(row: ScreenRow, filter: PairFilter): boolean {
  const { minHalfLifeBars = 0, maxHalfLifeBars = Infinity, symbol } = filter;
  if (symbol !== undefined && row.y !== symbol && row.x !== symbol) return false;
  if (showsAll({ minHalfLifeBars, maxHalfLifeBars })) return true;
  return row.halfLifeBars !== null && row.halfLifeBars >= minHalfLifeBars &&
    row.halfLifeBars <= maxHalfLifeBars;
}
