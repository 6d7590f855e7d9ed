import { completeRows } from "./complete_rows.ts";
import type { KalmanOptions, StateCovariance } from "./kalman_options.ts";
import { KalmanRegression } from "./kalman_regression.ts";

/** The variances that make two series likeliest. */
export interface KalmanFitResult {
  /** Variance of y about the line (R), in squared units of y, or `null`. */
  readonly observationVariance: number | null;
  /** How far slope and intercept wander per row (W), or `null`. */
  readonly stateCovariance: Required<StateCovariance> | null;
  /** Log-likelihood there, or `null`. */
  readonly logLikelihood: number | null;
  /** Whether the best point lies at the edge of the search: the series do not tell a variance. */
  readonly atEdge: boolean;
  /** Rows used. */
  readonly nobs: number;
  /** Why there is no fit, or `null` if there is one. */
  readonly reason: string | null;
}

/** What is given, and what may wander. */
export interface KalmanFitOptions
  extends Pick<KalmanOptions, "initialState" | "initialCovariance"> {
  /** Whether the intercept stays constant, so that it cannot absorb the spread. @default {false} */
  readonly constantIntercept?: boolean;
}

const MIN_ROWS = 10;
/** Search in decades about the variance of y: R from 1e-8 to 10 times it. */
const R_DECADES = [-8, 1] as const;
/** The part of the line's wandering per row, relative to R: from 1e-10 to 1e4. */
const RATIO_DECADES = [-10, 4] as const;

/**
 * Returns the log-likelihood of two series under a model of `KalmanRegression`.
 *
 * -1/2 sum (ln 2 pi + ln S + e^2 / S) over the rows without a missing value; e is the innovation, S
 * its variance.
 *
 * @example A likelier variance
 * ```ts
 * import { kalmanLogLikelihood } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const at = (observationVariance: number) =>
 *   kalmanLogLikelihood([1, -1, 1, -1], [1, 2, 3, 4], {
 *     observationVariance,
 *     stateCovariance: { slope: 0, intercept: 0 },
 *   });
 * ok(at(1) > at(0.5) && at(1) > at(2));
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options The model.
 * @returns The log-likelihood; 0 without a row.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function kalmanLogLikelihood(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: KalmanOptions,
): number {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot filter as the series must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const filter = new KalmanRegression(options);
  for (let t = 0; t < y.length; t++) filter.push(y[t]!, x[t]!);
  return filter.logLikelihood;
}

/**
 * Returns the variances R and W = diag(q, q) that make two series likeliest.
 *
 * Searches a grid of decades, then halves the step about the best point down to 0.1 %. One q
 * serves slope and intercept (Chan's model); with `constantIntercept` only the slope wanders.
 * O(200 n).
 *
 * @example A constant line has no wandering to find
 * ```ts
 * import { fitKalman } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const x = Array.from({ length: 40 }, (_, t) => Math.sin(t));
 * const y = x.map((value, t) => 2 * value + (t % 2 === 0 ? 0.1 : -0.1));
 * const fit = fitKalman(y, x, { initialCovariance: { slope: 10, intercept: 10 } });
 * ok(Math.abs(fit.observationVariance! - 0.01) < 1e-3);
 * ok(fit.stateCovariance!.slope < 1e-6);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options Initial state and what may wander.
 * @returns The variances, or `null` fields and a reason: fewer than 10 rows or constant y.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function fitKalman(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: KalmanFitOptions = {},
): KalmanFitResult {
  const { constantIntercept = false, ...initial } = options;
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  const spread = variance(rows.y);
  if (nobs < MIN_ROWS || !(spread > 0)) {
    const reason = nobs < MIN_ROWS ? `too few rows: ${nobs} of ${MIN_ROWS}` : "y is constant";
    const none = { observationVariance: null, stateCovariance: null, logLikelihood: null };
    return { ...none, atEdge: false, nobs, reason };
  }
  const square = rows.x.reduce((sum, value) => sum + value * value, 0) / nobs;
  const modelAt = (rDecade: number, ratioDecade: number) => {
    const observationVariance = spread * 10 ** rDecade;
    const q = observationVariance * 10 ** ratioDecade / (square + (constantIntercept ? 0 : 1));
    return {
      observationVariance,
      stateCovariance: { slope: q, cross: 0, intercept: constantIntercept ? 0 : q },
      ...initial,
    };
  };
  const at = (r: number, ratio: number) => kalmanLogLikelihood(y, x, modelAt(r, ratio));
  const best = search(at);
  const { observationVariance, stateCovariance } = modelAt(best.r, best.ratio);
  return {
    observationVariance,
    stateCovariance,
    logLikelihood: best.value,
    atEdge: isAtEdge(best.r, R_DECADES) || isAtEdge(best.ratio, RATIO_DECADES),
    nobs,
    reason: null,
  };
}

function search(
  at: (r: number, ratio: number) => number,
): { r: number; ratio: number; value: number } {
  let best = { r: 0, ratio: 0, value: -Infinity };
  const consider = (r: number, ratio: number) => {
    const value = at(r, ratio);
    if (value > best.value) best = { r, ratio, value };
  };
  for (let r = R_DECADES[0]; r <= R_DECADES[1]; r++) {
    for (let ratio = RATIO_DECADES[0]; ratio <= RATIO_DECADES[1]; ratio += 2) consider(r, ratio);
  }
  for (let step = 0.5; step > 2e-4;) {
    const { r, ratio } = best;
    for (const [dr, dRatio] of [[1, 0], [-1, 0], [0, 1], [0, -1], [1, -1], [-1, 1]] as const) {
      consider(
        clamp(r + dr * step, R_DECADES),
        clamp(ratio + dRatio * step, RATIO_DECADES),
      );
    }
    if (best.r === r && best.ratio === ratio) step /= 2;
  }
  return best;
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(Math.max(value, low), high);
}

function isAtEdge(value: number, [low, high]: readonly [number, number]): boolean {
  return value <= low || value >= high;
}

function variance(values: Float64Array): number {
  let mean = 0;
  let squares = 0;
  values.forEach((value, t) => {
    const change = value - mean;
    mean += change / (t + 1);
    squares += change * (value - mean);
  });
  return squares / values.length;
}
