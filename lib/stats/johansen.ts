import { SVD } from "ml-matrix";
import { countMissing, roundingLength } from "./detrend.ts";
import { JOHANSEN_CRITICAL } from "./johansen_tables.ts";
import { dot, norm, type Orthogonal, orthogonalize, residualsOn } from "./orthogonal.ts";

/**
 * Deterministic terms of the Johansen test.
 *
 * - `restricted-constant`: an intercept in the cointegrating relation, no drift; the model for windows of
 *   log prices.
 * - `unrestricted-constant`: drift; on series WITHOUT drift its table rejects 12 % at 5 %.
 * - `none`: relation through the origin.
 * - `detrended`: lines taken out of the levels first; its table rejects 22 % at 5 %. Only for comparison
 *   with statsmodels.
 */
export type JohansenModel = "restricted-constant" | "unrestricted-constant" | "none" | "detrended";

/** Critical values at 10 %, 5 % and 1 %. */
export type JohansenCritical = readonly [number, number, number];

/** How to test for cointegration after Johansen. */
export interface JohansenOptions {
  /** Deterministic terms. @default {"restricted-constant"} */
  readonly model?: JohansenModel;
  /** Lagged changes of all series in the regressions; a whole number >= 0. @default {1} */
  readonly lags?: number;
}

/** Result of the Johansen test. */
export interface JohansenResult {
  /** Squared canonical correlations of change and level, largest first; or `null`. */
  readonly eigenvalues: readonly number[] | null;
  /** Statistic of "at most r relations" against more, r = 0, 1, …; or `null`. */
  readonly trace: readonly number[] | null;
  /** Statistic of r relations against r + 1; or `null`. */
  readonly maxEigenvalue: readonly number[] | null;
  /** Critical values of `trace`, one row per r. */
  readonly traceCritical: readonly JohansenCritical[];
  /** Critical values of `maxEigenvalue`, one row per r. */
  readonly maxEigenvalueCritical: readonly JohansenCritical[];
  /** Relations found by the trace test at 5 %, or `null`. */
  readonly rank: number | null;
  /** The likeliest relation, its first coefficient 1; or `null`. */
  readonly vector: readonly number[] | null;
  /** Units of each further series against one of the first, `-vector[j]`; or `null`. */
  readonly hedgeRatios: readonly number[] | null;
  /** Intercept of the relation, with `restricted-constant`; else `null`. */
  readonly intercept: number | null;
  /** Deterministic terms. */
  readonly model: JohansenModel;
  /** Lagged changes. */
  readonly lags: number;
  /** Rows of the regressions. */
  readonly nobs: number;
  /** Why there is no statistic, or `null` if there is one. */
  readonly reason: string | null;
}

const MAX_SERIES = 11;
const MIN_DEGREES = 3;

/**
 * Returns Johansen's test (1988, 1991) for the number of relations that hold several series together.
 *
 * Changes and lagged levels, each less what lagged changes (and the constant) explain, are compared by
 * their canonical correlations, squared l(1) >= l(2) >= …; with T rows `trace(r) = -T sum of ln(1 - l(i)), i
 * > r` and `maxEigenvalue(r) = -T ln(1 - l(r + 1))`. By orthogonalization and a singular value
 * decomposition, which keep the digits that moment matrices lose. Levels lag by 1 for every number
 * of lags; statsmodels' `coint_johansen(k_ar_diff=0)` takes the level of t and differs.
 *
 * @example A pair that stays together
 * ```ts
 * import { johansen } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * let walk = 0;
 * const x = Array.from({ length: 300 }, (_, t) => walk += Math.sin(t * t));
 * const y = x.map((value, t) => 1 + 2 * value + Math.cos(3 * t * t));
 * const { rank, hedgeRatios } = johansen([y, x]);
 * strictEqual(rank, 1);
 * ok(Math.abs(hedgeRatios![0]! - 2) < 0.1);
 * ```
 *
 * @param series Two to eleven series (log prices) of one length, oldest first; the dependent leg first.
 * @param options Deterministic terms and lags.
 * @returns The test, or `null` fields and a reason: a missing value, too few rows, or series that
 *   repeat each other or do not vary.
 * @throws {RangeError} If the number of series, their lengths or `lags` are out of range.
 */
export function johansen(
  series: readonly ArrayLike<number>[],
  options: JohansenOptions = {},
): JohansenResult {
  const { model = "restricted-constant", lags = 1 } = options;
  checkSeries(series, lags);
  const p = series.length;
  const nobs = Math.max(series[0]!.length - 1 - lags, 0);
  const critical = (table: readonly JohansenCritical[]) => table.slice(0, p).reverse();
  const common = {
    traceCritical: critical(JOHANSEN_CRITICAL[model].trace),
    maxEigenvalueCritical: critical(JOHANSEN_CRITICAL[model].maxEigenvalue),
    model,
    lags,
    nobs,
  };
  const none = (reason: string): JohansenResult => ({
    eigenvalues: null,
    trace: null,
    maxEigenvalue: null,
    rank: null,
    vector: null,
    hedgeRatios: null,
    intercept: null,
    ...common,
    reason,
  });
  const missing = series.reduce((sum, values) => sum + countMissing(values), 0);
  if (missing > 0) return none(`${missing} values are missing: lags need unbroken series`);
  const degrees = nobs - p * lags - p - 1;
  if (degrees < MIN_DEGREES) {
    return none(`too few degrees of freedom: ${degrees} of ${MIN_DEGREES}`);
  }
  const parts = changesAndLevels(series, model, lags, nobs);
  if (parts === null) return none("the series repeat each other or do not vary");
  const { changes, levels, origins } = parts;
  const cross = changes.basis.map((u) => levels.basis.map((v) => dot(u, v)));
  const svd = new SVD(cross, { autoTranspose: true });
  const eigenvalues = svd.diagonal.slice(0, p).map((sigma) => sigma * sigma);
  if (!eigenvalues.every((value) => value < 1 - 1e-12)) return none("a relation holds exactly");
  const maxEigenvalue = eigenvalues.map((value) => -nobs * Math.log1p(-value));
  const trace = maxEigenvalue.map((_, r) =>
    maxEigenvalue.slice(r).reduce((sum, value) => sum + value, 0)
  );
  const failed = trace.findIndex((value, r) => value < common.traceCritical[r]![1]);
  const relation = backSubstitute(levels, svd.rightSingularVectors.getColumn(0));
  const vector = relation.slice(0, p).map((value) => value / relation[0]!);
  return {
    eigenvalues,
    trace,
    maxEigenvalue,
    ...common,
    rank: failed === -1 ? p : failed,
    vector,
    hedgeRatios: vector.slice(1).map((value) => -value),
    intercept: model === "restricted-constant"
      ? vector.reduce((sum, value, i) => sum + value * origins[i]!, 0) - relation[p]! / relation[0]!
      : null,
    reason: null,
  };
}

function checkSeries(series: readonly ArrayLike<number>[], lags: number): void {
  if (!(series.length >= 2 && series.length <= MAX_SERIES)) {
    throw new RangeError(
      `Cannot test for cointegration as "series" must hold 2 to ${MAX_SERIES} series: current value is ${series.length}`,
    );
  }
  for (const values of series) {
    if (values.length !== series[0]!.length) {
      throw new RangeError(
        `Cannot test for cointegration as all series must have one length: current values are ${
          series[0]!.length
        } and ${values.length}`,
      );
    }
  }
  if (!(Number.isInteger(lags) && lags >= 0)) {
    throw new RangeError(
      `Cannot test for cointegration as "lags" must be a whole number >= 0: current value is ${lags}`,
    );
  }
}

/** Changes and lagged levels less what lagged changes and constant explain, taken apart. */
function changesAndLevels(
  series: readonly ArrayLike<number>[],
  model: JohansenModel,
  lags: number,
  rows: number,
): { changes: Orthogonal; levels: Orthogonal; origins: readonly number[] } | null {
  const origins = series.map((values) => model === "none" ? 0 : values[0]!);
  const used = series.map((values, i) => {
    const shifted = Float64Array.from(values, (value) => value - origins[i]!);
    return model === "detrended" ? withoutLine(shifted) : shifted;
  });
  const first = lags + 1;
  const column = (cell: (t: number) => number) =>
    Float64Array.from({ length: rows }, (_, j) => cell(first + j));
  const change = (values: Float64Array, lag: number) =>
    column((t) => values[t - lag]! - values[t - lag - 1]!);
  const constant = column(() => 1);
  const hasDrift = model === "unrestricted-constant" || model === "detrended";
  const short = orthogonalize([
    ...(hasDrift ? [constant] : []),
    ...Array.from({ length: lags }, (_, j) => used.map((values) => change(values, j + 1))).flat(),
  ]);
  if (short === null) return null;
  const rest = (values: Float64Array) => residualsOn(values, short.basis);
  const now = used.map((values) => rest(change(values, 0)));
  const past = used.map((values) => rest(column((t) => values[t - 1]!)));
  const isRounding = (values: ArrayLike<number>, i: number) =>
    Math.min(norm(now[i]!), norm(past[i]!)) <= roundingLength(values);
  if (series.some(isRounding)) return null;
  const changes = orthogonalize(now);
  const levels = orthogonalize([
    ...past,
    ...(model === "restricted-constant" ? [rest(constant)] : []),
  ]);
  return changes === null || levels === null ? null : { changes, levels, origins };
}

function withoutLine(values: Float64Array): Float64Array {
  const line = values.map((_, t) => t - (values.length - 1) / 2);
  const basis = orthogonalize([new Float64Array(values.length).fill(1), line])!.basis;
  return residualsOn(values, basis);
}

/** Coefficients of the columns that give a direction of their basis: R c = direction. */
function backSubstitute({ r }: Orthogonal, direction: readonly number[]): number[] {
  const coefficients = Array<number>(direction.length).fill(0);
  for (let i = direction.length - 1; i >= 0; i--) {
    let rest = direction[i]!;
    for (let j = i + 1; j < direction.length; j++) rest -= r[i]![j]! * coefficients[j]!;
    coefficients[i] = rest / r[i]![i]!;
  }
  return coefficients;
}
