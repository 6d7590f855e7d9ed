import { detrended, type StationaryTrend } from "./detrend.ts";
import { autocovariance, longRunVariance } from "./long_run_variance.ts";

export type { StationaryTrend } from "./detrend.ts";

/** How many autocovariances: by the data (Hobijn), by the length alone (legacy), or a number. */
export type KpssLags = "auto" | "legacy" | number;

/** How to test for stationarity. */
export interface KpssOptions {
  /** Stationary about a constant (`c`) or about a line (`ct`). @default {"c"} */
  readonly trend?: StationaryTrend;
  /** Autocovariances in the long-run variance. @default {"auto"} */
  readonly lags?: KpssLags;
}

/** Result of the KPSS test; its null hypothesis is stationarity. */
export interface KpssResult {
  /** Test statistic, large when the series wanders; or `null`. */
  readonly statistic: number | null;
  /** Interpolated p-value inside [0.01, 0.1], or `null`. */
  readonly pValue: number | null;
  /** Whether the true p-value is at most or at least the shown end of the table; else `null`. */
  readonly pValueBound: "at most" | "at least" | null;
  /** Autocovariances used, or `null`. */
  readonly lags: number | null;
  /** Values at which the p-value is 10 %, 5 %, 2.5 % and 1 %. */
  readonly criticalValues: readonly [number, number, number, number];
  /** What the series is stationary about under the null hypothesis. */
  readonly trend: StationaryTrend;
  /** Values given. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/** Kwiatkowski, Phillips, Schmidt and Shin (1992), table 1. */
const CRITICAL: Readonly<Record<StationaryTrend, readonly [number, number, number, number]>> = {
  c: [0.347, 0.463, 0.574, 0.739],
  ct: [0.119, 0.146, 0.176, 0.216],
};
const LEVELS = [0.1, 0.05, 0.025, 0.01] as const;
const MIN_ROWS = 10;

/**
 * Returns the test of Kwiatkowski, Phillips, Schmidt and Shin (1992) for stationarity.
 *
 * With u the residuals on a constant or a line, `sum (cumulative sum of u)^2 / (n^2 s^2(L))`, where
 * s^2(L) is their long-run variance. The null hypothesis is stationarity: a small p-value speaks
 * against mean reversion, the reverse of `adf()`. L is by Hobijn, Franses and Ooms (1998) from the data,
 * `ceil(12 (n / 100)^(1/4))` for `legacy`, or given.
 *
 * @example A random walk is not stationary
 * ```ts
 * import { kpss } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const line = Array.from({ length: 100 }, (_, t) => t + Math.sin(t));
 * const { statistic, pValue, pValueBound } = kpss(line);
 * ok(statistic! > 0.739);
 * strictEqual(`${pValueBound} ${pValue}`, "at most 0.01");
 * ```
 *
 * @param values The series, oldest first, in any unit.
 * @param options Trend and lags.
 * @returns The test, or `null` fields and a reason: a missing value, fewer than 10 values, a constant
 *   (or, with `ct`, straight) series, or a long-run variance of 0.
 * @throws {RangeError} If a number of lags is given that is not a whole number in [0, n - 1].
 */
export function kpss(values: ArrayLike<number>, options: KpssOptions = {}): KpssResult {
  const { trend = "c", lags = "auto" } = options;
  const nobs = values.length;
  const common = { criticalValues: CRITICAL[trend], trend, nobs };
  const none = (reason: string) => ({
    statistic: null,
    pValue: null,
    pValueBound: null,
    lags: null,
    ...common,
    reason,
  });
  const { residuals, reason } = detrended(values, trend, MIN_ROWS);
  if (reason !== null) return none(reason);
  const used = lagsOf(residuals, lags);
  const variance = longRunVariance(residuals, used);
  if (!(variance > 0)) return none("the long-run variance is 0");
  let sum = 0;
  let squares = 0;
  for (const residual of residuals) {
    sum += residual;
    squares += sum * sum;
  }
  const statistic = squares / (nobs * nobs * variance);
  return {
    statistic,
    ...pValueOf(statistic, CRITICAL[trend]),
    lags: used,
    ...common,
    reason: null,
  };
}

function lagsOf(residuals: Float64Array, lags: KpssLags): number {
  const n = residuals.length;
  if (typeof lags === "number") return lags;
  if (lags === "legacy") return Math.min(Math.ceil(12 * (n / 100) ** 0.25), n - 1);
  const prior = Math.trunc(n ** (2 / 9));
  let s0 = autocovariance(residuals, 0);
  let s1 = 0;
  for (let j = 1; j <= prior; j++) {
    const twice = 2 * autocovariance(residuals, j);
    s0 += twice;
    s1 += j * twice;
  }
  const bandwidth = 1.1447 * ((s1 / s0) ** 2) ** (1 / 3) * n ** (1 / 3);
  return Math.min(Math.trunc(bandwidth), n - 1);
}

function pValueOf(
  statistic: number,
  critical: readonly number[],
): { pValue: number; pValueBound: "at most" | "at least" | null } {
  const last = critical.length - 1;
  if (statistic <= critical[0]!) return { pValue: LEVELS[0], pValueBound: "at least" };
  if (statistic >= critical[last]!) return { pValue: LEVELS[last]!, pValueBound: "at most" };
  const j = critical.findIndex((value) => value > statistic);
  const share = (statistic - critical[j - 1]!) / (critical[j]! - critical[j - 1]!);
  const pValue = LEVELS[j - 1]! + share * (LEVELS[j]! - LEVELS[j - 1]!);
  return { pValue, pValueBound: null };
}
