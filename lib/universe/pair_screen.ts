import { type BothStatistics, compareRows, PairRows } from "./pair_rows.ts";
import type { Lag } from "./lag_test.ts";
import { pairIndex } from "./moments.ts";
import { PairTests, type TestedPairs, type UniverseState } from "./pair_tests.ts";
import { rankCandidates } from "./ranking.ts";
import type { Screen, ScreenOptions, ScreenRow } from "./screen.ts";
import { isShown, showsAll } from "./screen_filter.ts";
import { caveats, noTests } from "./screen_notes.ts";

/** The rows and totals of one screen. */
export class PairScreen {
  readonly #state: UniverseState;
  readonly #tests: PairTests;
  readonly #rows: PairRows;

  constructor(state: UniverseState, options: Pick<ScreenOptions, "symbols"> = {}) {
    this.#state = state;
    this.#tests = new PairTests(state, options);
    this.#rows = new PairRows(state.slots, state.ring);
  }

  run(options: ScreenOptions): Screen {
    const { intervalMs, openTimeMs, ring: { windowBars } } = this.#state;
    const tested = this.#tests.run(options);
    const { alpha, lag, scan, found } = tested;
    const discoveries = (count: number) => ({ count, expectedFalse: alpha * count });
    const symbols = this.#tests.symbols.filter((symbol) => symbol !== null);
    const usable = symbols.filter(({ reason }) => reason === null);
    const { rows, matching } = this.#wantedRows(tested, options);
    const staleShare = usable.length === 0
      ? null
      : usable.reduce((sum, symbol) => sum + symbol.staleShare, 0) / usable.length;
    return {
      openTimeMs,
      intervalMs,
      windowBars,
      alpha,
      lag,
      method: options.retest === "every"
        ? "every pair"
        : lag === 1
        ? "lag 1"
        : "lag 1, then candidates again",
      symbols,
      usable: usable.length,
      tested: scan.tested,
      collinear: scan.collinear.length / 2,
      wrappers: tested.wrappers.length / 2,
      candidates: scan.candidates.length / 2,
      benjaminiHochberg: discoveries(found.benjaminiHochberg),
      benjaminiYekutieli: discoveries(found.benjaminiYekutieli),
      staleShare,
      rows,
      matching,
      caveats: caveats({ windowBars, lag, staleShare, filter: options.pairs ?? {} }),
      reason: scan.tested > 0 ? null : noTests(symbols),
    };
  }

  /** Tests given ordered pairs, from the moments. */
  pairs(pairs: Iterable<readonly [y: string, x: string]>, wantedLag?: Lag): ScreenRow[] {
    const lag = this.#tests.checkLag(wantedLag);
    const { moments } = this.#tests;
    const test = moments === null ? null : this.#tests.lagTest(lag);
    const { slots } = this.#state;
    return Array.from(pairs, ([y, x]) => {
      const slotY = slots.find(y);
      const slotX = slots.find(x);
      if (slotY === undefined || slotX === undefined) {
        const missing = slotY === undefined ? y : x;
        return PairRows.unknown(y, x, `${missing}: no bar in the window`);
      }
      if (slotY === slotX) return this.#rows.untested(slotY, slotX, "a symbol and itself");
      const reason = this.#tests.reason(slotY, slotX);
      if (reason !== null || moments === null || test === null) {
        return this.#rows.untested(slotY, slotX, reason ?? "the window is not full");
      }
      if (moments.isCollinear(slotY, slotX)) return this.#rows.collinear(moments, slotY, slotX);
      const forward = test.statistic(slotY, slotX, lag);
      const forwardLag = test.lag;
      const backward = test.statistic(slotX, slotY, lag);
      const both = { forward, backward, forwardLag, backwardLag: test.lag };
      return this.#rows.tested(moments, slotY, slotX, both, null);
    });
  }

  #wantedRows(
    tested: TestedPairs,
    { rows: wanted = "candidates", pairs = {}, limit = Infinity }: ScreenOptions,
  ): { rows: ScreenRow[]; matching: number } {
    const { final, found } = tested;
    const most = wanted !== "all" && showsAll(pairs) ? limit : Infinity;
    const ranked = rankCandidates(final, found, wanted === "discoveries", most);
    const rows = ranked.order.map((k) => this.#candidateRow(tested, k));
    const hidden = ranked.wanted - rows.length;
    if (wanted !== "discoveries") rows.push(...this.#oneAssetRows(tested));
    if (wanted === "all") {
      for (const row of this.#otherRows(tested)) rows.push(row);
      rows.sort(compareRows);
    }
    const shown = rows.filter((row) => isShown(row, pairs));
    return { rows: shown.slice(0, limit), matching: shown.length + hidden };
  }

  #candidateRow({ scan: { candidates }, final, found }: TestedPairs, k: number): ScreenRow {
    const both = {
      forward: final.forward[k]!,
      backward: final.backward[k]!,
      forwardLag: final.forwardLag[k]!,
      backwardLag: final.backwardLag[k]!,
    };
    const [i, j] = [candidates[2 * k]!, candidates[2 * k + 1]!];
    return this.#rows.better(this.#tests.moments!, i, j, both, found.of(final.pValues[k]!));
  }

  /** The pairs that are one instrument or on one asset. */
  #oneAssetRows({ scan: { collinear }, wrappers }: TestedPairs): ScreenRow[] {
    const rows: ScreenRow[] = [];
    const moments = this.#tests.moments!;
    for (let k = 0; k < collinear.length; k += 2) {
      rows.push(this.#rows.collinear(moments, collinear[k]!, collinear[k + 1]!));
    }
    for (let k = 0; k < wrappers.length; k += 2) {
      rows.push(this.#rows.wrapper(moments, wrappers[k]!, wrappers[k + 1]!));
    }
    return rows.sort(compareRows);
  }

  /** The pairs that are neither candidates nor one asset. */
  #otherRows({ scan, wrappers, lagOne }: TestedPairs): ScreenRow[] {
    const done = new Set<number>();
    for (const pairs of [scan.candidates, scan.collinear, wrappers]) {
      for (let k = 0; k < pairs.length; k += 2) done.add(pairIndex(pairs[k]!, pairs[k + 1]!));
    }
    const rows: ScreenRow[] = [];
    const { symbols, columns, moments } = this.#tests;
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < i; j++) {
        const at = pairIndex(i, j);
        if (symbols[i] === null || symbols[j] === null || done.has(at)) continue;
        const reason = this.#tests.reason(i, j);
        const both: BothStatistics = {
          forward: lagOne.rowOnColumn[at]!,
          backward: lagOne.columnOnRow[at]!,
          forwardLag: 1,
          backwardLag: 1,
        };
        rows.push(
          reason === null
            ? this.#rows.better(moments!, i, j, both, null)
            : this.#rows.untested(i, j, reason),
        );
      }
    }
    return rows;
  }
}
