import {
  centreOf,
  type KalmanModel,
  kalmanModel,
  type KalmanOptions,
  shiftCovariance,
  shiftModel,
  type StateCovariance,
} from "./kalman_options.ts";
import { type SmoothedStates, smoothStates } from "./kalman_smoother.ts";

/** Variances estimated by expectation-maximization. */
export interface KalmanEmResult {
  /** Variance of y about the line (R), in squared units of y. */
  readonly observationVariance: number;
  /** How far slope and intercept wander per row (W). */
  readonly stateCovariance: Required<StateCovariance>;
  /** Log-likelihood before the first step and after each; it never falls. */
  readonly logLikelihoods: readonly number[];
  /** Steps made. */
  readonly iterations: number;
  /** Whether the last step gained less than `tolerance`. */
  readonly converged: boolean;
  /** Rows used. */
  readonly nobs: number;
  /** Why there were fewer steps than asked for, or `null`. */
  readonly reason: string | null;
}

/** How long to estimate. */
export interface KalmanEmOptions {
  /** Most steps to make; a whole number >= 1. @default {10} */
  readonly maxIterations?: number;
  /** Stop when a step gains less log-likelihood than this; >= 0. @default {0} */
  readonly tolerance?: number;
}

/**
 * Returns the variances R and W that make two series likelier, by expectation-maximization
 * (Shumway and Stoffer, 1982), starting at those of `options`.
 *
 * R = mean of (y - F m(t|n))^2 + F V F'; W = mean of d d' + V(t) + V(t-1) - C - C', d = m(t|n) -
 * m(t-1|n), C = cov(t, t-1 | n). It converges slowly, and it eats the spread: a mean-reverting spread is
 * soon explained as a moving intercept, R falls and no z-score is left. Show R and W, keep the steps
 * few, and start with an intercept variance of 0 (which stays 0) when the intercept is meant to be
 * constant.
 *
 * @example The likelihood rises
 * ```ts
 * import { kalmanEm } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const { logLikelihoods } = kalmanEm([1, 2.2, 2.9, 4.1], [1, 2, 3, 4], {
 *   observationVariance: 1,
 *   stateCovariance: { slope: 1e-3, intercept: 0 },
 *   initialCovariance: { slope: 1, intercept: 1 },
 * }, { maxIterations: 3 });
 * ok(logLikelihoods[3]! > logLikelihoods[0]!);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options The model to start at.
 * @param limits Steps and tolerance.
 * @returns The variances and the path of the log-likelihood; with fewer than two rows those of
 *   `options` and a reason.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function kalmanEm(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: KalmanOptions,
  limits: KalmanEmOptions = {},
): KalmanEmResult {
  const { maxIterations = 10, tolerance = 0 } = limits;
  if (!(Number.isInteger(maxIterations) && maxIterations >= 1)) {
    throw new RangeError(
      `Cannot estimate as "maxIterations" must be a whole number >= 1: current value is ${maxIterations}`,
    );
  }
  const origin = centreOf(y, x);
  let model = shiftModel(kalmanModel(options), origin);
  let states = smoothStates(y, x, origin, model);
  const logLikelihoods = [states.logLikelihood];
  let reason = states.nobs < 2 ? `too few rows: ${states.nobs} of 2` : null;
  let converged = false;
  while (reason === null && !converged && logLikelihoods.length <= maxIterations) {
    const next = maximize(y, x, origin, model, states);
    if (next === null) {
      reason = "the variance of the observations has vanished";
      break;
    }
    const smoothed = smoothStates(y, x, origin, next);
    const gain = smoothed.logLikelihood - states.logLikelihood;
    if (!(gain >= -1e-9 * Math.abs(states.logLikelihood))) {
      reason = "rounding errors have reached the size of the variances";
      break;
    }
    model = next;
    states = smoothed;
    logLikelihoods.push(states.logLikelihood);
    converged = gain < tolerance;
  }
  return {
    observationVariance: model.observationVariance,
    stateCovariance: shiftCovariance(model.stateCovariance, -origin),
    logLikelihoods,
    iterations: logLikelihoods.length - 1,
    converged,
    nobs: states.nobs,
    reason,
  };
}

function maximize(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  origin: number,
  model: KalmanModel,
  s: SmoothedStates,
): KalmanModel | null {
  let r = 0;
  let w00 = 0;
  let w01 = 0;
  let w11 = 0;
  for (let t = 0; t < y.length; t++) {
    const f = x[t]! - origin;
    if (Number.isFinite(y[t]) && Number.isFinite(f)) {
      const residual = y[t]! - s.slope[t]! * f - s.level[t]!;
      r += residual * residual + f * (f * s.slopeVariance[t]! + 2 * s.cross[t]!) +
        s.levelVariance[t]!;
    }
    if (t === 0) continue;
    const dSlope = s.slope[t]! - s.slope[t - 1]!;
    const dLevel = s.level[t]! - s.level[t - 1]!;
    w00 += dSlope * dSlope + s.slopeVariance[t]! + s.slopeVariance[t - 1]! - 2 * s.lagSlope[t]!;
    w01 += dSlope * dLevel + s.cross[t]! + s.cross[t - 1]! - s.lagSlopeLevel[t]! -
      s.lagLevelSlope[t]!;
    w11 += dLevel * dLevel + s.levelVariance[t]! + s.levelVariance[t - 1]! - 2 * s.lagLevel[t]!;
  }
  const observationVariance = r / s.nobs;
  if (!(observationVariance > 0)) return null;
  const transitions = y.length - 1;
  return {
    ...model,
    observationVariance,
    stateCovariance: covariance(w00 / transitions, w01 / transitions, w11 / transitions),
  };
}

/** The nearest covariance: rounding may have left a variance below 0 or a correlation above 1. */
function covariance(slope: number, cross: number, intercept: number): Required<StateCovariance> {
  const a = Math.max(slope, 0);
  const c = Math.max(intercept, 0);
  const limit = Math.sqrt(a * c);
  return { slope: a, cross: Math.min(Math.max(cross, -limit), limit), intercept: c };
}
