import { ols, rollingOls } from "../stats/mod.ts";

/**
 * Returns the spread of two series by one hedge ratio over all of them, y - intercept - ratio x.
 *
 * It has seen the whole span: for looking back, never for signals.
 *
 * @example A constant gap
 * ```ts
 * import { staticSpread } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([...staticSpread([1, 3, 5], [0, 1, 2])!], [0, 0, 0]);
 * ```
 *
 * @param y The dependent series.
 * @param x The hedge, of the same length.
 * @returns One value per row, or `null` where there is no ratio: missing values, a constant x.
 * @throws {RangeError} If the lengths differ.
 */
export function staticSpread(y: ArrayLike<number>, x: ArrayLike<number>): Float64Array | null {
  const fit = ols(y, x);
  return fit.slope === null || fit.nobs < y.length ? null : fit.residuals;
}

/**
 * Returns the spread of two series by the hedge ratio of a rolling window.
 *
 * With lag 1 the ratio is the one known before the row, as `PairMonitor` uses it; with lag 0 the
 * window holds the row itself, which no signal may use.
 *
 * @example The ratio of the two rows before
 * ```ts
 * import { rollingSpread } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(rollingSpread([0, 2, 5], [0, 1, 2], { window: 2 }), [null, null, 1]);
 * ```
 *
 * @param y The dependent series.
 * @param x The hedge, of the same length.
 * @param options Rows of the window; rows by which the ratio is older than the spread (default 1).
 * @returns One value per row; `null` where there is no ratio.
 * @throws {RangeError} If the lengths differ or `window` is not a whole number >= 1.
 */
export function rollingSpread(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly window: number; readonly lag?: 0 | 1 },
): (number | null)[] {
  const { slope, intercept } = rollingOls(y, x, { window: options.window });
  const lag = options.lag ?? 1;
  return Array.from({ length: y.length }, (_, t) => {
    const ratio = slope[t - lag] ?? null;
    const level = intercept[t - lag] ?? null;
    if (ratio === null || level === null) return null;
    const spread = y[t]! - level - ratio * x[t]!;
    return Number.isFinite(spread) ? spread : null;
  });
}

/**
 * Returns the ratio of two price series.
 *
 * @example Log ratio of equal prices
 * ```ts
 * import { priceRatio } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(priceRatio([2, 4], [1, 4], "level"), [2, 1]);
 * deepStrictEqual(priceRatio([2, -4], [2, 4], "log"), [0, null]);
 * ```
 *
 * @param y Prices of one leg.
 * @param x Prices of the other, of the same length.
 * @param scale `level` for y / x, `log` for its logarithm.
 * @returns One value per row; `null` where a price is not > 0 and finite.
 */
export function priceRatio(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  scale: "log" | "level",
): (number | null)[] {
  return Array.from({ length: y.length }, (_, t) => {
    const priceY = y[t]!;
    const priceX = x[t]!;
    if (!(priceY > 0 && priceX > 0 && priceY < Infinity && priceX < Infinity)) return null;
    return scale === "log" ? Math.log(priceY) - Math.log(priceX) : priceY / priceX;
  });
}

/**
 * Returns the distance of two price series, each divided by its first price: the sum of squared
 * differences (Gatev, Goetzmann and Rouwenhorst 2006).
 *
 * @example One step apart
 * ```ts
 * import { priceDistance } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(priceDistance([10, 15], [4, 8]), 0.25);
 * ```
 *
 * @param y Prices of one leg.
 * @param x Prices of the other, of the same length.
 * @returns A number >= 0, or `null` where a price is not > 0 and finite or there is none.
 */
export function priceDistance(y: ArrayLike<number>, x: ArrayLike<number>): number | null {
  let sum = 0;
  for (let t = 0; t < y.length; t++) {
    if (!(y[t]! > 0 && x[t]! > 0)) return null;
    sum += (y[t]! / y[0]! - x[t]! / x[0]!) ** 2;
  }
  return y.length > 0 && Number.isFinite(sum) ? sum : null;
}
