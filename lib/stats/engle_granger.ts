import { type LagChoice, unitRootRatio } from "./adf.ts";
import { TERMS } from "./dickey_fuller.ts";
import { isConstant } from "./complete_rows.ts";
import { solveTriangle, sumOfSquares, triangulate } from "./householder.ts";
import { type CriticalValues, mackinnonCritical, mackinnonP, type Trend } from "./mackinnon.ts";

/** How to test for cointegration. */
export interface EngleGrangerOptions {
  /** Deterministic terms of the first stage; the second has none. @default {"c"} */
  readonly trend?: Trend;
  /** How the number of lags of the second stage is chosen. @default {"aic"} */
  readonly lagChoice?: LagChoice;
  /** Largest number of lags. @default {as `adf()`} */
  readonly maxLag?: number;
}

/** A cointegration test of y on x. Absent numbers are `null`, for a `reason`. */
export interface EngleGrangerResult {
  /** t-ratio of the residual's level; -Infinity for collinear series. */
  readonly statistic: number | null;
  /** MacKinnon's p-value for y and its regressors: small speaks for cointegration. */
  readonly pValue: number | null;
  /** MacKinnon's critical values at 1 %, 5 % and 10 % for n - 1 observations. */
  readonly criticalValues: CriticalValues | null;
  /** Hedge ratio of each regressor. */
  readonly slopes: readonly number[] | null;
  /** Constant of the first stage; 0 where it has none. */
  readonly intercept: number | null;
  /** Lagged differences of the second stage. */
  readonly lag: number | null;
  /** Observations of the first stage. */
  readonly nobs: number;
  /**
   * The series are one instrument (1 - R^2 < 1.49e-6): never rank them. Without deterministic terms
   * R^2 is about 0, and levels far from 0 look like one instrument too: use a constant.
   */
  readonly collinear: boolean;
  /** y less the fitted first stage; empty where there is none. */
  readonly residuals: Float64Array;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** 1 - R^2 below which two series are one instrument: 100 times the root of the double's step. */
const COLLINEAR = 100 * Math.sqrt(Number.EPSILON);

/**
 * Returns the Engle-Granger test of cointegration.
 *
 * Least squares of y on x and the deterministic terms; then the augmented Dickey-Fuller t-ratio of
 * its residuals, without deterministic terms, read in MacKinnon's table for as many series as
 * there are (never in that of one observed series). Not symmetric: test both directions, and double
 * the smaller p-value. A gap in a series and a series that does not vary have no answer.
 *
 * @example y follows x up to noise
 * ```ts
 * import { engleGranger } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 300 }, (_, t) => 5 + Math.sin(t / 40) + t / 100);
 * const y = x.map((value, t) => 1 + 2 * value + 0.1 * Math.sin(t * t));
 * const test = engleGranger(y, x);
 * ok(test.pValue! < 0.001);
 * ok(Math.abs(test.slopes![0]! - 2) < 0.02);
 * ```
 *
 * @param y The dependent series, oldest first.
 * @param x The regressor, or several (at most 5), of the same length.
 * @param options Terms and lags.
 * @returns The test.
 * @throws {RangeError} If lengths differ, there are more than 5 regressors or none, or `maxLag` is
 *   not a whole number >= 0.
 */
export function engleGranger(
  y: ArrayLike<number>,
  x: ArrayLike<number> | readonly ArrayLike<number>[],
  options: EngleGrangerOptions = {},
): EngleGrangerResult {
  const { trend = "c" } = options;
  const regressors = isList(x) ? x : [x];
  checkSeries(y, regressors);
  const nobs = y.length;
  const absent = (reason: string): EngleGrangerResult => ({
    statistic: null,
    pValue: null,
    criticalValues: null,
    slopes: null,
    intercept: null,
    lag: null,
    nobs,
    collinear: false,
    residuals: new Float64Array(0),
    reason,
  });
  const unusable = findReason(y, regressors, trend);
  if (unusable !== null) return absent(unusable);
  const stage = firstStage(y, regressors, trend);
  if (stage === null) return absent("the regressors are collinear");
  const { slopes, intercept, residuals, rounding } = stage;
  const series = regressors.length + 1;
  const found = {
    ...absent(""),
    slopes,
    intercept,
    residuals,
    criticalValues: mackinnonCritical(trend, series, nobs - 1),
    reason: null,
  };
  if (sumOfSquares(residuals, 0) < COLLINEAR * totalSquares(y, trend)) {
    return { ...found, statistic: -Infinity, pValue: 0, collinear: true };
  }
  const second = unitRootRatio(residuals, { ...options, trend: "n" }, rounding);
  if (second.reason !== null) {
    return { ...found, criticalValues: null, reason: `residuals: ${second.reason}` };
  }
  return {
    ...found,
    statistic: second.statistic,
    pValue: mackinnonP(second.statistic, trend, series),
    lag: second.lag,
  };
}

function isList(
  x: ArrayLike<number> | readonly ArrayLike<number>[],
): x is readonly ArrayLike<number>[] {
  return Array.isArray(x) && x.length > 0 && typeof x[0] !== "number";
}

function checkSeries(y: ArrayLike<number>, x: readonly ArrayLike<number>[]): void {
  if (x.length < 1 || x.length > 5) {
    throw new RangeError(
      `Cannot test for cointegration as there must be 1 to 5 regressors: current number is ${x.length}`,
    );
  }
  const other = x.find((series) => series.length !== y.length);
  if (other !== undefined) {
    throw new RangeError(
      `Cannot test for cointegration as all series must have one length: current values are ${y.length} and ${other.length}`,
    );
  }
}

function findReason(
  y: ArrayLike<number>,
  x: readonly ArrayLike<number>[],
  trend: Trend,
): string | null {
  const least = x.length + TERMS[trend] + 1;
  if (y.length < least) return `too few observations: ${y.length} of ${least}`;
  for (const [name, series] of [["y", y] as const, ...x.map((s) => ["x", s] as const)]) {
    const missing = Array.from(series).filter((value) => !Number.isFinite(value)).length;
    if (missing > 0) {
      return `${missing} of ${y.length} values of ${name} are missing: lags need an unbroken series`;
    }
    if (isConstant(series)) return `${name} does not vary`;
  }
  return null;
}

interface FirstStage {
  readonly slopes: number[];
  readonly intercept: number;
  readonly residuals: Float64Array;
  readonly rounding: number;
}

/** y on the deterministic terms and x, all measured from their first values if there is a constant. */
function firstStage(
  y: ArrayLike<number>,
  x: readonly ArrayLike<number>[],
  trend: Trend,
): FirstStage | null {
  const rows = y.length;
  const terms = TERMS[trend];
  const centred = (series: ArrayLike<number>) => {
    const origin = terms > 0 ? series[0]! : 0;
    return Float64Array.from(series, (value) => value - origin);
  };
  const time = (power: number) =>
    Float64Array.from({ length: rows }, (_, t) => ((t + 1) / rows) ** power);
  const columns = () => [
    ...Array.from({ length: terms }, (_, power) => time(power)),
    ...x.map(centred),
  ];
  const rounding = 4 * Number.EPSILON * Math.max(...[y, ...x].map(largestAbsolute));
  const triangle = triangulate(columns(), centred(y), rounding * Math.sqrt(rows));
  if (triangle.rank < terms + x.length) return null;
  const coefficients = solveTriangle(triangle);
  const residuals = centred(y);
  columns().forEach((column, j) => {
    const coefficient = coefficients[j]!;
    for (let t = 0; t < rows; t++) residuals[t] = residuals[t]! - coefficient * column[t]!;
  });
  const slopes = coefficients.slice(terms);
  const level = y[0]! - slopes.reduce((sum, slope, j) => sum + slope * x[j]![0]!, 0);
  return {
    slopes,
    intercept: terms === 0 ? 0 : coefficients[0]! + level,
    residuals,
    rounding: rounding * (1 + slopes.reduce((sum, slope) => sum + Math.abs(slope), 0)),
  };
}

function largestAbsolute(series: ArrayLike<number>): number {
  let largest = 0;
  for (let t = 0; t < series.length; t++) largest = Math.max(largest, Math.abs(series[t]!));
  return largest;
}

/** Sum of squares about the mean, or about 0 for a regression without deterministic terms. */
function totalSquares(series: ArrayLike<number>, trend: Trend): number {
  const origin = trend === "n" ? 0 : series[0]!;
  const values = Float64Array.from(series, (value) => value - origin);
  const mean = trend === "n" ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
