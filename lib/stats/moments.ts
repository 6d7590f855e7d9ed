import { finite } from "./absent.ts";
import { MomentSums } from "./moment_sums.ts";

/** What `Moments` need to continue; plain JSON. */
export interface MomentsState {
  /** Their running numbers; `null` stands for none yet. */
  readonly numbers: readonly (number | null)[];
}

/**
 * Count, mean and deviation of values as they come (Welford), measured from the first of them so
 * that a large common level costs no digits.
 *
 * Values that are not finite are missing and change nothing. O(1) per value; `push()` and `read()`
 * allocate nothing, a getter allocates the number it returns (16 bytes).
 *
 * @example Prices a cent apart at a high level
 * ```ts
 * import { Moments } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const moments = new Moments();
 * for (const price of [118_000.01, 118_000.02, 118_000.03]) moments.push(price);
 * strictEqual(moments.count, 3);
 * ok(Math.abs(moments.deviation()! - 0.01) < 1e-10);
 * ```
 */
export class Moments {
  readonly #sums = new MomentSums();
  readonly #row = new Float64Array(1);

  /**
   * Takes the next value.
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
    if (Number.isFinite(row[at]!)) this.#sums.add(row, at);
  }

  /** What `restore()` needs. */
  state(): MomentsState {
    return { numbers: this.#sums.numbers().map(finite) };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: MomentsState): Moments {
    const result = new Moments();
    result.#sums.setNumbers(state.numbers);
    return result;
  }

  /**
   * Writes mean and standard deviation, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   * @param ddof Degrees of freedom taken by the mean.
   */
  read(into: Float64Array, at = 0, ddof = 1): void {
    this.#sums.solve(into, at, ddof);
  }

  /** How many values have come. */
  get count(): number {
    return this.#sums.count;
  }

  /** The mean, or `null` before the first value. */
  get mean(): number | null {
    return this.#sums.average();
  }

  /** Smallest value, or `null` before the first. */
  get minimum(): number | null {
    return this.#sums.count === 0 ? null : this.#sums.minimum;
  }

  /** Largest value, or `null` before the first. */
  get maximum(): number | null {
    return this.#sums.count === 0 ? null : this.#sums.maximum;
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
}

/**
 * Returns count, mean and deviation of a series; missing values (NaN) are left out.
 *
 * @example Four values, one missing
 * ```ts
 * import { moments } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { count, mean } = moments([1, NaN, 2, 3]);
 * strictEqual(count, 3);
 * strictEqual(mean, 2);
 * ```
 *
 * @param values The series, in any order.
 * @returns The moments; push further values to extend them.
 */
export function moments(values: Iterable<number>): Moments {
  const result = new Moments();
  for (const value of values) result.push(value);
  return result;
}
