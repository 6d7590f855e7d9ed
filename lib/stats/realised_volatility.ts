import { moments } from "./moments.ts";
import { RollingMoments } from "./rolling_moments.ts";
import { RollingSum } from "./rolling_sum.ts";

/**
 * Returns the realised variance, the sum of squared returns.
 *
 * The mean is not removed (Andersen, Bollerslev, Diebold and Labys, 2003): over short bars it is
 * far below the noise. Missing returns are left out.
 *
 * @example Two returns of 1 %
 * ```ts
 * import { realisedVariance } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * ok(Math.abs(realisedVariance([0.01, -0.01])! - 2e-4) < 1e-18);
 * strictEqual(realisedVariance([]), null);
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @returns The sum in squared log units over the whole span, or `null` without a return.
 */
export function realisedVariance(returns: ArrayLike<number>): number | null {
  let sum = 0;
  let nobs = 0;
  for (let t = 0; t < returns.length; t++) {
    const value = returns[t]!;
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    nobs++;
  }
  return nobs === 0 ? null : sum;
}

/**
 * Returns the realised volatility of each window, `sqrt(RV / window * periodsPerYear)`.
 *
 * Differs from the sample deviation by the mean, which is not removed. Bars shorter than a minute
 * carry bid-ask bounce that this number reads as volatility.
 *
 * @example A window of two
 * ```ts
 * import { rollingRealisedVolatility } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   rollingRealisedVolatility([3, 4, 4], { window: 2, periodsPerYear: 2 }),
 *   [null, 5, Math.sqrt(32)],
 * );
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @param options `window` in returns, >= 1; `periodsPerYear` of the bar actually used, > 0: 365 *
 *   86,400 for 1 s bars of a market that never closes.
 * @returns One value per return, in log units per square root of a year; `null` while the window is
 *   not full or misses a return.
 * @throws {RangeError} If an option is out of range.
 */
export function rollingRealisedVolatility(
  returns: ArrayLike<number>,
  options: { readonly window: number; readonly periodsPerYear: number },
): (number | null)[] {
  const { window, periodsPerYear } = options;
  requirePeriodsPerYear(periodsPerYear);
  return rollingRealisedVariance(returns, { window }).map((variance) =>
    variance === null ? null : Math.sqrt(variance / window * periodsPerYear)
  );
}

/**
 * Returns the realised variance of each window, the sum of its squared returns.
 *
 * @example A window of two
 * ```ts
 * import { rollingRealisedVariance } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(rollingRealisedVariance([3, 4, 2], { window: 2 }), [null, 25, 20]);
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @param options `window` in returns, >= 1.
 * @returns One sum per return; `null` while the window is not full or misses a return.
 * @throws {RangeError} If `window` is not a whole number >= 1.
 */
export function rollingRealisedVariance(
  returns: ArrayLike<number>,
  options: { readonly window: number },
): (number | null)[] {
  const sum = new RollingSum(options.window);
  return Array.from({ length: returns.length }, (_, t) => sum.push(returns[t]! * returns[t]!));
}

/**
 * Returns the sample volatility, the deviation of the returns times `sqrt(periodsPerYear)`.
 *
 * @example Three returns
 * ```ts
 * import { sampleVolatility } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(sampleVolatility([1, 0, -1], 4), 2);
 * strictEqual(sampleVolatility([1], 4), null);
 * ```
 *
 * @param returns Log returns; `NaN` marks a missing one.
 * @param periodsPerYear Periods per year of the bar actually used; > 0.
 * @returns The deviation (divisor n - 1) in log units per square root of a year, or `null` with
 *   fewer than two returns.
 * @throws {RangeError} If `periodsPerYear` is not greater than 0.
 */
export function sampleVolatility(
  returns: ArrayLike<number>,
  periodsPerYear: number,
): number | null {
  requirePeriodsPerYear(periodsPerYear);
  const deviation = moments(Array.from(returns)).deviation();
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear);
}

/**
 * Returns the sample volatility of each window, its deviation times `sqrt(periodsPerYear)`.
 *
 * @example A window of three
 * ```ts
 * import { rollingSampleVolatility } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(
 *   rollingSampleVolatility([1, 0, -1], { window: 3, periodsPerYear: 4 }),
 *   [null, null, 2],
 * );
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @param options `window` in returns, >= 2; `periodsPerYear` of the bar actually used, > 0.
 * @returns One value per return, in log units per square root of a year; `null` while the window is
 *   not full or misses a return.
 * @throws {RangeError} If an option is out of range.
 */
export function rollingSampleVolatility(
  returns: ArrayLike<number>,
  options: { readonly window: number; readonly periodsPerYear: number },
): (number | null)[] {
  const { window, periodsPerYear } = options;
  requirePeriodsPerYear(periodsPerYear);
  const rolling = new RollingMoments(window);
  const year = Math.sqrt(periodsPerYear);
  return Array.from({ length: returns.length }, (_, t) => {
    rolling.push(returns[t]!);
    const deviation = rolling.count < window ? null : rolling.deviation();
    return deviation === null ? null : deviation * year;
  });
}

/**
 * Returns the bipower variation, `pi / 2 * sum |r(t)| |r(t - 1)|`.
 *
 * Estimates the variance without the jumps (Barndorff-Nielsen and Shephard, 2004): what realised
 * variance has above it, jumps have brought. A pair that misses a return is left out.
 *
 * @example One jump leaves no trace
 * ```ts
 * import { bipowerVariation } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(bipowerVariation([0, 0.05, 0]), 0);
 * strictEqual(bipowerVariation([0.05]), null);
 * ```
 *
 * @param returns Log returns, oldest first; `NaN` marks a missing one.
 * @returns The sum in squared log units over the whole span, or `null` without two neighbours.
 */
export function bipowerVariation(returns: ArrayLike<number>): number | null {
  let sum = 0;
  let pairs = 0;
  for (let t = 1; t < returns.length; t++) {
    const product = Math.abs(returns[t]! * returns[t - 1]!);
    if (!Number.isFinite(product)) continue;
    sum += product;
    pairs++;
  }
  return pairs === 0 ? null : Math.PI / 2 * sum;
}

/** Refuses a number of periods per year that is not greater than 0. */
export function requirePeriodsPerYear(periodsPerYear: number): void {
  if (!(periodsPerYear > 0 && periodsPerYear < Infinity)) {
    throw new RangeError(
      `Cannot annualize as "periodsPerYear" must be > 0: current value is ${periodsPerYear}`,
    );
  }
}
