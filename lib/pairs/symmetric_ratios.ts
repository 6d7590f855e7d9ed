import { johansen, type JohansenResult, moments, totalLeastSquares } from "../stats/mod.ts";

/** Hedge ratios of two legs that do not depend on which of them is called y. */
export interface SymmetricRatios {
  /** Total least squares: x per y; `null` where no direction is nearest. */
  readonly totalLeastSquares: number | null;
  /** Johansen's test with the constant inside the relation. */
  readonly johansen: JohansenResult;
  /** x per y of Johansen's likeliest relation, or `null`. */
  readonly johansenRatio: number | null;
}

/**
 * Returns hedge ratios by methods that treat both legs alike: total least squares and Johansen.
 *
 * A regression of y on x gives too small a ratio where x is noisy, and its inverse too large a one;
 * these lie between. With the legs exchanged both give one over the ratio.
 *
 * @example Exchanged legs
 * ```ts
 * import { symmetricRatios } from "tandem/pairs";
 * import { Random } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const random = new Random(2);
 * let price = 0;
 * const x = Array.from({ length: 300 }, () => price += random.normal());
 * const y = x.map((value) => 2 * value + random.normal());
 * const there = symmetricRatios(y, x);
 * const back = symmetricRatios(x, y);
 * ok(Math.abs(there.totalLeastSquares! - 2) < 0.05);
 * ok(Math.abs(there.totalLeastSquares! * back.totalLeastSquares! - 1) < 1e-9);
 * ok(Math.abs(there.johansenRatio! * back.johansenRatio! - 1) < 1e-9);
 * ```
 *
 * @param y One series, oldest first, without gaps.
 * @param x The other, of the same length.
 * @param options `lags`, lagged changes in Johansen's regressions (default 1); `standardized`,
 *   whether total least squares measures each leg by its own deviation, as it must where their units
 *   differ (default false: log prices have one unit).
 * @returns The ratios.
 * @throws {RangeError} If the lengths differ or `lags` is not a whole number >= 0.
 */
export function symmetricRatios(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly lags?: number; readonly standardized?: boolean } = {},
): SymmetricRatios {
  const { lags = 1, standardized = false } = options;
  const ratio = standardized ? varianceRatioOf(y, x) : 1;
  const relation = johansen([y, x], { model: "restricted-constant", lags });
  return {
    totalLeastSquares: ratio === null
      ? null
      : totalLeastSquares(y, x, { errorVarianceRatio: ratio }).slope,
    johansen: relation,
    johansenRatio: relation.hedgeRatios?.[0] ?? null,
  };
}

/** Variance of y over that of x, or `null` where one does not vary. */
function varianceRatioOf(y: ArrayLike<number>, x: ArrayLike<number>): number | null {
  const [deviationY, deviationX] = [y, x].map((leg) => moments(Array.from(leg)).deviation());
  return deviationY && deviationX ? (deviationY / deviationX) ** 2 : null;
}
