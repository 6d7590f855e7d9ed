import { HoldOut, type HoldOutOptions, type HoldOutReport } from "./hold_out.ts";
import type { Screen, ScreenOptions, ScreenRow } from "./screen.ts";
import type { MatrixOptions, ScreenMatrix } from "./screen_matrix.ts";
import { screenSentence } from "./screen_sentence.ts";
import { Universe } from "./universe.ts";
import type { UniverseBar, UniverseOptions } from "./universe_options.ts";

/** A row of a screen with what became of the pair out of sample. */
export interface RankedRow extends ScreenRow {
  /**
   * Whether the pair, chosen one window before the latest second test, passed it; `null` for a
   * pair that was not chosen then or could not be tested.
   */
  readonly holdOut: "survived" | "failed" | null;
}

/** A screen and how much of an earlier one is still there. */
export interface ScreenReport extends Omit<Screen, "rows"> {
  /** Smallest p-value first; pairs without a test last. */
  readonly rows: readonly RankedRow[];
  /** How the pairs fared that were chosen one window earlier. */
  readonly holdOut: HoldOutReport;
  /** How much to trust it, in words. */
  readonly summary: string;
}

/**
 * A universe that also checks itself out of sample: pairs chosen on one window are tested again on
 * the next, four times per window.
 *
 * @example Two windows of a pair that belongs together
 * ```ts
 * import { Screener } from "tandem/universe";
 * import { Random } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const random = new Random(3);
 * const screener = new Screener({ intervalMs: 1_000, windowBars: 300 });
 * let [a, c] = [4, 7];
 * for (let second = 0; second < 600; second++) {
 *   a += 0.01 * random.normal();
 *   c += 0.01 * random.normal();
 *   const b = 1 + 0.8 * a + 0.01 * random.normal();
 *   const bar = (symbol: string, log: number) => ({ symbol, close: Math.exp(log), complete: true });
 *   screener.push(second * 1_000, [bar("A", a), bar("B", b), bar("C", c)]);
 * }
 * const { rows, holdOut } = screener.screen({ rows: "discoveries" });
 * deepStrictEqual(rows.map((row) => row.holdOut), ["survived"]);
 * deepStrictEqual(holdOut.latest, { chosen: 1, tested: 1, survived: 1, survivalRate: 1 });
 * ```
 */
export class Screener {
  /** The pairs and their tests. */
  readonly universe: Universe;
  readonly #holdOut: HoldOut;

  /**
   * Begins without symbols.
   *
   * @param options Interval, window, lags and the stale share allowed.
   * @param holdOut How to choose the pairs that are tested again. @default {at 5 %, all lags}
   * @throws {RangeError} If one of the options is out of range.
   */
  constructor(options: UniverseOptions, holdOut: HoldOutOptions = {}) {
    this.universe = new Universe(options);
    this.#holdOut = new HoldOut(this.universe.maxLag, holdOut);
  }

  /**
   * Takes all bars of the next interval, as `Universe.push()`.
   *
   * @param openTimeMs Open time of the interval, ms since the epoch, later than the one before.
   * @param bars The bars, one per symbol that traded.
   * @throws {RangeError} If the time is not a later multiple of the interval.
   */
  push(openTimeMs: number, bars: Iterable<UniverseBar>): void {
    this.universe.push(openTimeMs, bars);
    this.#holdOut.advance(this.universe);
  }

  /**
   * Takes late and revised bars, as `Universe.amend()`. What was chosen and tested stays.
   *
   * @param openTimeMs Open time of the interval, ms since the epoch, at most that of the newest bar.
   * @param bars The bars, one per symbol.
   * @returns How many prices changed.
   * @throws {RangeError} If the time is not a multiple of the interval that has been reached.
   */
  amend(openTimeMs: number, bars: Iterable<UniverseBar>): number {
    return this.universe.amend(openTimeMs, bars);
  }

  /**
   * Tests every pair over the window that ends with the newest bar.
   *
   * @param options As of `Universe.screen()`.
   * @returns The screen and the out-of-sample counts.
   * @throws {RangeError} If `alpha` or `lag` is out of range.
   */
  screen(options: ScreenOptions = {}): ScreenReport {
    const screen = this.universe.screen(options);
    const holdOut = this.#holdOut.report();
    const rows = screen.rows.map((row) => ({ ...row, holdOut: this.#holdOut.verdict(row) }));
    return { ...screen, rows, holdOut, summary: screenSentence(screen, holdOut) };
  }

  /**
   * Returns the correlations and p-values of all pairs, ordered for a heat map.
   *
   * @param options As of `Universe.matrix()`.
   * @returns Both matrices of the usable symbols.
   * @throws {RangeError} If `alpha` or `lag` is out of range.
   */
  matrix(options: MatrixOptions = {}): ScreenMatrix {
    return this.universe.matrix(options);
  }
}
