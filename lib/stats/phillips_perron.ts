import { detrended, roundingLength, type StationaryTrend } from "./detrend.ts";
import { longRunVariance } from "./long_run_variance.ts";
import { type CriticalValues, mackinnonCritical, mackinnonP } from "./mackinnon.ts";

/** How to test for a unit root after Phillips and Perron. */
export interface PhillipsPerronOptions {
  /** Constant (`c`) or constant and line (`ct`) in the regression. @default {"c"} */
  readonly trend?: StationaryTrend;
  /** Autocovariances in the long-run variance. @default {ceil(12 (n / 100)^(1/4))} */
  readonly lags?: number;
}

/** Result of the Phillips-Perron test; its null hypothesis is a unit root. */
export interface PhillipsPerronResult {
  /** The t-ratio of the level, corrected; negative when the series reverts; or `null`. */
  readonly zTau: number | null;
  /** n (rho - 1), corrected; or `null`. */
  readonly zAlpha: number | null;
  /** MacKinnon's p-value of `zTau`, or `null`. */
  readonly pValue: number | null;
  /** Values of `zTau` at 1 %, 5 % and 10 %, or `null`. */
  readonly criticalValues: CriticalValues | null;
  /** Coefficient of the lagged level, or `null`. */
  readonly rho: number | null;
  /** Autocovariances used, or `null`. */
  readonly lags: number | null;
  /** Deterministic terms of the regression. */
  readonly trend: StationaryTrend;
  /** Rows of the regression, or values given if there was none. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

const MIN_ROWS = 10;

/**
 * Returns the unit-root test of Phillips and Perron (1988).
 *
 * Regresses y(t) on y(t - 1) and the trend; instead of lags, the long-run variance l^2 of the
 * residuals corrects the ratios (Hamilton, Time Series Analysis, 1994, 17.6):
 * `zTau = sqrt(g / l^2) t - (l^2 - g) / (2 l) * n se / s` and
 * `zAlpha = n (rho - 1) - n^2 se^2 / s^2 (l^2 - g) / 2`, where g is the residuals' variance with
 * divisor n and s^2 with n less parameters. The moments are those of the lagged level; R's `ur.pp`
 * takes those of y(t) and differs by up to 0.9 %.
 *
 * @example A series that returns at once
 * ```ts
 * import { phillipsPerron } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const series = Array.from({ length: 100 }, (_, t) => Math.sin(t * t));
 * ok(phillipsPerron(series).pValue! < 1e-6);
 * ```
 *
 * @param values The series, oldest first, in any unit.
 * @param options Trend and lags.
 * @returns The test, or `null` fields and a reason: a missing value, fewer than 10 values, a constant
 *   or perfectly predictable series.
 * @throws {RangeError} If `lags` is not a whole number in [0, rows - 1].
 */
export function phillipsPerron(
  values: ArrayLike<number>,
  options: PhillipsPerronOptions = {},
): PhillipsPerronResult {
  const { trend = "c" } = options;
  const nobs = Math.max(values.length - 1, 0);
  const none = (reason: string) => ({
    zTau: null,
    zAlpha: null,
    pValue: null,
    criticalValues: null,
    rho: null,
    lags: null,
    trend,
    nobs,
    reason,
  });
  const whole = detrended(values, trend, MIN_ROWS);
  if (whole.reason !== null) return none(whole.reason);
  // By Frisch and Waugh the regression on level and trend is that of the detrended parts.
  const level = detrended(whole.residuals.subarray(0, nobs), trend, 1);
  const next = detrended(whole.residuals.subarray(1), trend, 1);
  if (level.reason !== null) return none(`the lagged level: ${level.reason}`);
  if (next.reason !== null) return none(`the level: ${next.reason}`);
  const sxx = dot(level.residuals, level.residuals);
  const rho = dot(level.residuals, next.residuals) / sxx;
  const errors = next.residuals.map((value, t) => value - rho * level.residuals[t]!);
  const squares = dot(errors, errors);
  const rounding = roundingLength(values);
  if (!(sxx > rounding ** 2)) return none("the series is a straight line");
  if (!(squares > Math.max(1e-24 * sxx, rounding ** 2))) {
    return none("the series is perfectly predictable");
  }
  const lags = options.lags ?? Math.min(Math.ceil(12 * (nobs / 100) ** 0.25), nobs - 1);
  const longRun = longRunVariance(errors, lags);
  if (!(longRun > 0)) return none("the long-run variance is 0");
  const variance = squares / nobs;
  const s2 = squares / (nobs - (trend === "c" ? 2 : 3));
  const error = Math.sqrt(s2 / sxx);
  const excess = longRun - variance;
  const zTau = Math.sqrt(variance / longRun) * (rho - 1) / error -
    excess / (2 * Math.sqrt(longRun)) * nobs * error / Math.sqrt(s2);
  return {
    zTau,
    zAlpha: nobs * (rho - 1) - nobs * nobs / sxx * excess / 2,
    pValue: mackinnonP(zTau, trend, 1),
    criticalValues: mackinnonCritical(trend, 1, nobs),
    rho,
    lags,
    trend,
    nobs,
    reason: null,
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
  return sum;
}
