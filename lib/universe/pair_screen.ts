import { candidateBound, doubledMinimumP, FalseDiscoveries } from "./false_discoveries.ts";
import { type PairStatistics, testLagOne } from "./lag_one.ts";
import { LagTest } from "./lag_test.ts";
import { type Moments, pairIndex } from "./moments.ts";
import { type BothStatistics, compareRows, PairRows } from "./pair_rows.ts";
import type { PriceRing } from "./price_ring.ts";
import { type PairScan, scanPairs } from "./scan.ts";
import type { Screen, ScreenOptions, ScreenRow } from "./screen.ts";
import { exclusions, screenSymbols } from "./screen_symbols.ts";
import type { SymbolSlots } from "./symbol_slots.ts";
import type { WindowMoments } from "./window_moments.ts";

/** Below this, p-values deep in the tail are too small: ten times at 1e-4 for 60 bars. */
const ENOUGH_BARS = 120;
/** With fewer lags, pairs of symbols whose prices bounce are rejected far too often. */
const ENOUGH_LAGS = 8;

/** The state of a universe at one bar. */
export interface UniverseState {
  readonly intervalMs: number;
  readonly maxLag: number;
  readonly maxStaleShare: number;
  readonly openTimeMs: number | null;
  readonly ring: PriceRing;
  readonly moments: WindowMoments;
  readonly slots: SymbolSlots;
}

/** One screen of a universe: which symbols are in, the tests, the corrections, the rows. */
export class PairScreen {
  readonly #state: UniverseState;
  readonly #columns: number;
  readonly #moments: Moments | null;
  /** By column: why its symbol is left out, or `null`. */
  readonly #reasons: readonly (string | null)[];
  readonly #rows: PairRows;

  constructor(state: UniverseState) {
    const { slots, ring, moments, maxStaleShare } = state;
    this.#state = state;
    this.#columns = slots.columns;
    this.#reasons = exclusions(slots, ring, maxStaleShare);
    this.#rows = new PairRows(slots, ring);
    this.#reasons.forEach((reason, slot) => {
      if (reason === null) moments.refresh(slot, this.#columns);
    });
    this.#moments = moments.live;
  }

  run(options: ScreenOptions): Screen {
    const { alpha = 0.05, retest = "candidates", rows: wanted = "candidates" } = options;
    const { intervalMs, openTimeMs, slots, ring } = this.#state;
    const { windowBars } = ring;
    const lag = this.#checkLag(options.lag);
    checkAlpha(alpha);
    const lagOne = this.#testLagOne();
    const scan = scanPairs(
      lagOne,
      this.#columns,
      retest === "every" ? Infinity : candidateBound(alpha),
    );
    const retested = this.#retest(scan.candidates, lagOne, lag);
    const pValues = Float64Array.from(
      retested,
      ({ forward, backward }) =>
        Number.isNaN(forward + backward) ? 1 : doubledMinimumP(forward, backward),
    );
    const found = new FalseDiscoveries(pValues, scan.tested, alpha);
    const discoveries = (count: number) => ({ count, expectedFalse: alpha * count });
    const symbols = screenSymbols(slots, ring, this.#reasons);
    const usable = symbols.filter(({ reason }) => reason === null);
    const rows = this.#candidateRows(scan, retested, pValues, found, wanted === "discoveries");
    if (wanted !== "discoveries") rows.push(...this.#collinearRows(scan));
    if (wanted === "all") rows.push(...this.#otherRows(scan, lagOne));
    return {
      openTimeMs,
      intervalMs,
      windowBars,
      alpha,
      lag,
      method: retest === "every"
        ? "every pair"
        : lag === 1
        ? "lag 1"
        : "lag 1, then candidates again",
      symbols,
      tested: scan.tested,
      collinear: scan.collinear.length / 2,
      candidates: retested.length,
      benjaminiHochberg: discoveries(found.benjaminiHochberg),
      benjaminiYekutieli: discoveries(found.benjaminiYekutieli),
      staleShare: usable.length === 0
        ? null
        : usable.reduce((sum, { staleShare }) => sum + staleShare, 0) / usable.length,
      rows: rows.sort(compareRows),
      caveats: caveats(windowBars, lag),
      reason: scan.tested > 0 ? null : noTests(symbols.length, usable.length),
    };
  }

  pair(y: string, x: string, wantedLag?: number): ScreenRow {
    const lag = this.#checkLag(wantedLag);
    const { slots, ring } = this.#state;
    const slotY = slots.find(y);
    const slotX = slots.find(x);
    if (slotY === undefined || slotX === undefined) {
      const missing = slotY === undefined ? y : x;
      return PairRows.unknown(y, x, `${missing}: no bar in the window`);
    }
    if (slotY === slotX) return this.#rows.untested(slotY, slotX, "a symbol and itself");
    const reason = this.#pairReason(slotY, slotX);
    const moments = this.#moments;
    if (reason !== null || moments === null) {
      return this.#rows.untested(slotY, slotX, reason ?? "the window is not full");
    }
    if (moments.isCollinear(slotY, slotX)) return this.#rows.collinear(moments, slotY, slotX);
    const test = new LagTest(moments, ring, this.#columns, lag);
    const forward = test.statistic(slotY, slotX);
    const backward = test.statistic(slotX, slotY);
    return this.#rows.tested(moments, slotY, slotX, { forward, backward, lag }, null);
  }

  #checkLag(lag: number = this.#state.maxLag): number {
    const { maxLag } = this.#state;
    if (!(Number.isInteger(lag) && lag >= 0 && lag <= maxLag)) {
      throw new RangeError(
        `Cannot screen as "lag" must be a whole number in [0, ${maxLag}]: current value is ${lag}`,
      );
    }
    return lag;
  }

  /** Why the pair of two columns is not tested, or `null`. */
  #pairReason(i: number, j: number): string | null {
    const slot = this.#reasons[i] !== null ? i : j;
    const reason = this.#reasons[slot]!;
    return reason === null ? null : `${this.#state.slots.name(slot)}: ${reason}`;
  }

  #testLagOne(): PairStatistics {
    const none = new Float64Array(0);
    if (this.#moments === null) return { rowOnColumn: none, columnOnRow: none };
    const isIn = (slot: number) => this.#reasons[slot] === null;
    return testLagOne(this.#moments, this.#state.ring, this.#columns, isIn);
  }

  /** The final t-ratios of the pairs of columns given, in their order. */
  #retest(pairs: readonly number[], lagOne: PairStatistics, lag: number): BothStatistics[] {
    const moments = this.#moments;
    const made: BothStatistics[] = [];
    if (moments === null) return made;
    const test = new LagTest(moments, this.#state.ring, this.#columns, lag);
    for (let k = 0; k < pairs.length; k += 2) {
      const [i, j] = [pairs[k]!, pairs[k + 1]!];
      made.push(
        lag === 1
          ? lagOneOf(lagOne, i, j)
          : { forward: test.statistic(i, j), backward: test.statistic(j, i), lag },
      );
    }
    return made;
  }

  #candidateRows(
    { candidates }: PairScan,
    retested: readonly BothStatistics[],
    pValues: Float64Array,
    found: FalseDiscoveries,
    onlyDiscoveries: boolean,
  ): ScreenRow[] {
    return retested.flatMap((both, k) => {
      if (onlyDiscoveries && !found.isDiscovery(pValues[k]!)) return [];
      const [i, j] = [candidates[2 * k]!, candidates[2 * k + 1]!];
      return [this.#rows.better(this.#moments!, i, j, both, found.of(pValues[k]!))];
    });
  }

  #collinearRows({ collinear }: PairScan): ScreenRow[] {
    const rows: ScreenRow[] = [];
    for (let k = 0; k < collinear.length; k += 2) {
      rows.push(this.#rows.collinear(this.#moments!, collinear[k]!, collinear[k + 1]!));
    }
    return rows;
  }

  /** The pairs that are neither candidates nor one instrument. */
  #otherRows({ candidates, collinear }: PairScan, lagOne: PairStatistics): ScreenRow[] {
    const done = new Set<number>();
    for (const pairs of [candidates, collinear]) {
      for (let k = 0; k < pairs.length; k += 2) done.add(pairIndex(pairs[k]!, pairs[k + 1]!));
    }
    const rows: ScreenRow[] = [];
    const { slots } = this.#state;
    for (let i = 0; i < this.#columns; i++) {
      for (let j = 0; j < i; j++) {
        if (slots.name(i) === null || slots.name(j) === null || done.has(pairIndex(i, j))) continue;
        const reason = this.#pairReason(i, j);
        rows.push(
          reason === null
            ? this.#rows.better(this.#moments!, i, j, lagOneOf(lagOne, i, j), null)
            : this.#rows.untested(i, j, reason),
        );
      }
    }
    return rows;
  }
}

/** The t-ratios at lag 1 of two columns, the later first. */
function lagOneOf(statistics: PairStatistics, i: number, j: number): BothStatistics {
  const at = pairIndex(i, j);
  return {
    forward: statistics.rowOnColumn[at]!,
    backward: statistics.columnOnRow[at]!,
    lag: 1,
  };
}

function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(
      `Cannot screen as "alpha" must be inside (0, 1): current value is ${alpha}`,
    );
  }
}

function caveats(windowBars: number, lag: number): string[] {
  const found: string[] = [];
  if (windowBars < ENOUGH_BARS) {
    found.push(
      `a window of ${windowBars} bars makes very small p-values too small: use ${ENOUGH_BARS} or more`,
    );
  }
  if (lag < ENOUGH_LAGS) {
    found.push(
      `${lag} lags find relations that are not there where prices bounce: use ${ENOUGH_LAGS}`,
    );
  }
  return found;
}

function noTests(symbols: number, usable: number): string {
  if (symbols === 0) return "no symbols";
  return usable < 2
    ? `${usable} of ${symbols} symbols are usable: a pair takes 2`
    : "no pair has a test";
}
