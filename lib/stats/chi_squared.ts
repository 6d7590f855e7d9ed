import { incompleteGamma } from "./incomplete_gamma.ts";

function checked(x: number, df: number): number {
  if (Number.isNaN(x)) {
    throw new RangeError(
      `Cannot evaluate chi-squared as "x" must be a number: current value is ${x}`,
    );
  }
  if (!(df > 0)) {
    throw new RangeError(`Cannot evaluate chi-squared as "df" must be > 0: current value is ${df}`);
  }
  return x;
}

/**
 * Returns the probability that a chi-squared variable with `df` degrees of freedom is at most `x`.
 *
 * By the incomplete gamma function, with relative accuracy in the left tail.
 *
 * @example Two degrees of freedom have a closed form
 * ```ts
 * import { chiSquaredCdf } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(chiSquaredCdf(2, 2) - (1 - Math.exp(-1))) < 1e-14);
 * ```
 *
 * @param x Any number, also infinite.
 * @param df Degrees of freedom; > 0, not necessarily whole.
 * @returns A probability in [0, 1].
 * @throws {RangeError} If `x` is NaN or `df` is not > 0.
 */
export function chiSquaredCdf(x: number, df: number): number {
  return incompleteGamma(df / 2, checked(x, df) / 2).lower;
}

/**
 * Returns the p-value of a chi-squared statistic: the probability of a value above `x`.
 *
 * @example Two degrees of freedom have a closed form
 * ```ts
 * import { chiSquaredP } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(chiSquaredP(200, 2) / Math.exp(-100) - 1) < 1e-12);
 * ```
 *
 * @param x The statistic.
 * @param df Degrees of freedom; > 0.
 * @returns A probability in [0, 1], with relative accuracy however small.
 * @throws {RangeError} If `x` is NaN or `df` is not > 0.
 */
export function chiSquaredP(x: number, df: number): number {
  return incompleteGamma(df / 2, checked(x, df) / 2).upper;
}
