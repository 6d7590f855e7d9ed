import { finite, finiteOrNaN } from "./absent.ts";
import type { RangeVolatilityOptions } from "./range_volatility.ts";
import { requirePeriodsPerYear } from "./realised_volatility.ts";
import { RollingMoments } from "./rolling_moments.ts";
import { RollingSum } from "./rolling_sum.ts";
import type { RollingState } from "./rolling_window.ts";

/** What a `RollingRangeVolatility` needs to continue; plain JSON. */
export interface RollingRangeVolatilityState {
  /** Its options. */
  readonly options: RangeVolatilityOptions;
  /** Logarithm of the last close, and the last volatility. */
  readonly numbers: readonly (number | null)[];
  /** Sum of what each bar contributes. */
  readonly terms: RollingState;
  /** Moments of the jumps from close to open. */
  readonly jumps: RollingState;
  /** Moments of the moves from open to close. */
  readonly moves: RollingState;
}

// places in the working numbers
const PREVIOUS = 0; // logarithm of the last close
const JUMP = 1; // from it to the open
const MOVE = 2; // from open to close
const TERM = 3; // what the bar adds, then the variance of the window
const MEAN = 4;
const DEVIATION = 5;
const VOLATILITY = 6;

const GARMAN_KLASS = 2 * Math.LN2 - 1;

/**
 * The volatility of the last bars, estimated from their ranges, as bars come; the estimators are
 * those of `rangeVolatility()`.
 *
 * Nothing drifts (see `RollingSum`, `RollingMoments`). O(1) amortized per bar; nothing is allocated
 * but the number that `push()` returns, where it is used.
 *
 * @example One bar that ends where it began
 * ```ts
 * import { RollingRangeVolatility } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const volatility = new RollingRangeVolatility({
 *   estimator: "parkinson", window: 1, periodsPerYear: 4 * Math.LN2,
 * });
 * ok(Math.abs(volatility.push(1, Math.E, 1, 1)! - 1) < 1e-15);
 * ```
 */
export class RollingRangeVolatility {
  readonly #options: RangeVolatilityOptions;
  #terms: RollingSum;
  #jumps: RollingMoments;
  #moves: RollingMoments;
  readonly #row = new Float64Array(4);
  readonly #numbers = new Float64Array(7).fill(NaN);

  /**
   * Starts before the first bar.
   *
   * @param options Estimator, window and periods per year.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RangeVolatilityOptions) {
    const { estimator, window, periodsPerYear } = options;
    requirePeriodsPerYear(periodsPerYear);
    if (estimator === "yang-zhang" && !(window >= 2)) {
      throw new RangeError(
        `Cannot estimate Yang-Zhang volatility as "window" must be >= 2: current value is ${window}`,
      );
    }
    this.#options = { estimator, window, periodsPerYear };
    this.#terms = new RollingSum(window);
    this.#jumps = new RollingMoments(window);
    this.#moves = new RollingMoments(window);
  }

  /**
   * Takes the next bar.
   *
   * @param open Price of the first trade.
   * @param high Highest price.
   * @param low Lowest price.
   * @param close Price of the last trade.
   * @returns The volatility in log units per square root of a year; `null` while the window is not
   *   full or holds a bar with a price that is missing or not greater than 0.
   */
  push(open: number, high: number, low: number, close: number): number | null {
    const row = this.#row;
    row[0] = open;
    row[1] = high;
    row[2] = low;
    row[3] = close;
    this.take(row);
    return finite(this.#numbers[VOLATILITY]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds open, high, low and close.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    // the logarithm of a price that is not above 0 is not finite, and so missing
    const o = Math.log(row[at]!);
    const h = Math.log(row[at + 1]!);
    const l = Math.log(row[at + 2]!);
    const c = Math.log(row[at + 3]!);
    const numbers = this.#numbers;
    const { estimator, window, periodsPerYear } = this.#options;
    const gap = numbers[JUMP] = o - numbers[PREVIOUS]!;
    const move = numbers[MOVE] = c - o;
    const garmanKlass = 0.5 * (h - l) * (h - l) - GARMAN_KLASS * move * move;
    numbers[TERM] = (h - c) * (h - o) + (l - c) * (l - o);
    if (estimator === "parkinson") numbers[TERM] = (h - l) * (h - l) / (4 * Math.LN2);
    if (estimator === "garman-klass") numbers[TERM] = garmanKlass;
    if (estimator === "garman-klass-yang-zhang") numbers[TERM] = gap * gap + garmanKlass;
    numbers[PREVIOUS] = finiteOrNaN(c);
    this.#terms.take(numbers, TERM);
    this.#terms.read(numbers, TERM);
    numbers[TERM] = numbers[TERM]! / window;
    if (estimator === "yang-zhang") this.#addJumps(window);
    numbers[VOLATILITY] = finiteOrNaN(Math.sqrt(numbers[TERM]! * periodsPerYear));
  }

  /** Makes the Yang-Zhang variance of the Rogers-Satchell one. */
  #addJumps(window: number): void {
    const numbers = this.#numbers;
    this.#jumps.take(numbers, JUMP);
    this.#moves.take(numbers, MOVE);
    this.#jumps.read(numbers, MEAN);
    const jump = numbers[DEVIATION]!;
    this.#moves.read(numbers, MEAN);
    const move = numbers[DEVIATION]!;
    const k = 0.34 / (1.34 + (window + 1) / (window - 1));
    numbers[TERM] = jump * jump + k * move * move + (1 - k) * numbers[TERM]!;
    const isFull = this.#jumps.count === window && this.#moves.count === window;
    if (!isFull) numbers[TERM] = NaN;
  }

  /**
   * Writes what `push()` returned, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at The place.
   */
  read(into: Float64Array, at = 0): void {
    into[at] = this.#numbers[VOLATILITY]!;
  }

  /** What `restore()` needs. */
  state(): RollingRangeVolatilityState {
    return {
      options: this.#options,
      numbers: [finite(this.#numbers[PREVIOUS]!), finite(this.#numbers[VOLATILITY]!)],
      terms: this.#terms.state(),
      jumps: this.#jumps.state(),
      moves: this.#moves.state(),
    };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingRangeVolatilityState): RollingRangeVolatility {
    const volatility = new RollingRangeVolatility(state.options);
    volatility.#terms = RollingSum.restore(state.terms);
    volatility.#jumps = RollingMoments.restore(state.jumps);
    volatility.#moves = RollingMoments.restore(state.moves);
    volatility.#numbers[PREVIOUS] = state.numbers[0] ?? NaN;
    volatility.#numbers[VOLATILITY] = state.numbers[1] ?? NaN;
    return volatility;
  }
}
