import { type AlignedRow, type AlignOptions, isSameRow, makeRow } from "./aligned_row.ts";
import { type CloseBar, type Leg, LegBars, lowerBound } from "./leg_bars.ts";

export type { AlignedRow, AlignOptions } from "./aligned_row.ts";
export type { CloseBar, Leg } from "./leg_bars.ts";

/** A grid longer than this is a mistake in the times or the interval, not a series of bars. */
const MOST_ROWS = 50_000_000;

/**
 * Brings the bars of two legs onto one time line as they come.
 *
 * A row leaves once both legs have reached its interval, or once `advance()` says that no bar of
 * it is missing. The rows equal those of `alignCloses()` over the same bars. A bar that comes late
 * or revised changes rows that have left: they leave again. A bar whose close is not > 0 and
 * finite counts as missing.
 *
 * @example The second leg skips a minute
 * ```ts
 * import { CloseAligner } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bar = (minute: number, close: number) => (
 *   { openTimeMs: minute * 60_000, close, complete: true, revision: 0 }
 * );
 * const aligner = new CloseAligner({ intervalMs: 60_000, fill: "previous" });
 * for (const minute of [1, 2, 3]) aligner.push("y", bar(minute, 10 + minute));
 * aligner.push("x", bar(1, 5));
 * const rows = aligner.push("x", bar(3, 6));
 * deepStrictEqual(rows.map((r) => [r.y, r.x, r.stale]), [[12, 5, true], [13, 6, false]]);
 * ```
 */
export class CloseAligner {
  readonly #options: AlignOptions;
  readonly #historyBars: number;
  readonly #legs: Record<Leg, LegBars> = { y: new LegBars(), x: new LegBars() };
  #rows: AlignedRow[] = [];
  #floorMs = -Infinity;
  #untilMs = -Infinity;

  /**
   * Begins without bars.
   *
   * @param options Interval and fill; `historyBars` is how many intervals back a late or revised
   *   bar is still taken (default 100,000).
   * @throws {RangeError} If `intervalMs` is not a positive whole number.
   */
  constructor(options: AlignOptions & { readonly historyBars?: number }) {
    if (!(Number.isSafeInteger(options.intervalMs) && options.intervalMs > 0)) {
      throw new RangeError(
        `Cannot align bars as "intervalMs" must be a positive whole number: current value is ${options.intervalMs}`,
      );
    }
    this.#options = options;
    this.#historyBars = options.historyBars ?? 100_000;
  }

  /**
   * Takes a new, late or revised bar of one leg.
   *
   * @param leg Which leg.
   * @param bar The bar.
   * @returns New and changed rows, oldest first; from the first changed row to the last.
   * @throws {RangeError} If the bar does not open at a multiple of the interval.
   */
  push(leg: Leg, bar: CloseBar): AlignedRow[] {
    if (bar.openTimeMs % this.#options.intervalMs !== 0) {
      throw new RangeError(
        `Cannot align a bar as "openTimeMs" must be a multiple of ${this.#options.intervalMs}: current value is ${bar.openTimeMs}`,
      );
    }
    if (!(bar.close > 0 && bar.close < Infinity)) return [];
    const oldest = this.#legs[leg].lastMs - this.#historyBars * this.#options.intervalMs;
    if (bar.openTimeMs < oldest || !this.#legs[leg].put(bar)) return [];
    return this.#settle(bar.openTimeMs);
  }

  /**
   * Says that every bar that closes by a time has come, so that a leg that did not trade holds
   * nothing up.
   *
   * @param untilMs A time, ms since the epoch; intervals that end by it are settled.
   * @returns New rows, oldest first.
   */
  advance(untilMs: number): AlignedRow[] {
    const { intervalMs } = this.#options;
    const lastMs = Math.floor(untilMs / intervalMs) * intervalMs - intervalMs;
    if (!(lastMs > this.#untilMs)) return [];
    this.#untilMs = lastMs;
    return this.#settle(Infinity);
  }

  /** The rows so far, oldest first, as far back as the history reaches. */
  get rows(): readonly AlignedRow[] {
    return this.#rows;
  }

  /** Makes the rows from `changedMs` on again and answers what is new or different. */
  #settle(changedMs: number): AlignedRow[] {
    const { y, x } = this.#legs;
    if (y.bars.length === 0 || x.bars.length === 0) return [];
    const startMs = Math.max(this.#floorMs, y.bars[0]!.openTimeMs, x.bars[0]!.openTimeMs);
    const endMs = Math.max(Math.min(y.lastMs, x.lastMs), this.#untilMs);
    const lastMs = this.#rows.at(-1)?.openTimeMs ?? -Infinity;
    const nextMs = lastMs === -Infinity ? startMs : lastMs + this.#options.intervalMs;
    const fromMs = Math.max(startMs, Math.min(changedMs, nextMs));
    const keep = lowerBound(this.#rows, fromMs);
    const before = this.#rows.splice(keep);
    const after = this.#options.fill === "previous"
      ? this.#grid(fromMs, endMs)
      : this.#common(fromMs, endMs);
    for (const row of after) this.#rows.push(row);
    this.#forget();
    let changed = after.length;
    while (changed > 0 && changed <= before.length) {
      if (!isSameRow(after[changed - 1]!, before[changed - 1]!)) break;
      changed--;
    }
    let first = 0;
    while (first < changed && first < before.length && isSameRow(after[first]!, before[first]!)) {
      first++;
    }
    return after.slice(first, changed);
  }

  #grid(fromMs: number, endMs: number): AlignedRow[] {
    const { intervalMs } = this.#options;
    if ((endMs - fromMs) / intervalMs > MOST_ROWS) {
      throw new RangeError(
        `Cannot align bars as a grid from ${fromMs} to ${endMs} must have at most ${MOST_ROWS} rows`,
      );
    }
    const ys = this.#legs.y.bars;
    const xs = this.#legs.x.bars;
    let i = this.#legs.y.countBefore(fromMs) - 1;
    let j = this.#legs.x.countBefore(fromMs) - 1;
    const rows: AlignedRow[] = [];
    for (let timeMs = fromMs; timeMs <= endMs; timeMs += intervalMs) {
      while (i + 1 < ys.length && ys[i + 1]!.openTimeMs <= timeMs) i++;
      while (j + 1 < xs.length && xs[j + 1]!.openTimeMs <= timeMs) j++;
      rows.push(makeRow(timeMs / intervalMs, timeMs, ys[i]!, xs[j]!));
    }
    return rows;
  }

  #common(fromMs: number, endMs: number): AlignedRow[] {
    const ys = this.#legs.y.bars;
    const xs = this.#legs.x.bars;
    let j = this.#legs.x.countBefore(fromMs);
    let row = (this.#rows.at(-1)?.row ?? -1) + 1;
    const rows: AlignedRow[] = [];
    for (let i = this.#legs.y.countBefore(fromMs); i < ys.length; i++) {
      const timeMs = ys[i]!.openTimeMs;
      if (timeMs > endMs) break;
      while (j < xs.length && xs[j]!.openTimeMs < timeMs) j++;
      if (xs[j]?.openTimeMs === timeMs) rows.push(makeRow(row++, timeMs, ys[i]!, xs[j]!));
    }
    return rows;
  }

  /** Lets go of what is older than the history, a good part at a time. */
  #forget(): void {
    for (const leg of [this.#legs.y, this.#legs.x]) {
      if (leg.bars.length > 2 * this.#historyBars) leg.bars = leg.bars.slice(-this.#historyBars);
    }
    if (this.#rows.length <= 2 * this.#historyBars) return;
    this.#rows = this.#rows.slice(-this.#historyBars);
    this.#floorMs = this.#rows[0]!.openTimeMs;
  }
}

/**
 * Brings two bar series onto one time line.
 *
 * With `previous` the rows are every interval from the first that both legs have reached to the
 * last that both have reached (or `untilMs`); with `drop` those in which both traded. A bar whose
 * close is not > 0 and finite counts as missing; of two bars of one interval the higher revision
 * counts.
 *
 * @example Only common minutes
 * ```ts
 * import { alignCloses } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bar = (minute: number, close: number) => (
 *   { openTimeMs: minute * 60_000, close, complete: true, revision: 0 }
 * );
 * const rows = alignCloses([bar(1, 11), bar(2, 12), bar(3, 13)], [bar(1, 5), bar(3, 6)], {
 *   intervalMs: 60_000,
 *   fill: "drop",
 * });
 * deepStrictEqual(rows.map((r) => [r.y, r.x]), [[11, 5], [13, 6]]);
 * ```
 *
 * @param yBars Bars of the dependent leg, oldest first.
 * @param xBars Bars of the hedge leg, oldest first.
 * @param options Interval, fill, and a time up to which no bar is missing (see
 *   `CloseAligner.advance()`).
 * @returns The rows, oldest first.
 * @throws {RangeError} If `intervalMs` is not a positive whole number or a bar does not open at a
 *   multiple of it.
 */
export function alignCloses(
  yBars: Iterable<CloseBar>,
  xBars: Iterable<CloseBar>,
  options: AlignOptions & { readonly untilMs?: number },
): AlignedRow[] {
  const aligner = new CloseAligner({ ...options, historyBars: Infinity });
  for (const bar of yBars) aligner.push("y", bar);
  for (const bar of xBars) aligner.push("x", bar);
  if (options.untilMs !== undefined) aligner.advance(options.untilMs);
  return [...aligner.rows];
}
