/** Which leg of a pair: `y` is the dependent leg, `x` the hedge. */
export type Leg = "y" | "x";

/** The part of a `Bar` that alignment needs. */
export interface CloseBar {
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: number;
  /** Price of the last trade. */
  readonly close: number;
  /** Whether trade ids prove that no trade of the interval is missing. */
  readonly complete: boolean;
  /** How often the bar has changed. */
  readonly revision: number;
}

/** The bars of one leg, in time order. */
export class LegBars {
  bars: CloseBar[] = [];

  get lastMs(): number {
    return this.bars.at(-1)?.openTimeMs ?? -Infinity;
  }

  /** Number of bars that open before `timeMs`. */
  countBefore(timeMs: number): number {
    return lowerBound(this.bars, timeMs);
  }

  /** Adds or replaces a bar; a copy that is older than what is here changes nothing. */
  put(bar: CloseBar): boolean {
    const at = bar.openTimeMs > this.lastMs ? this.bars.length : this.countBefore(bar.openTimeMs);
    const known = this.bars[at];
    if (known?.openTimeMs !== bar.openTimeMs) {
      this.bars.splice(at, 0, bar);
      return true;
    }
    if (bar.revision < known.revision || isSameClose(bar, known)) return false;
    this.bars[at] = bar;
    return true;
  }
}

/** Number of elements that open before `timeMs`; they are in time order. */
export function lowerBound(
  sorted: readonly { readonly openTimeMs: number }[],
  timeMs: number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.openTimeMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSameClose(a: CloseBar, b: CloseBar): boolean {
  return a.close === b.close && a.complete === b.complete && a.revision === b.revision;
}
