import { finite } from "./absent.ts";
import { checkLengths } from "./correlation.ts";
import { spearman } from "./rank_correlation.ts";
import { checkWindow, type RollingState } from "./rolling_window.ts";

/**
 * Spearman's correlation of the last `window` rows, as rows come.
 *
 * Every new row may move every rank: the window is ranked anew when the number is asked for, in
 * O(window log window). `push()` is O(1) and allocates nothing.
 *
 * @example Any increasing relation is perfect
 * ```ts
 * import { RollingSpearman } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const rolling = new RollingSpearman(3);
 * for (const x of [9, 1, 2, 3]) rolling.push(x, x ** 3);
 * ok(rolling.coefficient! > 1 - 1e-15);
 * ```
 */
export class RollingSpearman {
  /** Number of rows in the window. */
  readonly window: number;
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  #position = 0;

  /**
   * Begins with an empty window.
   *
   * @param window Number of rows; a whole number >= 1.
   * @throws {RangeError} If `window` is not such a number.
   */
  constructor(window: number) {
    checkWindow(window);
    this.window = window;
    this.#x = new Float64Array(window).fill(NaN);
    this.#y = new Float64Array(window).fill(NaN);
  }

  /**
   * Takes the next row.
   *
   * @param x One value; not finite means missing.
   * @param y The other.
   */
  push(x: number, y: number): void {
    this.#x[this.#position] = x;
    this.#y[this.#position] = y;
    this.#position = (this.#position + 1) % this.window;
  }

  /** How many rows of the window hold both values. */
  get count(): number {
    let count = 0;
    for (let row = 0; row < this.window; row++) {
      if (Number.isFinite(this.#x[row]!) && Number.isFinite(this.#y[row]!)) count++;
    }
    return count;
  }

  /** In [-1, 1], or `null` with fewer than 2 complete rows or a constant series. */
  get coefficient(): number | null {
    return spearman(this.#inOrder(this.#y), this.#inOrder(this.#x)).coefficient;
  }

  /** What `restore()` needs. */
  state(): RollingState {
    const [x, y] = [this.#inOrder(this.#x), this.#inOrder(this.#y)];
    const rows = Array.from(x, (value, row) => [finite(value), finite(y[row]!)]);
    return { window: this.window, rows };
  }

  /** A column, oldest row first. */
  #inOrder(column: Float64Array): Float64Array {
    const ordered = new Float64Array(this.window);
    ordered.set(column.subarray(this.#position));
    ordered.set(column.subarray(0, this.#position), this.window - this.#position);
    return ordered;
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingState): RollingSpearman {
    const rolling = new RollingSpearman(state.window);
    for (const [x, y] of state.rows) rolling.push(x ?? NaN, y ?? NaN);
    return rolling;
  }
}

/**
 * Returns Spearman's correlation of the last `window` rows at every row: `RollingSpearman` over two
 * series. O(n window log window).
 *
 * @example Three rows at a time
 * ```ts
 * import { rollingSpearman } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const values = rollingSpearman([1, 5, 9, 2], [1, 2, 3, 4], { window: 3 });
 * deepStrictEqual(values.map((v) => v === null ? null : Math.round(10 * v) / 10), [
 *   null, null, 1, -0.5,
 * ]);
 * ```
 *
 * @param y One series; NaN is missing.
 * @param x The other, of the same length.
 * @param options Rows of the window and the fewest complete ones (default: all).
 * @returns One value per row; `null` where there is none.
 * @throws {RangeError} If the lengths differ or `window` is not a whole number >= 1.
 */
export function rollingSpearman(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly window: number; readonly minCount?: number },
): (number | null)[] {
  checkLengths(y, x);
  const { window, minCount = window } = options;
  const rolling = new RollingSpearman(window);
  return Array.from({ length: y.length }, (_, t) => {
    rolling.push(x[t]!, y[t]!);
    return rolling.count >= minCount ? rolling.coefficient : null;
  });
}
