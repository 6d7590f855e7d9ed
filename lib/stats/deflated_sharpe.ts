import { normalCdf, normalQuantile } from "./normal.ts";

/** A Sharpe ratio and the shape of the returns it came from, all per period, not annualized. */
export interface SharpeFacts {
  /** Mean over deviation of the returns. */
  readonly sharpe: number;
  /** Returns. */
  readonly nobs: number;
  /** Their skewness. @default {0} */
  readonly skewness?: number;
  /** Their kurtosis, 3 for a normal distribution. @default {3} */
  readonly kurtosis?: number;
}

/**
 * Returns the probability that the true Sharpe ratio is above a benchmark (Bailey and López de
 * Prado, 2012, "The Sharpe ratio efficient frontier").
 *
 * `Phi((S - B) sqrt(n - 1) / sqrt(1 - g3 S + (g4 - 1) / 4 S^2))`, with skewness g3 and kurtosis g4.
 * It takes the returns as independent.
 *
 * @example A monthly ratio of 0.3 over five years
 * ```ts
 * import { probabilisticSharpe } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(probabilisticSharpe({ sharpe: 0.3, nobs: 60 }, 0)! - 0.987908) < 1e-6);
 * ```
 *
 * @param facts The ratio per period and the shape of its returns.
 * @param benchmark The Sharpe ratio per period to beat.
 * @returns A probability, or `null` with fewer than 3 returns or a shape that no returns have.
 */
export function probabilisticSharpe(facts: SharpeFacts, benchmark: number): number | null {
  const { sharpe, nobs, skewness = 0, kurtosis = 3 } = facts;
  const variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
  const z = (sharpe - benchmark) * Math.sqrt(nobs - 1) / Math.sqrt(variance);
  return nobs < 3 || !(variance > 0) || !Number.isFinite(z) ? null : normalCdf(z);
}

/**
 * Returns the largest Sharpe ratio to be expected from trials without skill, the benchmark of the
 * deflated Sharpe ratio.
 *
 * `sqrt(V) ((1 - g) Z(1 - 1 / N) + g Z(1 - 1 / (N e)))`, with V the variance of the trials' ratios,
 * Z the normal quantile and g Euler's constant.
 *
 * @example Chance alone
 * ```ts
 * import { expectedMaximumSharpe } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * ok(Math.abs(expectedMaximumSharpe(10_000, 1) - 3.86066) < 1e-5);
 * ```
 *
 * @param trials How many were tried; independent ones count, and none is forgotten.
 * @param variance Variance of their Sharpe ratios per period.
 * @returns A ratio per period, >= 0; 0 for one trial.
 * @throws {RangeError} If `trials` is not >= 1 or the variance not >= 0.
 */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  if (!(trials >= 1 && variance >= 0)) {
    throw new RangeError(
      `Cannot expect a maximum as "trials" must be >= 1 and "variance" >= 0: current values are ${trials} and ${variance}`,
    );
  }
  if (trials === 1) return 0;
  const EULER = 0.5772156649015329;
  const high = normalQuantile(1 - 1 / trials);
  const higher = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER) * high + EULER * higher);
}

/**
 * Returns the deflated Sharpe ratio: the probability that the best of many trials is more than the
 * luck of having tried so many (Bailey and López de Prado, 2014, "The deflated Sharpe ratio").
 *
 * `probabilisticSharpe()` against `expectedMaximumSharpe()`. Trials that resemble each other count
 * for fewer than they are: then the answer is too small, on the safe side.
 *
 * @example The paper's: 2.5 a year from five years of days, the best of 100 trials
 * ```ts
 * import { deflatedSharpe } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const facts = { sharpe: 2.5 / Math.sqrt(250), nobs: 1_250, skewness: -3, kurtosis: 10 };
 * const probability = deflatedSharpe(facts, { trials: 100, variance: 0.5 / 250 });
 * ok(Math.abs(probability! - 0.9004) < 1e-4);
 * ```
 *
 * @param facts The best trial's ratio per period and the shape of its returns.
 * @param all Number of trials and the variance of their ratios per period.
 * @returns A probability, or `null` as for `probabilisticSharpe()`.
 * @throws {RangeError} If `trials` is not >= 1 or the variance not >= 0.
 */
export function deflatedSharpe(
  facts: SharpeFacts,
  all: { readonly trials: number; readonly variance: number },
): number | null {
  return probabilisticSharpe(facts, expectedMaximumSharpe(all.trials, all.variance));
}
