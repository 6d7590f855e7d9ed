import { finite } from "./absent.ts";
import { RollingMoments } from "./rolling_moments.ts";
import type { RollingState } from "./rolling_window.ts";

/** Which values a score is measured by. */
export interface ZScoreOptions {
  /** Rows of the window. */
  readonly window: number;
  /** Degrees of freedom taken by the mean. @default {1} */
  readonly ddof?: number;
  /** Fewest values in the window. @default {window} */
  readonly minCount?: number;
  /** 1: the window ends before the row it scores, as a signal must. 0: it holds the row. @default {1} */
  readonly lag?: 0 | 1;
}

/** What a `RollingZScore` needs to continue; plain JSON. */
export interface RollingZScoreState {
  /** Its options, defaults filled in. */
  readonly options: Required<ZScoreOptions>;
  /** Score, mean and deviation of the last row. */
  readonly numbers: readonly (number | null)[];
  /** The window. */
  readonly rolling: RollingState;
}

/**
 * How far each value lies from the mean of a window, in its standard deviations, as values come.
 *
 * By default the window ends before the value, so that no score sees its own row. O(1) amortized per
 * row; `push()` and `read()` allocate nothing, a getter allocates the number it returns (16 bytes).
 *
 * @example The third value against the two before it
 * ```ts
 * import { RollingZScore } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const score = new RollingZScore({ window: 2, ddof: 0 });
 * for (const value of [1, 3, 4]) score.push(value);
 * strictEqual(score.z, 2);
 * ```
 */
export class RollingZScore {
  /** The options, defaults filled in. */
  readonly options: Required<ZScoreOptions>;
  #rolling: RollingMoments;
  readonly #row = new Float64Array(1);
  /** Score, mean and deviation. */
  readonly #numbers = new Float64Array(3).fill(NaN);

  /**
   * Begins with an empty window.
   *
   * @param options Window, degrees of freedom and lag.
   * @throws {RangeError} If `window` is not a whole number >= 1.
   */
  constructor(options: ZScoreOptions) {
    const { window, ddof = 1, minCount = window, lag = 1 } = options;
    this.options = { window, ddof, minCount: Math.max(1, minCount), lag };
    this.#rolling = new RollingMoments(window);
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingZScoreState): RollingZScore {
    const score = new RollingZScore(state.options);
    score.#rolling = RollingMoments.restore(state.rolling);
    score.#numbers.set(state.numbers.map((value) => value ?? NaN));
    return score;
  }

  /** What `restore()` needs. */
  state(): RollingZScoreState {
    return {
      options: this.options,
      numbers: Array.from(this.#numbers, finite),
      rolling: this.#rolling.state(),
    };
  }

  /**
   * Takes the next row.
   *
   * @param value The value; one that is not finite is missing and has no score.
   */
  push(value: number): void {
    this.#row[0] = value;
    this.take(this.#row);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds the value.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const { lag, minCount, ddof } = this.options;
    const numbers = this.#numbers;
    if (lag === 0) this.#rolling.take(row, at);
    if (this.#rolling.count < minCount) numbers.fill(NaN);
    else this.#rolling.readScore(row, at, numbers, 0, ddof);
    if (lag === 1) this.#rolling.take(row, at);
  }

  /** Score of the last row; `null` where the deviation is 0 or anything is missing. */
  get z(): number | null {
    return finite(this.#numbers[0]!);
  }

  /** Mean of the window the score used. */
  get mean(): number | null {
    return finite(this.#numbers[1]!);
  }

  /** Deviation of the window the score used; exactly 0 where it is flat. */
  get deviation(): number | null {
    return finite(this.#numbers[2]!);
  }

  /**
   * Writes what the getters tell, without allocating: score, mean and deviation.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  read(into: Float64Array, at = 0): void {
    // One by one: the call of `set()` costs more than the numbers.
    const numbers = this.#numbers;
    into[at] = numbers[0]!;
    into[at + 1] = numbers[1]!;
    into[at + 2] = numbers[2]!;
  }
}
