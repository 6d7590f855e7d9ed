import { finite } from "./absent.ts";

/** What an `EwmaVariance` needs to continue; plain JSON. */
export interface EwmaVarianceState {
  /** Weight of the past. */
  readonly decay: number;
  /** The variance after the last return, or `null` before the first. */
  readonly variance: number | null;
}

/**
 * The exponentially weighted variance of returns, `v(t) = decay v(t - 1) + (1 - decay) r(t)^2`.
 *
 * Starts at the first squared return; the mean is taken as 0 (RiskMetrics Technical Document,
 * 1996, where `decay` is 0.94 for daily returns). A missing return leaves the variance as it was.
 * O(1) per return; nothing is allocated but the number that `push()` returns, where it is used.
 *
 * @example Three returns
 * ```ts
 * import { EwmaVariance } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const variance = new EwmaVariance(0.5);
 * deepStrictEqual([2, 4, NaN].map((r) => variance.push(r)), [4, 10, 10]);
 * ```
 */
export class EwmaVariance {
  /** Weight of the past, inside (0, 1). */
  readonly decay: number;
  readonly #row = new Float64Array(1);
  /** The variance: a field that may be null would allocate at every update. */
  readonly #numbers = new Float64Array([NaN]);

  /**
   * Starts before the first return.
   *
   * @param decay Weight of the past, inside (0, 1).
   * @throws {RangeError} If `decay` is outside (0, 1).
   */
  constructor(decay = 0.94) {
    if (!(decay > 0 && decay < 1)) {
      throw new RangeError(
        `Cannot weigh returns as "decay" must be inside (0, 1): current value is ${decay}`,
      );
    }
    this.decay = decay;
  }

  /** The variance after the last return, in squared units of the returns; `null` before the first. */
  get variance(): number | null {
    return finite(this.#numbers[0]!);
  }

  /**
   * Takes the next return.
   *
   * @param value The return; one that is not finite counts as missing.
   * @returns The variance after it, or `null` before the first return.
   */
  push(value: number): number | null {
    this.#row[0] = value;
    this.take(this.#row);
    return finite(this.#numbers[0]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds the return.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const value = row[at]!;
    if (!Number.isFinite(value)) return;
    const square = value * value;
    const before = this.#numbers[0]!;
    if (Number.isNaN(before)) this.#numbers[0] = square;
    else this.#numbers[0] = this.decay * before + (1 - this.decay) * square;
  }

  /**
   * Writes the variance, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at The place.
   */
  read(into: Float64Array, at = 0): void {
    into[at] = this.#numbers[0]!;
  }

  /** What `restore()` needs. */
  state(): EwmaVarianceState {
    return { decay: this.decay, variance: this.variance };
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: EwmaVarianceState): EwmaVariance {
    const variance = new EwmaVariance(state.decay);
    variance.#numbers[0] = state.variance ?? NaN;
    return variance;
  }
}

/**
 * Returns the exponentially weighted variance after each return: `EwmaVariance` over a series.
 *
 * @example Three returns
 * ```ts
 * import { ewmaVariance } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(ewmaVariance([2, 4], 0.5), [4, 10]);
 * ```
 *
 * @param returns Returns, oldest first; `NaN` marks a missing one.
 * @param decay Weight of the past, inside (0, 1).
 * @returns One variance per return; `null` before the first return.
 * @throws {RangeError} If `decay` is outside (0, 1).
 */
export function ewmaVariance(returns: ArrayLike<number>, decay = 0.94): (number | null)[] {
  const variance = new EwmaVariance(decay);
  return Array.from({ length: returns.length }, (_, t) => variance.push(returns[t]!));
}
