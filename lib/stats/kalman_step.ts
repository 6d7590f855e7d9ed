import type { KalmanModel } from "./kalman_options.ts";
import { moments } from "./moments.ts";

// Places in the working numbers: one typed array, so that no update allocates.
/** Slope. */
export const SLOPE = 0;
/** Intercept about the origin. */
export const LEVEL = 1;
/** Variance of the slope. */
export const P_SLOPE = 2;
/** Covariance of slope and level. */
export const P_CROSS = 3;
/** Variance of the level. */
export const P_LEVEL = 4;
// What the state's covariance W is about the origin.
const W_CROSS = 5;
const W_LEVEL = 6;
/** The x about which the level is told: the first, where the model centres. */
export const ORIGIN = 7;
const HAS_ORIGIN = 8;
const ROWS = 9;
/** Rows without a missing value. */
export const NOBS = 10;
/** Log-likelihood of those rows. */
export const LOG_LIKELIHOOD = 11;
/** Innovation of the last row; NaN if it missed a value. */
export const INNOVATION = 12;
/** Its variance; NaN likewise. */
export const INNOVATION_VARIANCE = 13;
/** How many working numbers there are. */
export const NUMBERS = 14;

const LN_2_PI = Math.log(2 * Math.PI);

/** Writes the working numbers of a filter before its first row. */
export function startKalman(s: Float64Array, model: KalmanModel): void {
  const { initialState, initialCovariance, stateCovariance } = model;
  s[SLOPE] = initialState.slope;
  s[LEVEL] = initialState.intercept;
  s[P_SLOPE] = initialCovariance.slope;
  s[P_CROSS] = initialCovariance.cross;
  s[P_LEVEL] = initialCovariance.intercept;
  s[W_CROSS] = stateCovariance.cross;
  s[W_LEVEL] = stateCovariance.intercept;
  s[INNOVATION] = NaN;
  s[INNOVATION_VARIANCE] = NaN;
}

/**
 * Predicts the next row and corrects the state by it; a row with a missing value is predicted only.
 *
 * @param s The working numbers.
 * @param zScores The ring of the last z-scores.
 * @param model The model.
 * @param row Holds y and x.
 * @param at Place of y.
 */
export function stepKalman(
  s: Float64Array,
  zScores: Float64Array,
  model: KalmanModel,
  row: Float64Array,
  at: number,
): void {
  const y = row[at]!;
  const x = row[at + 1]!;
  if (s[ROWS]! > 0) {
    s[P_SLOPE] = s[P_SLOPE]! + model.stateCovariance.slope;
    s[P_CROSS] = s[P_CROSS]! + s[W_CROSS]!;
    s[P_LEVEL] = s[P_LEVEL]! + s[W_LEVEL]!;
  }
  s[ROWS] = s[ROWS]! + 1;
  if (!Number.isFinite(y) || !Number.isFinite(x)) {
    s[INNOVATION] = NaN;
    s[INNOVATION_VARIANCE] = NaN;
    return;
  }
  if (s[HAS_ORIGIN] === 0) setOrigin(s, model, row, at + 1);
  const f = x - s[ORIGIN]!;
  const r = model.observationVariance;
  const p00 = s[P_SLOPE]!;
  const p01 = s[P_CROSS]!;
  const p11 = s[P_LEVEL]!;
  const h0 = p00 * f + p01;
  const h1 = p01 * f + p11;
  const variance = f * h0 + h1 + r;
  const innovation = y - (s[SLOPE]! * f + s[LEVEL]!);
  const k0 = h0 / variance;
  const k1 = h1 / variance;
  // Joseph: (I - K F) P (I - K F)' + K R K'
  const a00 = 1 - k0 * f;
  const a01 = -k0;
  const a10 = -k1 * f;
  const a11 = 1 - k1;
  const b00 = a00 * p00 + a01 * p01;
  const b01 = a00 * p01 + a01 * p11;
  const b10 = a10 * p00 + a11 * p01;
  const b11 = a10 * p01 + a11 * p11;
  s[P_SLOPE] = b00 * a00 + b01 * a01 + r * k0 * k0;
  s[P_CROSS] = b00 * a10 + b01 * a11 + r * k0 * k1;
  s[P_LEVEL] = b10 * a10 + b11 * a11 + r * k1 * k1;
  s[SLOPE] = s[SLOPE]! + k0 * innovation;
  s[LEVEL] = s[LEVEL]! + k1 * innovation;
  s[INNOVATION] = innovation;
  s[INNOVATION_VARIANCE] = variance;
  const z = innovation / Math.sqrt(variance);
  zScores[s[NOBS]! % zScores.length] = z;
  s[NOBS] = s[NOBS]! + 1;
  s[LOG_LIKELIHOOD] = s[LOG_LIKELIHOOD]! - 0.5 * (LN_2_PI + Math.log(variance) + z * z);
}

/** Tells the state about the first x from now on, which keeps its covariance well conditioned. */
function setOrigin(
  s: Float64Array,
  model: KalmanModel,
  row: Float64Array,
  at: number,
): void {
  const origin = model.centre ? row[at]! : 0;
  s[HAS_ORIGIN] = 1;
  s[ORIGIN] = origin;
  s[LEVEL] = s[LEVEL]! + origin * s[SLOPE]!;
  s[P_LEVEL] = s[P_LEVEL]! + origin * (2 * s[P_CROSS]! + origin * s[P_SLOPE]!);
  s[P_CROSS] = s[P_CROSS]! + origin * s[P_SLOPE]!;
  const wSlope = model.stateCovariance.slope;
  s[W_LEVEL] = s[W_LEVEL]! + origin * (2 * s[W_CROSS]! + origin * wSlope);
  s[W_CROSS] = s[W_CROSS]! + origin * wSlope;
}

/** Intercept, in the unit of y. */
export function interceptOf(s: Float64Array): number {
  return s[LEVEL]! - s[ORIGIN]! * s[SLOPE]!;
}

/** Covariance of slope and intercept. */
export function covarianceOf(s: Float64Array): number {
  return s[P_CROSS]! - s[ORIGIN]! * s[P_SLOPE]!;
}

/** Variance of the intercept. */
export function interceptVarianceOf(s: Float64Array): number {
  return s[P_LEVEL]! - s[ORIGIN]! * (2 * s[P_CROSS]! - s[ORIGIN]! * s[P_SLOPE]!);
}

/** The last innovation over its deviation; not finite where the row missed a value. */
export function zScoreOf(s: Float64Array): number {
  return s[INNOVATION]! / Math.sqrt(s[INNOVATION_VARIANCE]!);
}

/** Deviation of the last z-scores; `null` until their ring is full. */
export function zDeviationOf(s: Float64Array, zScores: Float64Array): number | null {
  return s[NOBS]! < zScores.length ? null : moments(zScores).deviation();
}
