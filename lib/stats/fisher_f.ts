import { incompleteBeta } from "./incomplete_beta.ts";

function checked(f: number, df1: number, df2: number): number {
  if (Number.isNaN(f)) {
    throw new RangeError(
      `Cannot evaluate Fisher's F as "f" must be a number: current value is ${f}`,
    );
  }
  if (!(df1 > 0 && df2 > 0)) {
    throw new RangeError(
      `Cannot evaluate Fisher's F as "df1" and "df2" must be > 0: current values are ${df1} and ${df2}`,
    );
  }
  return f;
}

/**
 * Returns the probability that Fisher's F with `df1` and `df2` degrees of freedom is at most `f`.
 *
 * By the incomplete beta function, with relative accuracy in the left tail.
 *
 * @example Two and two degrees of freedom have a closed form
 * ```ts
 * import { fisherFCdf } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(fisherFCdf(3, 2, 2) - 0.75) < 1e-14);
 * ```
 *
 * @param f Any number, also infinite.
 * @param df1 Degrees of freedom of the numerator; > 0.
 * @param df2 Degrees of freedom of the denominator; > 0.
 * @returns A probability in [0, 1].
 * @throws {RangeError} If `f` is NaN or a number of degrees of freedom is not > 0.
 */
export function fisherFCdf(f: number, df1: number, df2: number): number {
  const scaled = df1 * checked(f, df1, df2);
  if (f <= 0) return 0;
  if (f === Infinity) return 1;
  const total = scaled + df2;
  return incompleteBeta(df1 / 2, df2 / 2, scaled / total, df2 / total);
}

/**
 * Returns the p-value of an F statistic: the probability of a value above `f`.
 *
 * @example Two and two degrees of freedom have a closed form
 * ```ts
 * import { fisherFP } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(fisherFP(999_999, 2, 2) / 1e-6 - 1) < 1e-12);
 * ```
 *
 * @param f The statistic.
 * @param df1 Degrees of freedom of the numerator; > 0.
 * @param df2 Degrees of freedom of the denominator; > 0.
 * @returns A probability in [0, 1], with relative accuracy however small.
 * @throws {RangeError} If `f` is NaN or a number of degrees of freedom is not > 0.
 */
export function fisherFP(f: number, df1: number, df2: number): number {
  const scaled = df1 * checked(f, df1, df2);
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const total = scaled + df2;
  return incompleteBeta(df2 / 2, df1 / 2, df2 / total, scaled / total);
}
