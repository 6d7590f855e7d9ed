import { RollingSum } from "./rolling_sum.ts";
import type { RollingState } from "./rolling_window.ts";

/**
 * Returns the volume-weighted average price since the start of the session, after each trade or bar.
 *
 * `sum price * volume / sum volume`. A new session starts where the session number changes.
 *
 * @example Two sessions
 * ```ts
 * import { sessionVwap } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(sessionVwap([10, 20, 7], [1, 3, 5], [1, 1, 2]), [10, 17.5, 7]);
 * ```
 *
 * @param prices Prices, oldest first, in quote per base.
 * @param volumes Base volumes, >= 0, one per price. A row with a price or volume that is missing
 *   or out of range adds nothing.
 * @param sessions A number per row that names its session, for example the day; without it all rows
 *   are one session.
 * @returns Quote per base, one per row; `null` while the session has no volume.
 * @throws {RangeError} If the lengths differ.
 */
export function sessionVwap(
  prices: ArrayLike<number>,
  volumes: ArrayLike<number>,
  sessions?: ArrayLike<number>,
): (number | null)[] {
  requireOneLength(prices, volumes);
  if (sessions !== undefined) requireOneLength(prices, sessions);
  let quoteVolume = 0;
  let volume = 0;
  return Array.from({ length: prices.length }, (_, t) => {
    if (t > 0 && sessions?.[t] !== sessions?.[t - 1]) {
      quoteVolume = 0;
      volume = 0;
    }
    if (isTraded(prices[t]!, volumes[t]!)) {
      quoteVolume += prices[t]! * volumes[t]!;
      volume += volumes[t]!;
    }
    return volume > 0 ? quoteVolume / volume : null;
  });
}

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
 * Sums never drift (see `RollingSum`). O(1) amortized per row, no allocation.
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
    const known = volume === 0 || isTraded(price, volume);
    const quoteVolume = this.#quoteVolume.push(volume === 0 ? 0 : known ? price * volume : NaN);
    const total = this.#volume.push(known ? volume : NaN);
    return quoteVolume === null || total === null || !(total > 0) ? null : quoteVolume / total;
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

function isTraded(price: number, volume: number): boolean {
  return price > 0 && price < Infinity && volume > 0 && volume < Infinity;
}

function requireOneLength(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot average prices as all columns must have one length: current values are ${a.length} and ${b.length}`,
    );
  }
}
