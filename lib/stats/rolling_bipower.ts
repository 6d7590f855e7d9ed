import { finite } from "./absent.ts";
import { RollingSum } from "./rolling_sum.ts";
import type { RollingState } from "./rolling_window.ts";

/** What a `RollingBipower` needs to continue; plain JSON. */
export interface RollingBipowerState {
  /** The sum of products. */
  readonly sum: RollingState;
  /** The last return, or `null` for a missing one. */
  readonly last: number | null;
}

/**
 * The bipower variation of the last `window` returns, `pi / 2 * sum |r(t)| |r(t - 1)|` over their
 * `window - 1` neighbours, as returns come.
 *
 * The sum never drifts (see `RollingSum`). O(1) amortized per return; nothing is allocated but the
 * number that `push()` returns, where it is used.
 *
 * @example One jump leaves no trace
 * ```ts
 * import { RollingBipower } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bipower = new RollingBipower(3);
 * deepStrictEqual([0, 0.05, 0].map((r) => bipower.push(r)), [null, null, 0]);
 * ```
 */
export class RollingBipower {
  /** Returns in the window. */
  readonly window: number;
  #sum: RollingSum;
  readonly #row = new Float64Array(1);
  /** The last return, the sum. */
  readonly #numbers = new Float64Array([NaN, NaN]);

  /**
   * Starts before the first return.
   *
   * @param window Number of returns; a whole number >= 2.
   * @throws {RangeError} If `window` is not such a number.
   */
  constructor(window: number) {
    if (!(Number.isInteger(window) && window >= 2)) {
      throw new RangeError(
        `Cannot roll as "window" must be a whole number >= 2: current value is ${window}`,
      );
    }
    this.window = window;
    this.#sum = new RollingSum(window - 1);
  }

  /**
   * Takes the next return.
   *
   * @param value The log return; one that is not finite counts as missing.
   * @returns The variation in squared log units over the window; `null` while the window is not full
   *   or misses a return.
   */
  push(value: number): number | null {
    this.#row[0] = value;
    this.take(this.#row);
    return finite(this.#numbers[1]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds the return.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const numbers = this.#numbers;
    numbers[1] = Math.PI / 2 * Math.abs(row[at]! * numbers[0]!);
    numbers[0] = row[at]!;
    this.#sum.take(numbers, 1);
    this.#sum.read(numbers, 1);
  }

  /**
   * Writes what `push()` returned, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at The place.
   */
  read(into: Float64Array, at = 0): void {
    into[at] = this.#numbers[1]!;
  }

  /** What `restore()` needs. */
  state(): RollingBipowerState {
    return { sum: this.#sum.state(), last: finite(this.#numbers[0]!) };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingBipowerState): RollingBipower {
    const bipower = new RollingBipower(state.sum.window + 1);
    bipower.#sum = RollingSum.restore(state.sum);
    bipower.#numbers[0] = state.last ?? NaN;
    bipower.#sum.read(bipower.#numbers, 1);
    return bipower;
  }
}

/**
 * Returns the bipower variation of each window: `RollingBipower` over a series.
 *
 * @example One jump leaves no trace
 * ```ts
 * import { rollingBipowerVariation } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(rollingBipowerVariation([0, 0.05, 0], { window: 2 }), [null, 0, 0]);
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @param options `window` in returns, >= 2.
 * @returns One sum per return; `null` while the window is not full or misses a return.
 * @throws {RangeError} If `window` is not a whole number >= 2.
 */
export function rollingBipowerVariation(
  returns: ArrayLike<number>,
  options: { readonly window: number },
): (number | null)[] {
  const bipower = new RollingBipower(options.window);
  return Array.from({ length: returns.length }, (_, t) => bipower.push(returns[t]!));
}
