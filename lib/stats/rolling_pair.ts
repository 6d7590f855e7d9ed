import { finite } from "./absent.ts";
import {
  CORRELATION,
  COVARIANCE,
  INTERCEPT,
  PairSums,
  RESIDUAL_DEVIATION,
  SLOPE,
  SLOPE_ERROR,
  SOLVED,
} from "./pair_sums.ts";
import { checkWindow, keptRows, placeInBlock, type RollingState } from "./rolling_window.ts";

/**
 * Regression of y on x and their correlation over the last `window` rows, without drift.
 *
 * Works on blocks as `RollingMoments` does: the end of the previous block merged with the start of
 * the current one. The result depends on the rows of the window and on their row numbers alone.
 * O(1) amortized per row; `push()` and `read()` allocate nothing, a getter allocates the number it
 * returns (16 bytes). A row where x or y is missing counts as a row and adds nothing.
 *
 * @example y = 1 + 2 x
 * ```ts
 * import { RollingPair } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const pair = new RollingPair(3);
 * for (const x of [5, 1, 2, 3]) pair.push(x, 1 + 2 * x);
 * strictEqual(pair.slope, 2);
 * strictEqual(pair.intercept, 1);
 * ok(pair.correlation! > 1 - 1e-15);
 * ```
 */
export class RollingPair {
  /** Number of rows in the window. */
  readonly window: number;
  #previous: [Float64Array, Float64Array];
  #current: [Float64Array, Float64Array];
  #position: number;
  readonly #suffixes: Float64Array;
  readonly #suffix = new PairSums();
  readonly #prefix = new PairSums();
  readonly #sums = new PairSums();
  readonly #row = new Float64Array(2);
  readonly #answers = new Float64Array(SOLVED);
  #isSolved = false;

  /**
   * Begins with an empty window.
   *
   * @param window Number of rows; a whole number >= 1.
   * @param firstRow Absolute number of the first row that will come, for example its open time
   *   divided by the interval.
   * @throws {RangeError} If one of them is not such a number.
   */
  constructor(window: number, firstRow = 0) {
    checkWindow(window);
    this.window = window;
    this.#position = placeInBlock(firstRow, window);
    const block = (): [Float64Array, Float64Array] => [
      new Float64Array(window).fill(NaN),
      new Float64Array(window).fill(NaN),
    ];
    this.#previous = block();
    this.#current = block();
    this.#suffixes = PairSums.store(window + 1);
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingState): RollingPair {
    const rolling = new RollingPair(state.window);
    for (const [x, y] of state.rows) rolling.push(x ?? NaN, y ?? NaN);
    return rolling;
  }

  /** What `restore()` needs. */
  state(): RollingState {
    return keptRows(this.window, this.#position, this.#previous, this.#current);
  }

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
    if (this.#position === 0) this.#startBlock();
    const x = row[at]!;
    const y = row[at + 1]!;
    if (Number.isFinite(x) && Number.isFinite(y)) {
      this.#current[0][this.#position] = x;
      this.#current[1][this.#position] = y;
      const [xs, ys] = this.#current;
      this.#prefix.add(xs, this.#position, ys, this.#position);
    }
    this.#position++;
    this.#suffix.load(this.#suffixes, this.#position);
    this.#sums.merge(this.#suffix, this.#prefix);
    this.#isSolved = false;
    if (this.#position === this.window) this.#position = 0;
  }

  /** How many rows of the window hold both values. */
  get count(): number {
    return this.#sums.count;
  }

  /** Least-squares slope of y on x, or `null` with fewer than 2 pairs or a constant x. */
  get slope(): number | null {
    return finite(this.#solved()[SLOPE]!);
  }

  /** Least-squares intercept, or `null` where the slope is. */
  get intercept(): number | null {
    return finite(this.#solved()[INTERCEPT]!);
  }

  /** Pearson's correlation in [-1, 1], or `null` with fewer than 2 pairs or a constant leg. */
  get correlation(): number | null {
    return finite(this.#solved()[CORRELATION]!);
  }

  /** Covariance with divisor n - 1, or `null` with fewer than 2 pairs. */
  get covariance(): number | null {
    return finite(this.#solved()[COVARIANCE]!);
  }

  /**
   * Standard deviation of the residuals, sqrt(SSR / (n - 2)), or `null` with fewer than 3 pairs, a
   * constant x, or a fit so close that rounding hides the residuals (1 - R^2 < 1e-9).
   */
  get residualDeviation(): number | null {
    return finite(this.#solved()[RESIDUAL_DEVIATION]!);
  }

  /**
   * Standard error of the slope, residualDeviation / sqrt(sum (x - mean)^2), or `null` where the
   * residual deviation is. It holds for unrelated residuals; where they persist it is too small.
   */
  get slopeError(): number | null {
    return finite(this.#solved()[SLOPE_ERROR]!);
  }

  /**
   * Writes what the getters tell, without allocating: slope, intercept, correlation, covariance,
   * deviation of the residuals and error of the slope.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  read(into: Float64Array, at = 0): void {
    const solved = this.#solved();
    // One by one: the call of `set()` costs more than the numbers.
    for (let k = 0; k < SOLVED; k++) into[at + k] = solved[k]!;
  }

  /**
   * Writes correlation and covariance alone, which takes half of the time of `read()`.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  readCorrelation(into: Float64Array, at = 0): void {
    this.#sums.correlate(into, at);
  }

  #solved(): Float64Array {
    if (!this.#isSolved) this.#sums.solve(this.#answers, 0);
    this.#isSolved = true;
    return this.#answers;
  }

  /** Begins a block: aggregates the ends of the one before, backwards from its last row. */
  #startBlock(): void {
    [this.#previous, this.#current] = [this.#current, this.#previous];
    const [xs, ys] = this.#previous;
    for (const column of this.#current) column.fill(NaN);
    this.#prefix.clear();
    this.#suffix.clear();
    for (let row = this.window - 1; row >= 0; row--) {
      if (!Number.isNaN(xs[row]!)) this.#suffix.add(xs, row, ys, row);
      this.#suffix.save(this.#suffixes, row);
    }
  }
}
