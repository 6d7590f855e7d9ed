import { finite } from "./absent.ts";
import { kalmanModel, type KalmanOptions } from "./kalman_options.ts";
import {
  covarianceOf,
  INNOVATION,
  INNOVATION_VARIANCE,
  interceptOf,
  interceptVarianceOf,
  LOG_LIKELIHOOD,
  NOBS,
  NUMBERS,
  P_SLOPE,
  SLOPE,
  startKalman,
  stepKalman,
  zDeviationOf,
  zScoreOf,
} from "./kalman_step.ts";

/** The filter's numbers after each row. */
export interface KalmanSeries {
  /** Slope. */
  readonly slope: readonly number[];
  /** Intercept. */
  readonly intercept: readonly number[];
  /** Variance of the slope. */
  readonly slopeVariance: readonly number[];
  /** Covariance of slope and intercept. */
  readonly covariance: readonly number[];
  /** Variance of the intercept. */
  readonly interceptVariance: readonly number[];
  /** y less its prediction from the rows before; `null` where a value is missing. */
  readonly innovation: readonly (number | null)[];
  /** Variance of the innovation; `null` where a value is missing. */
  readonly innovationVariance: readonly (number | null)[];
  /** The innovation over its deviation; `null` where a value is missing. */
  readonly zScore: readonly (number | null)[];
  /** Deviation of the last z-scores, near 1 when the model fits; `null` while there are too few. */
  readonly zDeviation: number | null;
  /** Log-likelihood of all rows. */
  readonly logLikelihood: number;
  /** Rows used. */
  readonly nobs: number;
}

/**
 * Returns the numbers of `KalmanRegression` after each row of two series.
 *
 * @example A known line stays
 * ```ts
 * import { kalmanRegression } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { innovation } = kalmanRegression([3, 6, NaN], [1, 2, 3], {
 *   observationVariance: 1,
 *   stateCovariance: { slope: 0, intercept: 0 },
 *   initialState: { slope: 2, intercept: 1 },
 * });
 * deepStrictEqual(innovation, [0, 1, null]);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options The model.
 * @returns One array per number, one entry per row.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function kalmanRegression(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: KalmanOptions,
): KalmanSeries {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot filter as the series must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const model = kalmanModel(options);
  // The steps themselves: ten calls per row would take as long again.
  const s = new Float64Array(NUMBERS);
  startKalman(s, model);
  const zScores = new Float64Array(model.healthWindow).fill(NaN);
  const pair = new Float64Array(2);
  const slope = new Array<number>(y.length);
  const intercept = new Array<number>(y.length);
  const slopeVariance = new Array<number>(y.length);
  const covariance = new Array<number>(y.length);
  const interceptVariance = new Array<number>(y.length);
  const innovation = new Array<number | null>(y.length);
  const innovationVariance = new Array<number | null>(y.length);
  const zScore = new Array<number | null>(y.length);
  for (let t = 0; t < y.length; t++) {
    pair[0] = y[t]!;
    pair[1] = x[t]!;
    stepKalman(s, zScores, model, pair, 0);
    slope[t] = s[SLOPE]!;
    intercept[t] = interceptOf(s);
    slopeVariance[t] = s[P_SLOPE]!;
    covariance[t] = covarianceOf(s);
    interceptVariance[t] = interceptVarianceOf(s);
    innovation[t] = finite(s[INNOVATION]!);
    innovationVariance[t] = finite(s[INNOVATION_VARIANCE]!);
    zScore[t] = finite(zScoreOf(s));
  }
  return {
    slope,
    intercept,
    slopeVariance,
    covariance,
    interceptVariance,
    innovation,
    innovationVariance,
    zScore,
    zDeviation: zDeviationOf(s, zScores),
    logLikelihood: s[LOG_LIKELIHOOD]!,
    nobs: s[NOBS]!,
  };
}
