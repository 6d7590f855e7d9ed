import { finite } from "./absent.ts";
import { CORRELATION, INTERCEPT, PairSums, SLOPE, SOLVED } from "./pair_sums.ts";

/** What an `ExpandingPair` needs to continue; plain JSON. */
export interface ExpandingPairState {
  /** Its running numbers; `null` stands for none yet. */
  readonly numbers: readonly (number | null)[];
}

/**
 * Regression of y on x and their correlation over all rows so far, without drift (Welford).
 *
 * A row where x or y is missing adds nothing. O(1) per row; `push()` and `read()` allocate nothing,
 * a getter allocates the number it returns (16 bytes).
 *
 * @example y = 1 + 2 x
 * ```ts
 * import { ExpandingPair } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const pair = new ExpandingPair();
 * for (const x of [1, 2, 4]) pair.push(x, 1 + 2 * x);
 * strictEqual(pair.slope, 2);
 * strictEqual(pair.intercept, 1);
 * ```
 */
export class ExpandingPair {
  readonly #sums = new PairSums();
  readonly #row = new Float64Array(2);
  readonly #answers = new Float64Array(SOLVED);

  /**
   * Takes the next row.
   *
   * @param x The regressor; not finite means missing.
   * @param y The dependent value; not finite means missing.
   */
  push(x: number, y: number): void {
    const row = this.#row;
    row[0] = x;
    row[1] = y;
    this.take(row);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds x and y.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const isComplete = Number.isFinite(row[at]!) && Number.isFinite(row[at + 1]!);
    if (isComplete) this.#sums.add(row, at, row, at + 1);
  }

  /** Complete rows so far. */
  get count(): number {
    return this.#sums.count;
  }

  /** Least-squares slope of y on x, or `null` with fewer than 2 pairs or a constant x. */
  get slope(): number | null {
    return this.#answer(SLOPE);
  }

  /** Least-squares intercept, or `null` where the slope is. */
  get intercept(): number | null {
    return this.#answer(INTERCEPT);
  }

  /** Pearson's correlation in [-1, 1], or `null` with fewer than 2 pairs or a constant leg. */
  get correlation(): number | null {
    return this.#answer(CORRELATION);
  }

  /**
   * Writes slope, intercept, correlation, covariance, deviation of the residuals and error of the
   * slope, as `RollingPair.read()` does, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  read(into: Float64Array, at = 0): void {
    this.#sums.solve(into, at);
  }

  /** What `restore()` needs. */
  state(): ExpandingPairState {
    return { numbers: this.#sums.numbers().map(finite) };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: ExpandingPairState): ExpandingPair {
    const pair = new ExpandingPair();
    pair.#sums.setNumbers(state.numbers);
    return pair;
  }

  #answer(place: number): number | null {
    this.#sums.solve(this.#answers, 0);
    return finite(this.#answers[place]!);
  }
}
