import { isConstant } from "./complete_rows.ts";

/** Result of the Jarque-Bera test; its null hypothesis is a normal distribution. */
export interface JarqueBeraResult {
  /** Test statistic, large when the shape is not normal; or `null`. */
  readonly statistic: number | null;
  /** Asymptotic p-value, or `null`. */
  readonly pValue: number | null;
  /** Population skewness, 0 for a symmetric shape; or `null`. */
  readonly skewness: number | null;
  /** Population kurtosis, 3 for a normal shape; or `null`. */
  readonly kurtosis: number | null;
  /** Values used. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the Jarque-Bera test for a normal distribution, `n / 6 (S^2 + (K - 3)^2 / 4)`.
 *
 * S and K are population skewness and kurtosis (Jarque and Bera, 1980). The p-value, chi-squared with
 * two degrees of freedom, holds for some thousands of values; below that it is too rarely small.
 * Missing values are left out.
 *
 * @example One far value
 * ```ts
 * import { jarqueBera } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const values = Array.from({ length: 50 }, (_, t) => Math.sin(t));
 * ok(jarqueBera([...values, 30]).pValue! < 1e-6);
 * ```
 *
 * @param values Values in any order and unit; `NaN` marks a missing one.
 * @returns The test, or `null` fields and a reason: fewer than two values or a constant series.
 */
export function jarqueBera(values: ArrayLike<number>): JarqueBeraResult {
  const kept = new Float64Array(values).filter(Number.isFinite);
  const nobs = kept.length;
  if (nobs < 2 || isConstant(kept)) {
    const reason = nobs < 2 ? `too few values: ${nobs} of 2` : "the series is constant";
    const none = { statistic: null, pValue: null, skewness: null, kurtosis: null };
    return { ...none, nobs, reason };
  }
  const { skewness, kurtosis } = shapeOf(kept);
  const statistic = nobs / 6 * (skewness ** 2 + (kurtosis - 3) ** 2 / 4);
  // chi-squared with two degrees of freedom
  return { statistic, pValue: Math.exp(-statistic / 2), skewness, kurtosis, nobs, reason: null };
}

/**
 * Mean, population deviation, skewness and kurtosis, summed about the first value, then about the
 * mean. The values must not all be equal.
 */
export function shapeOf(
  values: Float64Array,
): { mean: number; deviation: number; skewness: number; kurtosis: number } {
  const n = values.length;
  const origin = values[0]!;
  const mean = origin + values.reduce((sum, value) => sum + (value - origin), 0) / n;
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value - mean)), 0);
  const square = values.reduce((sum, value) => sum + ((value - mean) / largest) ** 2, 0) / n;
  const deviation = largest * Math.sqrt(square);
  let third = 0;
  let fourth = 0;
  for (const value of values) {
    const z = (value - mean) / deviation;
    third += z ** 3;
    fourth += z ** 4;
  }
  return { mean, deviation, skewness: third / n, kurtosis: fourth / n };
}
