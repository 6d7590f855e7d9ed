import { MomentSums } from "./moment_sums.ts";
import { checkWindow, keptRows, placeInBlock, type RollingState } from "./rolling_window.ts";

/**
 * Mean and deviation of the last `window` rows, without drift.
 *
 * Rows lie in blocks of `window` rows, at absolute row numbers. The window is the end of the
 * previous block, aggregated backwards once when that block ends, merged (Chan) with the start of
 * the current one (Welford). Nothing is ever subtracted: the result depends on the rows of the
 * window and on their row numbers alone, so two instances that began at different rows agree bit
 * for bit once both windows are full. O(1) amortized per row; `push()` and `read()` allocate
 * nothing, a getter allocates the number it returns (16 bytes).
 *
 * @example Two of three values, and a start in the middle that agrees
 * ```ts
 * import { RollingMoments } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const early = new RollingMoments(2);
 * for (const value of [1, 2, 4]) early.push(value);
 * const late = new RollingMoments(2, 1);
 * for (const value of [2, 4]) late.push(value);
 * strictEqual(early.mean, 3);
 * strictEqual(early.deviation(), late.deviation());
 * ```
 */
export class RollingMoments {
  /** Number of rows in the window. */
  readonly window: number;
  #previous: Float64Array;
  #current: Float64Array;
  #position: number;
  readonly #suffixes: Float64Array;
  readonly #suffix = new MomentSums();
  readonly #prefix = new MomentSums();
  readonly #sums = new MomentSums();
  readonly #row = new Float64Array(1);

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
    this.#previous = new Float64Array(window).fill(NaN);
    this.#current = new Float64Array(window).fill(NaN);
    this.#suffixes = MomentSums.store(window + 1);
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: RollingState): RollingMoments {
    const rolling = new RollingMoments(state.window);
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
    if (this.#position === 0) this.#startBlock();
    const value = row[at]!;
    if (Number.isFinite(value)) {
      this.#current[this.#position] = value;
      this.#prefix.add(this.#current, this.#position);
    }
    this.#position++;
    this.#suffix.load(this.#suffixes, this.#position);
    this.#sums.merge(this.#suffix, this.#prefix);
    if (this.#position === this.window) this.#position = 0;
  }

  /** How many rows of the window hold a value. */
  get count(): number {
    return this.#sums.count;
  }

  /** The mean, or `null` where no row holds a value. */
  get mean(): number | null {
    return this.#sums.average();
  }

  /** Whether there are values and all are equal. */
  get isFlat(): boolean {
    return this.#sums.isFlat;
  }

  /**
   * Returns the standard deviation, sqrt(sum (x - mean)^2 / (n - ddof)).
   *
   * @param ddof Degrees of freedom taken by the mean.
   * @returns A number >= 0, exactly 0 where all values are equal; `null` where n <= ddof.
   */
  deviation(ddof = 1): number | null {
    return this.#sums.deviation(ddof);
  }

  /**
   * Writes what the getters tell, without allocating: mean and standard deviation.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   * @param ddof Degrees of freedom taken by the mean.
   */
  read(into: Float64Array, at = 0, ddof = 1): void {
    this.#sums.solve(into, at, ddof);
  }

  /**
   * Writes how far a value lies from the mean in deviations, then mean and deviation, without
   * allocating.
   *
   * @param row Holds the value.
   * @param from Its place.
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   * @param ddof Degrees of freedom taken by the mean.
   */
  readScore(row: Float64Array, from: number, into: Float64Array, at = 0, ddof = 1): void {
    this.#sums.score(row, from, into, at, ddof);
  }

  /** Begins a block: aggregates the ends of the one before, backwards from its last row. */
  #startBlock(): void {
    [this.#previous, this.#current] = [this.#current, this.#previous];
    this.#current.fill(NaN);
    this.#prefix.clear();
    this.#suffix.clear();
    for (let row = this.window - 1; row >= 0; row--) {
      if (!Number.isNaN(this.#previous[row]!)) this.#suffix.add(this.#previous, row);
      this.#suffix.save(this.#suffixes, row);
    }
  }
}
