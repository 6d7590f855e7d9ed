import { countMissing } from "./detrend.ts";
import { longRunCovariance } from "./long_run_variance.ts";
import type { Trend } from "./mackinnon.ts";
import { dot, orthogonalize, residualsOn } from "./orthogonal.ts";

/** Deterministic terms of a cointegrating regression of Phillips and Ouliaris. */
export type PhillipsOuliarisTrend = Extract<Trend, "n" | "c" | "ct">;

/** How to test for cointegration after Phillips and Ouliaris. */
export interface PhillipsOuliarisOptions {
  /** Nothing (`n`), constant (`c`) or constant and line (`ct`). @default {"c"} */
  readonly trend?: PhillipsOuliarisTrend;
  /** Autocovariances: `short` is floor(4 (n / 100)^(1/4)), `long` three times as many. @default {"short"} */
  readonly lags?: "short" | "long" | number;
}

/** Result of the tests of Phillips and Ouliaris; their null hypothesis is no cointegration. */
export interface PhillipsOuliarisResult {
  /** Variance ratio of y given x: depends on which series is y; or `null`. */
  readonly pu: number | null;
  /** Values of `pu` at which the p-value is 10 %, 5 % and 1 %. */
  readonly puCritical: readonly [number, number, number];
  /** Multivariate trace: does not depend on which series is y; or `null`. */
  readonly pz: number | null;
  /** Values of `pz` at which the p-value is 10 %, 5 % and 1 %. */
  readonly pzCritical: readonly [number, number, number];
  /** Autocovariances used, or `null`. */
  readonly lags: number | null;
  /** Deterministic terms. */
  readonly trend: PhillipsOuliarisTrend;
  /** Rows given. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/** Phillips and Ouliaris (1990), tables III and IV, two series. */
const CRITICAL = {
  n: { pu: [20.3933, 25.9711, 38.3413], pz: [33.9267, 40.8217, 55.1911] },
  c: { pu: [27.8536, 33.713, 48.0021], pz: [47.5877, 55.2202, 71.9273] },
  ct: { pu: [41.2488, 48.8439, 65.1714], pz: [71.9586, 81.3812, 102.0167] },
} as const;
/** Fewest rows of a pair to test. */
export const MIN_ROWS = 20;

/**
 * Returns the cointegration tests Pu and Pz of Phillips and Ouliaris (1990) for a pair.
 *
 * Omega is the long-run covariance (Bartlett) of the residuals of (y, x)(t) on (y, x)(t - 1) and the trend.
 * `Pu = T w / s^2` with w the long-run variance of y given x and s^2 the mean square of the residuals of y
 * on x; `Pz = T trace(Omega / M)` with M the mean square of the levels. Large values speak for
 * cointegration. M is of the levels as given, as in R's `ca.po`: Pz changes when a constant is added.
 *
 * @example A pair that stays together
 * ```ts
 * import { phillipsOuliaris } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * let walk = 0;
 * const x = Array.from({ length: 300 }, (_, t) => walk += Math.sin(t * t));
 * const y = x.map((value, t) => 2 * value + Math.cos(3 * t * t));
 * const { pu, puCritical } = phillipsOuliaris(y, x);
 * ok(pu! > puCritical[2]);
 * ```
 *
 * @param y The dependent series (log prices), oldest first.
 * @param x The other, of the same length.
 * @param options Trend and lags.
 * @returns The tests, or `null` fields and a reason: a missing value, fewer than 20 rows, or series
 *   that repeat each other or the trend.
 * @throws {RangeError} If the lengths differ or `lags` is out of range.
 */
export function phillipsOuliaris(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: PhillipsOuliarisOptions = {},
): PhillipsOuliarisResult {
  const { trend = "c", lags = "short" } = options;
  const nobs = y.length;
  requireOneLength(y, x);
  const { pu: puCritical, pz: pzCritical } = CRITICAL[trend];
  const common = { puCritical, pzCritical, trend, nobs };
  const none = (reason: string) => ({ pu: null, pz: null, lags: null, ...common, reason });
  const missing = countMissing(y) + countMissing(x);
  if (missing > 0) return none(`${missing} values are missing: lags need unbroken series`);
  if (nobs < MIN_ROWS) return none(`too few rows: ${nobs} of ${MIN_ROWS}`);
  const rows = nobs - 1;
  const used = lagsOf(lags, rows);
  const part = (values: ArrayLike<number>, from: number) =>
    Float64Array.from({ length: rows }, (_, t) => values[from + t]!);
  const past = orthogonalize([...trendColumns(trend, rows), part(x, 0), part(y, 0)]);
  const beside = orthogonalize([...trendColumns(trend, nobs), x]);
  const level = orthogonalize([part(x, 1), part(y, 1)]);
  if (past === null || beside === null || level === null) {
    return none("the series repeat each other or the trend");
  }
  const nextY = part(y, 1);
  const nextX = part(x, 1);
  const omega = longRunCovariance(
    residualsOn(nextY, past.basis),
    residualsOn(nextX, past.basis),
    used,
  );
  const residual = residualsOn(y, beside.basis);
  const given = omega.yy - omega.yx * omega.yx / omega.xx;
  const meanSquare = dot(residual, residual) / rows;
  if (!(meanSquare > 0 && omega.xx > 0)) return none("a residual variance is 0");
  // trace(Omega / M) with M = L L' / T, L from the orthogonal parts of x and of y beside x
  const xx = level.r[0]![0]! ** 2 / rows;
  const yGivenX = level.r[1]![1]! ** 2 / rows;
  const slope = level.r[0]![1]! / level.r[0]![0]!;
  const rest = omega.yy - 2 * slope * omega.yx + slope * slope * omega.xx;
  return {
    pu: rows * given / meanSquare,
    pz: rows * (omega.xx / xx + rest / yGivenX),
    lags: used,
    ...common,
    reason: null,
  };
}

/** The columns of the deterministic terms. */
export function trendColumns(trend: PhillipsOuliarisTrend, rows: number): Float64Array[] {
  const constant = new Float64Array(rows).fill(1);
  const line = Float64Array.from({ length: rows }, (_, t) => t - (rows - 1) / 2);
  return trend === "n" ? [] : trend === "c" ? [constant] : [constant, line];
}

/** How many autocovariances; refuses a number out of range. */
export function lagsOf(lags: "short" | "long" | number, rows: number): number {
  const used = typeof lags === "number"
    ? lags
    : Math.floor((lags === "short" ? 4 : 12) * (rows / 100) ** 0.25);
  if (!(Number.isInteger(used) && used >= 0 && used < rows)) {
    throw new RangeError(
      `Cannot sum autocovariances as "lags" must be a whole number in [0, ${
        rows - 1
      }]: current value is ${used}`,
    );
  }
  return used;
}

/** Refuses a pair of different lengths. */
export function requireOneLength(y: ArrayLike<number>, x: ArrayLike<number>): void {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot test a pair as the series must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
}
