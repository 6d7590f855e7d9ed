import type { ScreenOptions, ScreenRow } from "./screen.ts";
import type { Universe } from "./universe.ts";

/** How the pairs are chosen that are tested again. */
export type HoldOutOptions = Pick<ScreenOptions, "alpha" | "lag" | "symbols" | "wrappers">;

/** How many times per window pairs are chosen. */
const CHOICES_PER_WINDOW = 4;

/** How the pairs fared that were chosen one window earlier. */
export interface HoldOutCount {
  /** Discoveries of the window before. */
  readonly chosen: number;
  /** Those that could be tested again; the others have a symbol that is gone or stale. */
  readonly tested: number;
  /** Those whose p-value is at most `alpha` on the bars that came after. */
  readonly survived: number;
  /** Survivors per pair tested, in [0, 1]; `null` if none was tested. */
  readonly survivalRate: number | null;
}

/** How much of what a screen finds is still there one window later. */
export interface HoldOutReport {
  /** Level of the choice and of the second test. */
  readonly alpha: number;
  /** Lagged differences of the tests, or how they were chosen. */
  readonly lag: number | "aic";
  /** Newest bar of the window in which the latest pairs tested again were chosen, ms; or `null`. */
  readonly chosenAtMs: number | null;
  /** Newest bar of the window in which they were tested again, or `null`. */
  readonly testedAtMs: number | null;
  /** The latest pairs tested again, or `null` before there are any. */
  readonly latest: HoldOutCount | null;
  /** All choices tested again so far; their windows overlap. */
  readonly all: HoldOutCount;
  /** How many of the latest would survive if none were a relation: `alpha` of those tested. */
  readonly expectedByChance: number | null;
  /** Why there is no count yet, or `null`. */
  readonly reason: string | null;
}

interface Choice {
  readonly atMs: number;
  readonly dueMs: number;
  readonly pairs: readonly (readonly [string, string])[];
}

/**
 * Out-of-sample check of a universe: the discoveries of one window are tested again, once, on the
 * window after it, which shares no bar with the first.
 */
export class HoldOut {
  readonly #options: HoldOutOptions;
  readonly #alpha: number;
  #choices: Choice[] = [];
  #lag: number | "aic";
  #latest: { readonly choice: Choice; readonly count: HoldOutCount; readonly atMs: number } | null =
    null;
  #verdicts = new Map<string, boolean>();
  #all = { chosen: 0, tested: 0, survived: 0 };
  #chosenAtMs = -Infinity;

  /**
   * Begins without a choice.
   *
   * @param maxLag Lags of the tests where the options name none.
   * @param options How pairs are chosen; the second test has the same level and lags.
   */
  constructor(maxLag: number, options: HoldOutOptions = {}) {
    const { alpha = 0.05, lag = maxLag, symbols = {}, wrappers = "skip" } = options;
    this.#options = { alpha, lag, symbols, wrappers };
    this.#alpha = alpha;
    this.#lag = lag;
  }

  /** Looks at the universe after a bar: chooses pairs and tests those that are due. */
  advance(universe: Universe): void {
    const { openTimeMs: nowMs, windowBars, intervalMs } = universe;
    if (nowMs === null) return;
    const due = this.#choices.findLast((choice) => choice.dueMs <= nowMs);
    if (due !== undefined) {
      this.#choices = this.#choices.filter((choice) => choice.dueMs > nowMs);
      this.#test(universe, due, nowMs);
    }
    const stepMs = Math.ceil(windowBars / CHOICES_PER_WINDOW) * intervalMs;
    if (nowMs - this.#chosenAtMs < stepMs) return;
    const { rows, tested } = universe.screen({ ...this.#options, rows: "discoveries" });
    if (tested === 0) return;
    this.#chosenAtMs = nowMs;
    const pairs = rows.map(({ y, x }) => [y, x] as const);
    this.#choices.push({ atMs: nowMs, dueMs: nowMs + windowBars * intervalMs, pairs });
  }

  #test(universe: Universe, choice: Choice, nowMs: number): void {
    const rows = universe.pairs(choice.pairs, { lag: this.#lag })
      .filter(({ pValue }) => pValue !== null);
    this.#verdicts = new Map(rows.map((row) => [keyOf(row), row.pValue! <= this.#alpha]));
    const survived = [...this.#verdicts.values()].filter((isAlive) => isAlive).length;
    const [chosen, tested] = [choice.pairs.length, rows.length];
    this.#latest = { choice, count: countOf({ chosen, tested, survived }), atMs: nowMs };
    this.#all.chosen += chosen;
    this.#all.tested += tested;
    this.#all.survived += survived;
  }

  /** What became of a pair of the latest choice that was tested again; `null` for another pair. */
  verdict(row: Pick<ScreenRow, "y" | "x">): "survived" | "failed" | null {
    const isAlive = this.#verdicts.get(keyOf(row));
    return isAlive === undefined ? null : isAlive ? "survived" : "failed";
  }

  /** The counts so far. */
  report(): HoldOutReport {
    const latest = this.#latest;
    const [first] = this.#choices;
    return {
      alpha: this.#alpha,
      lag: this.#lag,
      chosenAtMs: latest?.choice.atMs ?? null,
      testedAtMs: latest?.atMs ?? null,
      latest: latest?.count ?? null,
      all: countOf(this.#all),
      expectedByChance: latest === null ? null : this.#alpha * latest.count.tested,
      reason: latest !== null
        ? null
        : first === undefined
        ? "no pairs have been chosen yet: no window is full"
        : `the first pairs chosen are tested again at ${new Date(first.dueMs).toISOString()}`,
    };
  }
}

function countOf(
  { chosen, tested, survived }: { chosen: number; tested: number; survived: number },
): HoldOutCount {
  return { chosen, tested, survived, survivalRate: tested === 0 ? null : survived / tested };
}

/** The same for both directions of a pair. */
function keyOf({ y, x }: Pick<ScreenRow, "y" | "x">): string {
  return y < x ? `${y} ${x}` : `${x} ${y}`;
}
