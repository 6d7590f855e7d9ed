import { ActivityRing } from "./activity_ring.ts";
import { pairStatistics } from "./lag_one.ts";
import { PairScreen } from "./pair_screen.ts";
import type { UniverseState } from "./pair_tests.ts";
import { Mark, PriceRing } from "./price_ring.ts";
import type { Screen, ScreenOptions, ScreenRow } from "./screen.ts";
import { type MatrixOptions, type ScreenMatrix, screenMatrix } from "./screen_matrix.ts";
import { SymbolSlots } from "./symbol_slots.ts";
import { checkOptions, type UniverseBar, type UniverseOptions } from "./universe_options.ts";
import { WindowMoments } from "./window_moments.ts";

/** Room for this many symbols at first; it doubles. */
const FIRST_CAPACITY = 16;

/**
 * Every pair of many symbols, tested for cointegration on a rolling window.
 *
 * The Engle-Granger t-ratio of any ordered pair is an exact function of sums of products of two
 * symbols, which slide with each bar, and of the first and last prices of the window; so a screen
 * costs the same for every window. It agrees with `engleGranger()` with fixed lags on log closes.
 * Give all bars of an interval at once, in order of time. A symbol that does not trade keeps its
 * price and counts as stale; a close that is not > 0 and finite counts as no trade. A symbol comes
 * with its first bar and is forgotten after a window without one.
 *
 * @example Two symbols that belong together and one that does not
 * ```ts
 * import { Universe } from "tandem/universe";
 * import { Random } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const random = new Random(3);
 * const universe = new Universe({ intervalMs: 60_000, windowBars: 300 });
 * let [a, c] = [4, 7];
 * for (let minute = 0; minute < 300; minute++) {
 *   a += 0.01 * random.normal();
 *   c += 0.01 * random.normal();
 *   const b = 1 + 0.8 * a + 0.01 * random.normal();
 *   const bar = (symbol: string, log: number) => ({ symbol, close: Math.exp(log), complete: true });
 *   universe.push(minute * 60_000, [bar("A", a), bar("B", b), bar("C", c)]);
 * }
 * const { tested, rows } = universe.screen({ rows: "discoveries" });
 * deepStrictEqual([tested, rows.map((row) => [row.y, row.x].sort())], [3, [["A", "B"]]]);
 * ```
 */
export class Universe {
  /** Length of a bar in ms. */
  readonly intervalMs: number;
  /** Bars in the window. */
  readonly windowBars: number;
  /** Most lagged differences a test can have. */
  readonly maxLag: number;
  /** A symbol with a larger share of bars without a trade is left out. */
  readonly maxStaleShare: number;
  #ring!: PriceRing;
  #activity!: ActivityRing;
  #moments!: WindowMoments;
  #slots!: SymbolSlots;
  #capacity = FIRST_CAPACITY;
  #statistics = pairStatistics(FIRST_CAPACITY);
  #openTimeMs: number | null = null;

  /**
   * Begins without symbols.
   *
   * @param options Interval, window, lags and the stale share allowed.
   * @throws {RangeError} If one of them is out of range.
   */
  constructor(options: UniverseOptions) {
    const { intervalMs, windowBars, maxLag, maxStaleShare } = checkOptions(options);
    this.intervalMs = intervalMs;
    this.windowBars = windowBars;
    this.maxLag = maxLag;
    this.maxStaleShare = maxStaleShare;
    this.#begin();
  }

  #begin(): void {
    this.#slots = new SymbolSlots();
    this.#ring = new PriceRing(this.windowBars, this.#capacity);
    this.#activity = new ActivityRing(this.windowBars, this.#capacity);
    this.#moments = new WindowMoments(this.#ring, this.maxLag, this.#capacity);
  }

  /** Open time of the newest bar, ms since the epoch; `null` before the first. */
  get openTimeMs(): number | null {
    return this.#openTimeMs;
  }

  /**
   * Takes all bars of the next interval. Intervals left out are intervals in which nobody traded.
   *
   * @param openTimeMs Open time of the interval, ms since the epoch, later than the one before.
   * @param bars The bars, one per symbol that traded; of two of one symbol the last counts.
   * @throws {RangeError} If the time is not a later multiple of the interval.
   */
  push(openTimeMs: number, bars: Iterable<UniverseBar>): void {
    const newest = this.#openTimeMs;
    if (!(openTimeMs % this.intervalMs === 0 && (newest === null || openTimeMs > newest))) {
      throw new RangeError(
        `Cannot take bars as "openTimeMs" must be a multiple of ${this.intervalMs} after ${newest}: current value is ${openTimeMs}`,
      );
    }
    const missed = newest === null ? 0 : (openTimeMs - newest) / this.intervalMs - 1;
    // A window without trades forgets everybody; to push it bar by bar would take seconds.
    if (missed >= this.windowBars) this.#begin();
    else for (let k = 0; k < missed; k++) this.#pushRow([]);
    this.#pushRow(bars);
    this.#openTimeMs = openTimeMs;
  }

  /**
   * Takes late and revised bars of an interval that has been pushed, as if they had come in time.
   *
   * A symbol that is not known yet, a bar older than the window and a close that is none change
   * nothing. O(symbols) per bar whose price changes.
   *
   * @param openTimeMs Open time of the interval, ms since the epoch, at most that of the newest bar.
   * @param bars The bars, one per symbol.
   * @returns How many prices changed; what else a bar tells changes no test.
   * @throws {RangeError} If the time is not a multiple of the interval that has been reached.
   */
  amend(openTimeMs: number, bars: Iterable<UniverseBar>): number {
    const newest = this.#openTimeMs;
    if (!(openTimeMs % this.intervalMs === 0 && newest !== null && openTimeMs <= newest)) {
      throw new RangeError(
        `Cannot amend bars as "openTimeMs" must be a multiple of ${this.intervalMs} up to ${newest}: current value is ${openTimeMs}`,
      );
    }
    const bar = this.#ring.bar - (newest - openTimeMs) / this.intervalMs;
    let repriced = 0;
    if (bar <= this.#ring.bar - this.windowBars || bar < 0) return 0;
    for (const { symbol, close, complete, quoteVolume, tradeCount } of bars) {
      const slot = this.#slots.find(symbol);
      if (slot === undefined || !(close > 0 && close < Infinity)) continue;
      const mark = complete ? Mark.complete : Mark.incomplete;
      this.#activity.set(bar, slot, quoteVolume, tradeCount);
      const amendment = this.#ring.amend(bar, slot, Math.log(close), mark);
      if (amendment === null) continue;
      this.#moments.amend(slot, amendment, this.#slots.columns);
      repriced++;
    }
    return repriced;
  }

  /** Whether a symbol has had a bar within the window. */
  has(symbol: string): boolean {
    return this.#slots.find(symbol) !== undefined;
  }

  #pushRow(bars: Iterable<UniverseBar>): void {
    this.#ring.append();
    this.#activity.append(this.#ring.bar);
    for (const { symbol, close, complete, quoteVolume, tradeCount } of bars) {
      if (!(close > 0 && close < Infinity)) continue;
      const logPrice = Math.log(close);
      const slot = this.#slots.find(symbol) ?? this.#enter(symbol, logPrice);
      this.#ring.set(slot, logPrice, complete ? Mark.complete : Mark.incomplete);
      this.#activity.set(this.#ring.bar, slot, quoteVolume, tradeCount);
    }
    this.#ring.close();
    this.#moments.push(this.#slots.columns);
    for (let slot = 0; slot < this.#slots.columns; slot++) {
      if (this.#ring.count(slot, Mark.stale) === this.windowBars) this.#slots.release(slot);
    }
  }

  #enter(symbol: string, logPrice: number): number {
    const slot = this.#slots.take(symbol);
    if (slot === this.#capacity) {
      this.#capacity *= 2;
      this.#ring.grow(this.#capacity);
      this.#activity.grow(this.#capacity);
      this.#moments.grow(this.#capacity);
      this.#statistics = pairStatistics(this.#capacity);
    }
    this.#ring.enter(slot, logPrice);
    this.#activity.enter(slot);
    this.#moments.enter(slot, logPrice);
    return slot;
  }

  /**
   * Tests every pair over the window that ends with the newest bar.
   *
   * All ordered pairs are tested with one lagged difference, which costs little but rejects too
   * often where prices bounce; those it rejects are tested again with `lag`. The smaller p-value of
   * the two directions is doubled and corrected for all pairs tested.
   *
   * @param options Level, lag and which pairs to test again and to answer.
   * @returns The screen. It does not change with later bars.
   * @throws {RangeError} If `alpha` or `lag` is out of range.
   */
  screen(options: ScreenOptions = {}): Screen {
    return new PairScreen(this.#state(), options).run(options);
  }

  /**
   * Tests one ordered pair, from the moments.
   *
   * @param y The dependent symbol.
   * @param x The regressor.
   * @param options `lag`, from 0 to `maxLag` (the default), or `aic`.
   * @returns The pair with the direction asked for, not corrected for other tests.
   * @throws {RangeError} If `lag` is out of range.
   */
  pair(y: string, x: string, options: { readonly lag?: number | "aic" } = {}): ScreenRow {
    return this.pairs([[y, x]], options)[0]!;
  }

  /**
   * Tests several ordered pairs, from the moments.
   *
   * @param pairs The dependent symbol and the regressor of each.
   * @param options `lag`, from 0 to `maxLag` (the default), or `aic`.
   * @returns The pairs in their order and direction, not corrected for other tests.
   * @throws {RangeError} If `lag` is out of range.
   */
  pairs(
    pairs: Iterable<readonly [y: string, x: string]>,
    options: { readonly lag?: number | "aic" } = {},
  ): ScreenRow[] {
    return new PairScreen(this.#state()).pairs(pairs, options.lag);
  }

  /**
   * Returns the correlations and p-values of all pairs, ordered for a heat map.
   *
   * @param options As of `screen()`; those that choose rows have no effect.
   * @returns The matrices of the usable symbols. They do not change with later bars.
   * @throws {RangeError} If `alpha` or `lag` is out of range.
   */
  matrix(options: MatrixOptions = {}): ScreenMatrix {
    return screenMatrix(this.#state(), options);
  }

  #state(): UniverseState {
    const { intervalMs, maxLag, maxStaleShare, openTimeMs } = this;
    return {
      intervalMs,
      maxLag,
      maxStaleShare,
      openTimeMs,
      ring: this.#ring,
      activity: this.#activity,
      moments: this.#moments,
      slots: this.#slots,
      statistics: this.#statistics,
    };
  }
}
