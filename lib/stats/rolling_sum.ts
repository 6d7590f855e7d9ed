import { finite, finiteOrNaN } from "./absent.ts";
import { checkWindow, keptRows, placeInBlock, type RollingState } from "./rolling_window.ts";

/**
 * The sum of the last `window` rows, without drift.
 *
 * Works on blocks as `RollingMoments` does: the end of the previous block plus the start of the
 * current one. Nothing is ever subtracted, so the error is that of adding `window` numbers once, and
 * the result depends on the rows of the window and on their row numbers alone. O(1) amortized per
 * row; nothing is allocated but the number that `push()` returns, where it is used.
 *
 * @example The last two of three values
 * ```ts
 * import { RollingSum } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const last = new RollingSum(2);
 * deepStrictEqual([1, 2, 3].map((value) => last.push(value)), [null, 3, 5]);
 * ```
 */
export class RollingSum {
  /** Number of rows in the window. */
  readonly window: number;
  #previous: Float64Array;
  #current: Float64Array;
  #position: number;
  readonly #suffixes: Float64Array;
  readonly #row = new Float64Array(1);
  /** The sum of the current block, the sum of the window. */
  readonly #numbers = new Float64Array([0, NaN]);

  /**
   * Starts before the first row.
   *
   * @param window Number of rows; a whole number >= 1.
   * @param firstRow Absolute number of the first row that will come.
   * @throws {RangeError} If one of them is not such a number.
   */
  constructor(window: number, firstRow = 0) {
    checkWindow(window);
    this.window = window;
    this.#position = placeInBlock(firstRow, window);
    this.#previous = new Float64Array(window).fill(NaN);
    this.#current = new Float64Array(window).fill(NaN);
    this.#suffixes = new Float64Array(window + 1).fill(NaN);
    this.#suffixes[window] = 0;
    if (this.#position > 0) this.#numbers[0] = NaN;
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingState): RollingSum {
    const rolling = new RollingSum(state.window);
    for (const [value] of state.rows) rolling.push(value ?? NaN);
    return rolling;
  }

  /** What `restore()` needs. */
  state(): RollingState {
    return keptRows(this.window, this.#position, [this.#previous], [this.#current]);
  }

  /**
   * Takes the next row.
   *
   * @param value The value; one that is not finite counts as missing.
   * @returns The sum of the last `window` rows, or `null` while there are fewer or one is missing.
   */
  push(value: number): number | null {
    this.#row[0] = value;
    this.take(this.#row);
    return finite(this.#numbers[1]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds the value.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    if (this.#position === 0) this.#startBlock();
    const taken = finiteOrNaN(row[at]!);
    this.#current[this.#position] = taken;
    this.#numbers[0] = this.#numbers[0]! + taken;
    this.#position++;
    this.#numbers[1] = finiteOrNaN(this.#suffixes[this.#position]! + this.#numbers[0]!);
    if (this.#position === this.window) this.#position = 0;
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

  /** Begins a block: adds up the ends of the one before, backwards from its last row. */
  #startBlock(): void {
    [this.#previous, this.#current] = [this.#current, this.#previous];
    this.#numbers[0] = 0;
    let sum = 0;
    for (let row = this.window - 1; row >= 0; row--) {
      sum += this.#previous[row]!;
      this.#suffixes[row] = sum;
    }
  }
}
