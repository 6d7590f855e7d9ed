import { finite } from "./absent.ts";
import { isTraded, requireOneLength } from "./session_vwap.ts";
import { RollingSum } from "./rolling_sum.ts";
import type { RollingState } from "./rolling_window.ts";

/** What a `RollingVwap` needs to continue; plain JSON. */
export interface RollingVwapState {
  /** The sum of price times volume. */
  readonly quoteVolume: RollingState;
  /** The sum of volume. */
  readonly volume: RollingState;
}

/**
 * The volume-weighted average price of the last rows, `sum price * volume / sum volume`.
 *
 * Sums never drift (see `RollingSum`). O(1) amortized per row; nothing is allocated but the number
 * that `push()` returns, where it is used.
 *
 * @example A window of two
 * ```ts
 * import { RollingVwap } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const vwap = new RollingVwap(2);
 * deepStrictEqual([vwap.push(10, 1), vwap.push(20, 3), vwap.push(8, 3)], [null, 17.5, 14]);
 * ```
 */
export class RollingVwap {
  #quoteVolume: RollingSum;
  #volume: RollingSum;
  readonly #row = new Float64Array(2);
  /** What the row adds to the sums; then the sums; then the average. */
  readonly #numbers = new Float64Array([NaN, NaN]);

  /**
   * Starts before the first row.
   *
   * @param window Number of rows; a whole number >= 1.
   * @throws {RangeError} If `window` is not such a number.
   */
  constructor(window: number) {
    this.#quoteVolume = new RollingSum(window);
    this.#volume = new RollingSum(window);
  }

  /**
   * Takes the next row.
   *
   * @param price Quote per base; > 0.
   * @param volume Base volume; >= 0. A row without volume needs no price.
   * @returns Quote per base over the window; `null` while the window is not full, misses a row or has
   *   no volume.
   */
  push(price: number, volume: number): number | null {
    const row = this.#row;
    row[0] = price;
    row[1] = volume;
    this.take(row);
    return finite(this.#numbers[0]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds price and volume.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const numbers = this.#numbers;
    const price = row[at]!;
    const volume = row[at + 1]!;
    numbers.fill(NaN);
    if (volume === 0) numbers.fill(0);
    else if (isTraded(price, volume)) {
      numbers[0] = price * volume;
      numbers[1] = volume;
    }
    this.#quoteVolume.take(numbers, 0);
    this.#volume.take(numbers, 1);
    this.#average();
  }

  /**
   * Writes what `push()` returned, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at The place.
   */
  read(into: Float64Array, at = 0): void {
    into[at] = this.#numbers[0]!;
  }

  #average(): void {
    const numbers = this.#numbers;
    this.#quoteVolume.read(numbers, 0);
    this.#volume.read(numbers, 1);
    // 0 / 0 without volume
    numbers[0] = numbers[0]! / numbers[1]!;
  }

  /** What `restore()` needs. */
  state(): RollingVwapState {
    return { quoteVolume: this.#quoteVolume.state(), volume: this.#volume.state() };
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingVwapState): RollingVwap {
    const vwap = new RollingVwap(state.volume.window);
    vwap.#quoteVolume = RollingSum.restore(state.quoteVolume);
    vwap.#volume = RollingSum.restore(state.volume);
    vwap.#average();
    return vwap;
  }
}

/**
 * Returns the volume-weighted average price of each window: `RollingVwap` over a series.
 *
 * @example A window of two
 * ```ts
 * import { rollingVwap } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(rollingVwap([10, 20, 8], [1, 3, 3], 2), [null, 17.5, 14]);
 * ```
 *
 * @param prices Prices, oldest first, in quote per base.
 * @param volumes Base volumes, >= 0, one per price.
 * @param window Number of rows; a whole number >= 1.
 * @returns Quote per base, one per row; `null` as in `RollingVwap`.
 * @throws {RangeError} If the lengths differ or `window` is out of range.
 */
export function rollingVwap(
  prices: ArrayLike<number>,
  volumes: ArrayLike<number>,
  window: number,
): (number | null)[] {
  requireOneLength(prices, volumes);
  const vwap = new RollingVwap(window);
  return Array.from({ length: prices.length }, (_, t) => vwap.push(prices[t]!, volumes[t]!));
}
