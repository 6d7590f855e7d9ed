import type { ScreenSymbol } from "./screen.ts";
import type { PairFilter } from "./screen_filter.ts";

/** Below this, p-values deep in the tail are too small: six times at 1e-4 for 60 bars. */
const ENOUGH_BARS = 120;
/** With fewer lags, pairs of symbols whose prices bounce are rejected far too often. */
const ENOUGH_LAGS = 8;

/** With more bars that keep an old price, residuals seem to revert. */
const MOST_STALE = 0.05;

/** What to keep in mind about the numbers of a screen. */
export function caveats(
  { windowBars, lag, staleShare, filter }: {
    readonly windowBars: number;
    readonly lag: number | "aic";
    readonly staleShare: number | null;
    readonly filter: PairFilter;
  },
): string[] {
  const found: string[] = [];
  if (staleShare !== null && staleShare > MOST_STALE) {
    found.push(
      `${
        Math.round(100 * staleShare)
      } % of the bars keep an old price, which finds relations that are not there: allow fewer stale bars or take longer ones`,
    );
  }
  const { minHalfLifeBars = 0, maxHalfLifeBars = Infinity } = filter;
  if (minHalfLifeBars > 0 || maxHalfLifeBars < Infinity) {
    found.push(
      "the share of false discoveries is that of all discoveries, not of those with the half-life asked for",
    );
  }
  if (windowBars < ENOUGH_BARS) {
    found.push(
      `a window of ${windowBars} bars makes very small p-values too small: use ${ENOUGH_BARS} or more`,
    );
  }
  if (lag === "aic" || lag < ENOUGH_LAGS) {
    const lags = lag === "aic" ? "lags by Akaike's criterion" : `${lag} lags`;
    found.push(
      `${lags} find relations that are not there where prices bounce: use ${ENOUGH_LAGS}`,
    );
  }
  return found;
}

/** Why no pair was tested; names a symbol that is left out, and why. */
export function noTests(symbols: readonly ScreenSymbol[]): string {
  if (symbols.length === 0) return "no symbols";
  const leftOut = symbols.filter(({ reason }) => reason !== null);
  const usable = symbols.length - leftOut.length;
  if (usable >= 2) return "no pair has a test";
  const [first] = leftOut;
  const example = first === undefined ? "" : ` (${first.symbol}: ${first.reason})`;
  return `${usable} of ${symbols.length} symbols are usable${example}: a pair takes 2`;
}
