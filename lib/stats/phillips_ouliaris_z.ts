import { countMissing } from "./detrend.ts";
import { longRunCovariance } from "./long_run_variance.ts";
import { dot, orthogonalize, residualsOn } from "./orthogonal.ts";
import { lagsOf, MIN_ROWS, requireOneLength, trendColumns } from "./phillips_ouliaris.ts";

/** Result of the residual test of Phillips and Ouliaris. */
export interface PhillipsOuliarisZResult {
  /** Z-alpha of the residuals, very negative when the pair reverts; or `null`. */
  readonly statistic: number | null;
  /** Interpolated p-value inside [0.01, 0.15], or `null`. */
  readonly pValue: number | null;
  /** Whether the true p-value is at most or at least the shown end of the table; else `null`. */
  readonly pValueBound: "at most" | "at least" | null;
  /** Autocovariances used, or `null`. */
  readonly lags: number | null;
  /** Rows given. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

/** Phillips and Ouliaris (1990), table I, two series: values of Z-alpha at LEVELS. */
const Z_CRITICAL = {
  n: [-22.83, -18.89, -15.64, -13.81, -12.54, -11.57, -10.74],
  c: [-28.32, -23.81, -20.49, -18.48, -17.04, -15.93, -14.91],
} as const;
const Z_LEVELS = [0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15] as const;

/**
 * Returns the residual test Z-alpha of Phillips and Ouliaris (1990) for a pair.
 *
 * With u the residuals of y on x and k those of u(t) on u(t - 1), `Z = n (rho - 1) - n^2 (l^2 - g) / (2 sum
 * u(t - 1)^2)`, l^2 and g long-run variance and variance of k. The p-value is interpolated in a table of
 * seven points; agrees with `po.test` of R's tseries.
 *
 * @example A pair that stays together
 * ```ts
 * import { phillipsOuliarisZ } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * let walk = 0;
 * const x = Array.from({ length: 300 }, (_, t) => walk += Math.sin(t * t));
 * const y = x.map((value, t) => 2 * value + Math.cos(3 * t * t));
 * ok(phillipsOuliarisZ(y, x).statistic! < -28.32);
 * ```
 *
 * @param y The dependent series (log prices), oldest first.
 * @param x The other, of the same length.
 * @param options `trend`, nothing (`n`) or constant (`c`, the default); `lags`, floor(n / 100) for `short`
 *   (the default), floor(n / 30) for `long`, or a number.
 * @returns The test, or `null` fields and a reason: a missing value, fewer than 20 rows, or series
 *   that repeat each other or the constant.
 * @throws {RangeError} If the lengths differ or `lags` is out of range.
 */
export function phillipsOuliarisZ(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: { readonly trend?: "n" | "c"; readonly lags?: "short" | "long" | number } = {},
): PhillipsOuliarisZResult {
  const { trend = "c", lags = "short" } = options;
  requireOneLength(y, x);
  const nobs = y.length;
  const none = (reason: string) => ({
    statistic: null,
    pValue: null,
    pValueBound: null,
    lags: null,
    nobs,
    reason,
  });
  const missing = countMissing(y) + countMissing(x);
  if (missing > 0) return none(`${missing} values are missing: lags need unbroken series`);
  if (nobs < MIN_ROWS) return none(`too few rows: ${nobs} of ${MIN_ROWS}`);
  const rows = nobs - 1;
  const used = typeof lags === "number"
    ? lagsOf(lags, rows)
    : Math.floor(rows / (lags === "short" ? 100 : 30));
  const all = orthogonalize([...trendColumns(trend, nobs), x, y]);
  if (all === null) return none("the series repeat each other or the constant");
  const residual = residualsOn(y, all.basis.slice(0, -1));
  const past = residual.subarray(0, rows);
  const squares = dot(past, past);
  const rho = dot(past, residual.subarray(1)) / squares;
  const errors = residual.subarray(1).map((value, t) => value - rho * past[t]!);
  const { yy: longRun } = longRunCovariance(errors, errors, used);
  const excess = longRun - dot(errors, errors) / rows;
  const statistic = rows * (rho - 1) - 0.5 * rows * rows * excess / squares;
  return { statistic, ...zPValue(statistic, Z_CRITICAL[trend]), lags: used, nobs, reason: null };
}

function zPValue(
  statistic: number,
  critical: readonly number[],
): { pValue: number; pValueBound: "at most" | "at least" | null } {
  if (statistic <= critical[0]!) return { pValue: Z_LEVELS[0], pValueBound: "at most" };
  const j = critical.findIndex((value) => value > statistic);
  if (j === -1) return { pValue: Z_LEVELS.at(-1)!, pValueBound: "at least" };
  const share = (statistic - critical[j - 1]!) / (critical[j]! - critical[j - 1]!);
  const pValue = Z_LEVELS[j - 1]! + share * (Z_LEVELS[j]! - Z_LEVELS[j - 1]!);
  return { pValue, pValueBound: null };
}
