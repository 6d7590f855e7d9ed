import { countMissing, roundingLength } from "./detrend.ts";
import { isConstant } from "./complete_rows.ts";
import type { CriticalValues } from "./mackinnon.ts";
import { dot, norm, orthogonalize, residualsOn } from "./orthogonal.ts";
import {
  type BreakIn,
  ZIVOT_ANDREWS_PERCENT,
  ZIVOT_ANDREWS_QUANTILES,
} from "./zivot_andrews_table.ts";

export type { BreakIn } from "./zivot_andrews_table.ts";

/** How to test for a unit root beside one break. */
export interface ZivotAndrewsOptions {
  /** What may break once. @default {"c"} */
  readonly breakIn?: BreakIn;
  /** Lagged changes in the regression. @default {floor(12 (n / 100)^(1/4))} */
  readonly lags?: number;
  /** Share of the values at each end where no break is looked for, inside [0, 1/3]. @default {0.15} */
  readonly trim?: number;
}

/** Result of the Zivot-Andrews test; its null hypothesis is a unit root without a break. */
export interface ZivotAndrewsResult {
  /** Smallest t-ratio of the level over all breaks, or `null`. */
  readonly statistic: number | null;
  /** p-value from the table, or `null`. */
  readonly pValue: number | null;
  /** Values at which the p-value is 1 %, 5 % and 10 %. */
  readonly criticalValues: CriticalValues;
  /** The value after which the break is likeliest, counted from 0; or `null`. */
  readonly breakIndex: number | null;
  /** Lagged changes used. */
  readonly lags: number;
  /** What may break. */
  readonly breakIn: BreakIn;
  /** Rows of each regression. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

const MIN_DEGREES = 3;

/**
 * Returns the unit-root test of Zivot and Andrews (1992) that allows one break at an unknown time.
 *
 * For every break outside the trimmed ends it regresses the change on constant, line, step or kink,
 * lagged changes and level, and takes the smallest t-ratio of the level. A series that reverts to a level
 * that has moved once looks like a unit root to `adf()`; here it does not. The kink of `t` begins one
 * value earlier than the step of `c`, as in statsmodels, whose table it shares. O(n^2).
 *
 * @example White noise about a level that moves once
 * ```ts
 * import { zivotAndrews } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const series = Array.from({ length: 120 }, (_, t) => (t < 60 ? 0 : 4) + Math.sin(t * t));
 * const { pValue, breakIndex } = zivotAndrews(series, { lags: 1 });
 * ok(pValue! < 0.01 && Math.abs(breakIndex! - 59) <= 1);
 * ```
 *
 * @param values The series, oldest first, in any unit; it is not changed.
 * @param options What may break, lags and trim.
 * @returns The test, or `null` fields and a reason: a missing value, a constant series, fewer than
 *   three degrees of freedom, or a series its regressors repeat.
 * @throws {RangeError} If an option is out of range.
 */
export function zivotAndrews(
  values: ArrayLike<number>,
  options: ZivotAndrewsOptions = {},
): ZivotAndrewsResult {
  const { breakIn = "c", trim = 0.15 } = options;
  const n = values.length;
  const lags = options.lags ?? Math.floor(12 * (n / 100) ** 0.25);
  if (!(Number.isInteger(lags) && lags >= 0)) {
    throw new RangeError(
      `Cannot regress as "lags" must be a whole number >= 0: current value is ${lags}`,
    );
  }
  if (!(trim >= 0 && trim <= 1 / 3)) {
    throw new RangeError(
      `Cannot look for breaks as "trim" must be inside [0, 1/3]: current value is ${trim}`,
    );
  }
  const nobs = Math.max(n - 1 - lags, 0);
  const common = { criticalValues: criticalValuesOf(breakIn), lags, breakIn, nobs };
  const none = (reason: string) => ({
    statistic: null,
    pValue: null,
    breakIndex: null,
    ...common,
    reason,
  });
  const degrees = nobs - lags - (breakIn === "ct" ? 5 : 4);
  const missing = countMissing(values);
  if (missing > 0) {
    return none(`${missing} of ${n} values are missing: lags need an unbroken series`);
  }
  if (degrees < MIN_DEGREES) {
    return none(`too few degrees of freedom: ${degrees} of ${MIN_DEGREES}`);
  }
  if (isConstant(values)) return none("the series is constant");
  const best = smallestRatio(values, breakIn, lags, trim, degrees);
  if (best === null) return none("the regressors repeat each other");
  return {
    statistic: best.ratio,
    pValue: interpolate(best.ratio, ZIVOT_ANDREWS_QUANTILES[breakIn], ZIVOT_ANDREWS_PERCENT) / 100,
    breakIndex: best.at - 1,
    ...common,
    reason: null,
  };
}

function smallestRatio(
  values: ArrayLike<number>,
  breakIn: BreakIn,
  lags: number,
  trim: number,
  degrees: number,
): { ratio: number; at: number } | null {
  const n = values.length;
  const first = lags + 1;
  const rows = n - first;
  const column = (cell: (t: number) => number) =>
    Float64Array.from({ length: rows }, (_, j) => cell(first + j));
  const change = (t: number) => values[t]! - values[t - 1]!;
  const origin = values[0]!;
  const common = orthogonalize([
    column(() => 1),
    column((t) => t - n / 2),
    ...Array.from({ length: lags }, (_, j) => column((t) => change(t - 1 - j))),
  ]);
  if (common === null) return null;
  const level = residualsOn(column((t) => values[t - 1]! - origin), common.basis);
  const target = residualsOn(column(change), common.basis);
  const rounding = roundingLength(values);
  if (!(norm(level) > rounding && norm(target) > rounding)) return null;
  const step = (at: number) => residualsOn(column((t) => t < at ? 0 : 1), common.basis);
  const kink = (at: number) => residualsOn(column((t) => Math.max(0, t - at)), common.basis);
  const edge = Math.floor(n * trim);
  let best: { ratio: number; at: number } | null = null;
  for (let at = edge + 1; at <= n - edge; at++) {
    const breaks = breakIn === "c"
      ? [step(at)]
      : breakIn === "t"
      ? [kink(at - 2)]
      : [step(at), kink(at - 1)];
    const ratio = lastRatio([...breaks, level], target, degrees);
    if (ratio !== null && (best === null || ratio < best.ratio)) best = { ratio, at };
  }
  return best;
}

/** t-ratio of the last column; `null` if the columns repeat each other or fit perfectly. */
function lastRatio(
  columns: readonly Float64Array[],
  target: Float64Array,
  degrees: number,
): number | null {
  const parts = orthogonalize(columns);
  if (parts === null) return null;
  const rest = norm(residualsOn(target, parts.basis));
  if (!(rest > 1e-12 * norm(target))) return null;
  return dot(parts.basis.at(-1)!, target) / (rest / Math.sqrt(degrees));
}

function criticalValuesOf(breakIn: BreakIn): CriticalValues {
  const at = (percent: number) =>
    ZIVOT_ANDREWS_QUANTILES[breakIn][ZIVOT_ANDREWS_PERCENT.indexOf(percent)]!;
  return [at(1), at(5), at(10)];
}

/** The line through a table, constant beyond its ends; `xs` increases. */
function interpolate(x: number, xs: readonly number[], ys: readonly number[]): number {
  const j = xs.findIndex((value) => value >= x);
  if (j === 0) return ys[0]!;
  if (j === -1) return ys.at(-1)!;
  return ys[j - 1]! + (x - xs[j - 1]!) / (xs[j]! - xs[j - 1]!) * (ys[j]! - ys[j - 1]!);
}
