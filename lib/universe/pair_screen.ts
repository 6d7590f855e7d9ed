import { candidateBound, FalseDiscoveries } from "./false_discoveries.ts";
import { type PairStatistics, testLagOne } from "./lag_one.ts";
import { type FinalTests, finalTests } from "./final_tests.ts";
import { type Lag, LagTest } from "./lag_test.ts";
import { type Moments, pairIndex } from "./moments.ts";
import { type BothStatistics, compareRows, PairRows } from "./pair_rows.ts";
import type { PriceRing } from "./price_ring.ts";
import { type PairScan, scanPairs } from "./scan.ts";
import type { Screen, ScreenOptions, ScreenRow } from "./screen.ts";
import { caveats, noTests } from "./screen_notes.ts";
import { exclusions, screenSymbols } from "./screen_symbols.ts";
import type { SymbolSlots } from "./symbol_slots.ts";
import type { WindowMoments } from "./window_moments.ts";

/** The state of a universe at one bar. */
export interface UniverseState {
  readonly intervalMs: number;
  readonly maxLag: number;
  readonly maxStaleShare: number;
  readonly openTimeMs: number | null;
  readonly ring: PriceRing;
  readonly moments: WindowMoments;
  readonly slots: SymbolSlots;
  /** Room for the t-ratios of a screen: fresh memory would cost a tenth of its time. */
  readonly statistics: PairStatistics;
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
    const found = new FalseDiscoveries(retested.pValues, scan.tested, alpha);
    const discoveries = (count: number) => ({ count, expectedFalse: alpha * count });
    const symbols = screenSymbols(slots, ring, this.#reasons);
    const usable = symbols.filter(({ reason }) => reason === null);
    const rows = this.#candidateRows(scan, retested, found, wanted === "discoveries");
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
      candidates: scan.candidates.length / 2,
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

  pair(y: string, x: string, wantedLag?: Lag): ScreenRow {
    const lag = this.#checkLag(wantedLag);
    const { slots } = this.#state;
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
    const test = this.#lagTest(moments, lag);
    const forward = test.statistic(slotY, slotX, lag);
    const forwardLag = test.lag;
    const backward = test.statistic(slotX, slotY, lag);
    const both = { forward, backward, forwardLag, backwardLag: test.lag };
    return this.#rows.tested(moments, slotY, slotX, both, null);
  }

  #checkLag(lag: Lag = this.#state.maxLag): Lag {
    const { maxLag } = this.#state;
    if (lag !== "aic" && !(Number.isInteger(lag) && lag >= 0 && lag <= maxLag)) {
      throw new RangeError(
        `Cannot screen as "lag" must be "aic" or a whole number in [0, ${maxLag}]: current value is ${lag}`,
      );
    }
    return lag;
  }

  #lagTest(moments: Moments, lag: Lag): LagTest {
    const { ring, maxLag } = this.#state;
    return new LagTest(moments, ring, this.#columns, lag === "aic" ? maxLag : lag);
  }

  /** Why the pair of two columns is not tested, or `null`. */
  #pairReason(i: number, j: number): string | null {
    const slot = this.#reasons[i] !== null ? i : j;
    const reason = this.#reasons[slot]!;
    return reason === null ? null : `${this.#state.slots.name(slot)}: ${reason}`;
  }

  #testLagOne(): PairStatistics {
    const { ring, statistics } = this.#state;
    const isIn = (slot: number) => this.#reasons[slot] === null;
    if (this.#moments !== null) {
      testLagOne(this.#moments, ring, this.#columns, isIn, statistics);
    } else {
      statistics.rowOnColumn.fill(NaN);
      statistics.columnOnRow.fill(NaN);
    }
    return statistics;
  }

  #retest(pairs: readonly number[], lagOne: PairStatistics, lag: Lag): FinalTests {
    const moments = this.#moments;
    const test = moments === null || lag === 1 ? null : this.#lagTest(moments, lag);
    return finalTests(pairs, lagOne, test, lag);
  }

  #candidateRows(
    { candidates }: PairScan,
    tests: FinalTests,
    found: FalseDiscoveries,
    onlyDiscoveries: boolean,
  ): ScreenRow[] {
    const rows: ScreenRow[] = [];
    tests.pValues.forEach((pValue, k) => {
      if (onlyDiscoveries && !found.isDiscovery(pValue)) return;
      const [i, j] = [candidates[2 * k]!, candidates[2 * k + 1]!];
      const both = {
        forward: tests.forward[k]!,
        backward: tests.backward[k]!,
        forwardLag: tests.forwardLag[k]!,
        backwardLag: tests.backwardLag[k]!,
      };
      rows.push(this.#rows.better(this.#moments!, i, j, both, found.of(pValue)));
    });
    return rows;
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
    forwardLag: 1,
    backwardLag: 1,
  };
}

function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(
      `Cannot screen as "alpha" must be inside (0, 1): current value is ${alpha}`,
    );
  }
}
