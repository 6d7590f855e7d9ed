import type { KalmanOptions } from "./kalman_options.ts";
import { KalmanRegression } from "./kalman_regression.ts";

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
  const filter = new KalmanRegression(options);
  const slope: number[] = [];
  const intercept: number[] = [];
  const slopeVariance: number[] = [];
  const covariance: number[] = [];
  const interceptVariance: number[] = [];
  const innovation: (number | null)[] = [];
  const innovationVariance: (number | null)[] = [];
  const zScore: (number | null)[] = [];
  for (let t = 0; t < y.length; t++) {
    filter.push(y[t]!, x[t]!);
    slope.push(filter.slope);
    intercept.push(filter.intercept);
    slopeVariance.push(filter.slopeVariance);
    covariance.push(filter.covariance);
    interceptVariance.push(filter.interceptVariance);
    innovation.push(filter.innovation);
    innovationVariance.push(filter.innovationVariance);
    zScore.push(filter.zScore);
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
    zDeviation: filter.zDeviation,
    logLikelihood: filter.logLikelihood,
    nobs: filter.nobs,
  };
}
