import type { ActivityRing } from "./activity_ring.ts";
import { candidateBound, FalseDiscoveries } from "./false_discoveries.ts";
import { type FinalTests, finalTests } from "./final_tests.ts";
import { type PairStatistics, testLagOne } from "./lag_one.ts";
import { type Lag, LagTest } from "./lag_test.ts";
import { type Moments, pairIndex } from "./moments.ts";
import type { PriceRing } from "./price_ring.ts";
import { type PairScan, scanPairs } from "./scan.ts";
import type { ScreenOptions, ScreenSymbol } from "./screen.ts";
import { screenSymbols } from "./screen_symbols.ts";
import type { SymbolSlots } from "./symbol_slots.ts";
import type { WindowMoments } from "./window_moments.ts";

/** The state of a universe at one bar. */
export interface UniverseState {
  readonly intervalMs: number;
  readonly maxLag: number;
  readonly maxStaleShare: number;
  readonly openTimeMs: number | null;
  readonly ring: PriceRing;
  readonly activity: ActivityRing;
  readonly moments: WindowMoments;
  readonly slots: SymbolSlots;
  /** Room for the t-ratios of a screen: fresh memory would cost a tenth of its time. */
  readonly statistics: PairStatistics;
}

/** Every pair of a universe, tested. */
export interface TestedPairs {
  readonly alpha: number;
  readonly lag: Lag;
  /** The t-ratios at lag 1. */
  readonly lagOne: PairStatistics;
  readonly scan: PairScan;
  /** Pairs on one asset, which are not tested: the later, then the earlier column of each. */
  readonly wrappers: readonly number[];
  /** The tests of the candidates. */
  readonly final: FinalTests;
  readonly found: FalseDiscoveries;
}

/** The tests of a universe at one bar: which symbols are in, both stages, the corrections. */
export class PairTests {
  readonly #state: UniverseState;
  /** The moments of the window, or `null` before it is full. */
  readonly moments: Moments | null;
  /** By column; `null` for an empty one. */
  readonly symbols: readonly (ScreenSymbol | null)[];

  constructor(state: UniverseState, options: Pick<ScreenOptions, "symbols">) {
    this.#state = state;
    this.symbols = screenSymbols(state, options.symbols ?? {});
    this.symbols.forEach((_, slot) => {
      if (this.isIn(slot)) state.moments.refresh(slot, this.columns);
    });
    this.moments = state.moments.live;
  }

  /** Number of columns. */
  get columns(): number {
    return this.symbols.length;
  }

  /** Whether the symbol of a column is tested. */
  isIn(slot: number): boolean {
    return this.symbols[slot]?.reason === null;
  }

  /** Why the pair of two columns is not tested, or `null`. */
  reason(i: number, j: number): string | null {
    const symbol = this.symbols[this.isIn(i) ? j : i]!;
    return symbol.reason === null ? null : `${symbol.symbol}: ${symbol.reason}`;
  }

  /** Tests every pair at lag 1 and the candidates again, and corrects. */
  run(options: ScreenOptions): TestedPairs {
    const { alpha = 0.05, retest = "candidates", wrappers: wrapped = "skip" } = options;
    const lag = this.checkLag(options.lag);
    checkAlpha(alpha);
    const lagOne = this.#testLagOne();
    const wrappers = wrapped === "test" ? [] : this.#takeWrappers(lagOne);
    const bound = retest === "every" ? Infinity : candidateBound(alpha);
    const scan = scanPairs(lagOne, this.columns, bound);
    const test = this.moments === null || lag === 1 ? null : this.lagTest(lag);
    const final = finalTests(scan.candidates, lagOne, test, lag);
    const found = new FalseDiscoveries(final.pValues, scan.tested, alpha);
    return { alpha, lag, lagOne, scan, wrappers, final, found };
  }

  /** Checks the lags of the final test. */
  checkLag(lag: Lag = this.#state.maxLag): Lag {
    const { maxLag } = this.#state;
    if (lag !== "aic" && !(Number.isInteger(lag) && lag >= 0 && lag <= maxLag)) {
      throw new RangeError(
        `Cannot screen as "lag" must be "aic" or a whole number in [0, ${maxLag}]: current value is ${lag}`,
      );
    }
    return lag;
  }

  /** What tests pairs of the window, which is full. */
  lagTest(lag: Lag): LagTest {
    const { ring, maxLag } = this.#state;
    return new LagTest(this.moments!, ring, this.columns, lag === "aic" ? maxLag : lag);
  }

  #testLagOne(): PairStatistics {
    const { ring, statistics } = this.#state;
    if (this.moments !== null) {
      testLagOne(this.moments, ring, this.columns, (slot) => this.isIn(slot), statistics);
    } else {
      statistics.rowOnColumn.fill(NaN);
      statistics.columnOnRow.fill(NaN);
    }
    return statistics;
  }

  /** Takes the pairs on one asset away from those tested; those that are one instrument stay. */
  #takeWrappers({ rowOnColumn, columnOnRow }: PairStatistics): number[] {
    const wrappers: number[] = [];
    for (const [i, j] of this.#state.slots.wrappers()) {
      const at = pairIndex(i, j);
      if (!this.isIn(i) || !this.isIn(j) || rowOnColumn[at] === -Infinity) continue;
      rowOnColumn[at] = columnOnRow[at] = NaN;
      wrappers.push(i, j);
    }
    return wrappers;
  }
}

function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(
      `Cannot screen as "alpha" must be inside (0, 1): current value is ${alpha}`,
    );
  }
}
