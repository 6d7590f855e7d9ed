/** How older values lose weight. */
export interface EwmaOptions {
  /** Weight of the newest value, in (0, 1]. */
  readonly alpha: number;
  /**
   * `true`: weights (1 - alpha)^k of all values so far. `false`: the recursion
   * mean = (1 - alpha) mean + alpha value, in which the first value keeps its full weight.
   * @default {true}
   */
  readonly adjust?: boolean;
}

/**
 * Returns the `alpha` with which a weight halves in a number of values, 1 - exp(-ln 2 / h).
 *
 * @example One value
 * ```ts
 * import { alphaFromHalfLife } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(alphaFromHalfLife(1), 0.5);
 * ```
 *
 * @param halfLife Number of values; > 0.
 * @returns A number in (0, 1).
 * @throws {RangeError} If `halfLife` is not > 0.
 */
export function alphaFromHalfLife(halfLife: number): number {
  if (!(halfLife > 0)) {
    throw new RangeError(
      `Cannot weight as "halfLife" must be > 0: current value is ${halfLife}`,
    );
  }
  return -Math.expm1(-Math.LN2 / halfLife);
}

/**
 * Returns the `alpha` with the centre of mass of a plain mean of `span` values, 2 / (span + 1).
 *
 * @example The mean of 39 values
 * ```ts
 * import { alphaFromSpan } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(alphaFromSpan(39), 0.05);
 * ```
 *
 * @param span Number of values; >= 1.
 * @returns A number in (0, 1].
 * @throws {RangeError} If `span` is not >= 1.
 */
export function alphaFromSpan(span: number): number {
  if (!(span >= 1)) {
    throw new RangeError(`Cannot weight as "span" must be >= 1: current value is ${span}`);
  }
  return 2 / (span + 1);
}
