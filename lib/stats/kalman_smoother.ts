import {
  centreOf,
  type KalmanModel,
  kalmanModel,
  type KalmanOptions,
  shiftModel,
} from "./kalman_options.ts";
import { KalmanRegression } from "./kalman_regression.ts";

/** Slope and intercept of each row, judged from all rows. */
export interface KalmanSmootherResult {
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
  /** Log-likelihood of all rows. */
  readonly logLikelihood: number;
  /** Rows used. */
  readonly nobs: number;
}

/**
 * Returns slope and intercept of each row given ALL rows (Rauch, Tung and Striebel, 1965).
 *
 * J = P(t|t) / P(t+1|t); m(t|n) = m(t|t) + J (m(t+1|n) - m(t+1|t)). It has seen the future: for display
 * and estimation, never for a signal. Rows with a missing value are bridged.
 *
 * @example The last row has no future
 * ```ts
 * import { kalmanRegression, kalmanSmoother } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const y = [1.1, 1.9, 3.2];
 * const x = [1, 2, 3];
 * const options = {
 *   observationVariance: 0.01,
 *   stateCovariance: { slope: 1e-4, intercept: 1e-4 },
 *   initialCovariance: { slope: 1, intercept: 1 },
 * };
 * const smoothed = kalmanSmoother(y, x, options).slope;
 * const filtered = kalmanRegression(y, x, options).slope;
 * ok(Math.abs(smoothed[2]! - filtered[2]!) < 1e-12);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options The model.
 * @returns One array per number, one entry per row.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function kalmanSmoother(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: KalmanOptions,
): KalmanSmootherResult {
  const origin = centreOf(y, x);
  const states = smoothStates(y, x, origin, shiftModel(kalmanModel(options), origin));
  const about0 = (t: number) => states.cross[t]! - origin * states.slopeVariance[t]!;
  return {
    slope: [...states.slope],
    intercept: Array.from(states.level, (level, t) => level - origin * states.slope[t]!),
    slopeVariance: [...states.slopeVariance],
    covariance: Array.from(states.cross, (_, t) => about0(t)),
    interceptVariance: Array.from(
      states.levelVariance,
      (variance, t) => variance - origin * (states.cross[t]! + about0(t)),
    ),
    logLikelihood: states.logLikelihood,
    nobs: states.nobs,
  };
}

/** Smoothed states about an origin; `lag` is the covariance of a state with the one before it. */
export interface SmoothedStates {
  readonly slope: Float64Array;
  readonly level: Float64Array;
  readonly slopeVariance: Float64Array;
  readonly cross: Float64Array;
  readonly levelVariance: Float64Array;
  readonly lagSlope: Float64Array;
  readonly lagSlopeLevel: Float64Array;
  readonly lagLevelSlope: Float64Array;
  readonly lagLevel: Float64Array;
  readonly logLikelihood: number;
  readonly nobs: number;
}

/** Filters x - origin forwards under a model about the origin, then smooths backwards. */
export function smoothStates(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  origin: number,
  model: KalmanModel,
): SmoothedStates {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot smooth as the series must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const n = y.length;
  const column = () => new Float64Array(n);
  const states = {
    slope: column(),
    level: column(),
    slopeVariance: column(),
    cross: column(),
    levelVariance: column(),
    lagSlope: column(),
    lagSlopeLevel: column(),
    lagLevelSlope: column(),
    lagLevel: column(),
  };
  const filter = new KalmanRegression(model);
  for (let t = 0; t < n; t++) {
    filter.push(y[t]!, x[t]! - origin);
    states.slope[t] = filter.slope;
    states.level[t] = filter.intercept;
    states.slopeVariance[t] = filter.slopeVariance;
    states.cross[t] = filter.covariance;
    states.levelVariance[t] = filter.interceptVariance;
  }
  for (let t = n - 2; t >= 0; t--) stepBack(states, t, model.stateCovariance);
  return { ...states, logLikelihood: filter.logLikelihood, nobs: filter.nobs };
}

/** Turns the filtered state of row t into the smoothed one; row t + 1 is smoothed already. */
function stepBack(
  states: Omit<SmoothedStates, "logLikelihood" | "nobs">,
  t: number,
  w: { readonly slope: number; readonly cross: number; readonly intercept: number },
): void {
  const p00 = states.slopeVariance[t]!;
  const p01 = states.cross[t]!;
  const p11 = states.levelVariance[t]!;
  const q00 = p00 + w.slope;
  const q01 = p01 + w.cross;
  const q11 = p11 + w.intercept;
  const [i00, i01, i11] = inverse(q00, q01, q11);
  const j00 = p00 * i00 + p01 * i01;
  const j01 = p00 * i01 + p01 * i11;
  const j10 = p01 * i00 + p11 * i01;
  const j11 = p01 * i01 + p11 * i11;
  const v00 = states.slopeVariance[t + 1]!;
  const v01 = states.cross[t + 1]!;
  const v11 = states.levelVariance[t + 1]!;
  states.lagSlope[t + 1] = v00 * j00 + v01 * j01;
  states.lagSlopeLevel[t + 1] = v00 * j10 + v01 * j11;
  states.lagLevelSlope[t + 1] = v01 * j00 + v11 * j01;
  states.lagLevel[t + 1] = v01 * j10 + v11 * j11;
  const dSlope = states.slope[t + 1]! - states.slope[t]!;
  const dLevel = states.level[t + 1]! - states.level[t]!;
  states.slope[t] = states.slope[t]! + j00 * dSlope + j01 * dLevel;
  states.level[t] = states.level[t]! + j10 * dSlope + j11 * dLevel;
  const d00 = v00 - q00;
  const d01 = v01 - q01;
  const d11 = v11 - q11;
  const e00 = j00 * d00 + j01 * d01;
  const e01 = j00 * d01 + j01 * d11;
  const e10 = j10 * d00 + j11 * d01;
  const e11 = j10 * d01 + j11 * d11;
  states.slopeVariance[t] = p00 + e00 * j00 + e01 * j01;
  states.cross[t] = p01 + e00 * j10 + e01 * j11;
  states.levelVariance[t] = p11 + e10 * j10 + e11 * j11;
}

/** Inverse of a covariance; the pseudo-inverse where one direction is known exactly. */
function inverse(a: number, b: number, c: number): [number, number, number] {
  const determinant = a * c - b * b;
  if (determinant > 1e-14 * a * c) {
    return [c / determinant, -b / determinant, a / determinant];
  }
  const trace = a + c;
  const scale = trace > 0 ? 1 / (trace * trace) : 0;
  return [a * scale, b * scale, c * scale];
}
