/** A symmetric 2 x 2 covariance of slope and intercept. */
export interface StateCovariance {
  /** Variance of the slope; >= 0. */
  readonly slope: number;
  /** Covariance of slope and intercept. @default {0} */
  readonly cross?: number;
  /** Variance of the intercept; >= 0, where 0 keeps the intercept constant. */
  readonly intercept: number;
}

/** The model of a line that wanders: what is known before the first row. */
export interface KalmanOptions {
  /** Variance of y about the line (R), in squared units of y; > 0. */
  readonly observationVariance: number;
  /** How far slope and intercept wander per row (W); `randomWalkCovariance()` gives Chan's. */
  readonly stateCovariance: StateCovariance;
  /** Slope and intercept before the first row. @default {{ slope: 0, intercept: 0 }} */
  readonly initialState?: { readonly slope: number; readonly intercept: number };
  /** How uncertain they are (P0). @default {{ slope: 0, intercept: 0 }} */
  readonly initialCovariance?: StateCovariance;
  /**
   * Whether to compute about the first x. The model is the same; a large level or a diffuse start
   * then costs no digits. @default {true}
   */
  readonly centre?: boolean;
  /** How many z-scores the health number looks back on; a whole number >= 2. @default {100} */
  readonly healthWindow?: number;
}

/** The options with every default filled in. */
export interface KalmanModel {
  /** Variance of y about the line (R), in squared units of y. */
  readonly observationVariance: number;
  /** How far slope and intercept wander per row (W). */
  readonly stateCovariance: Required<StateCovariance>;
  /** Slope and intercept before the first row. */
  readonly initialState: { readonly slope: number; readonly intercept: number };
  /** How uncertain they are (P0). */
  readonly initialCovariance: Required<StateCovariance>;
  /** Whether to compute about the first x. */
  readonly centre: boolean;
  /** How many z-scores the health number looks back on. */
  readonly healthWindow: number;
}

/**
 * Returns the covariance of a wandering slope and intercept, `delta / (1 - delta)` for both (Chan,
 * Algorithmic Trading, 2013, ch. 3).
 *
 * @example A common choice
 * ```ts
 * import { randomWalkCovariance } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(randomWalkCovariance(0.5), { slope: 1, cross: 0, intercept: 1 });
 * ```
 *
 * @param delta Share of the past that is forgotten per row, inside [0, 1).
 * @returns The covariance, in squared units of slope and intercept per row.
 * @throws {RangeError} If `delta` is outside [0, 1).
 */
export function randomWalkCovariance(delta: number): Required<StateCovariance> {
  if (!(delta >= 0 && delta < 1)) {
    throw new RangeError(
      `Cannot let the line wander as "delta" must be inside [0, 1): current value is ${delta}`,
    );
  }
  const variance = delta / (1 - delta);
  return { slope: variance, cross: 0, intercept: variance };
}

/** Fills in the defaults and refuses what is not a model. */
export function kalmanModel(options: KalmanOptions): KalmanModel {
  const { observationVariance, centre = true, healthWindow = 100 } = options;
  if (!(observationVariance > 0 && observationVariance < Infinity)) {
    throw new RangeError(
      `Cannot filter as "observationVariance" must be > 0: current value is ${observationVariance}`,
    );
  }
  if (!(Number.isInteger(healthWindow) && healthWindow >= 2)) {
    throw new RangeError(
      `Cannot filter as "healthWindow" must be a whole number >= 2: current value is ${healthWindow}`,
    );
  }
  const initialState = options.initialState ?? { slope: 0, intercept: 0 };
  if (!Number.isFinite(initialState.slope) || !Number.isFinite(initialState.intercept)) {
    throw new RangeError(
      `Cannot filter as "initialState" must be finite: current value is ${initialState.slope}, ${initialState.intercept}`,
    );
  }
  return {
    observationVariance,
    stateCovariance: checked("stateCovariance", options.stateCovariance),
    initialState,
    initialCovariance: checked(
      "initialCovariance",
      options.initialCovariance ?? { slope: 0, intercept: 0 },
    ),
    centre,
    healthWindow,
  };
}

/** Moves a covariance to the line written about `x = shift`: intercept + slope * shift. */
export function shiftCovariance(
  { slope, cross, intercept }: Required<StateCovariance>,
  shift: number,
): Required<StateCovariance> {
  return {
    slope,
    cross: cross + shift * slope,
    intercept: intercept + shift * (2 * cross + shift * slope),
  };
}

/** The same model for x measured from `origin`. */
export function shiftModel(model: KalmanModel, origin: number): KalmanModel {
  const { slope, intercept } = model.initialState;
  return {
    ...model,
    stateCovariance: shiftCovariance(model.stateCovariance, origin),
    initialState: { slope, intercept: intercept + slope * origin },
    initialCovariance: shiftCovariance(model.initialCovariance, origin),
    centre: false,
  };
}

/** The middle of the rows in use, about which smoothing is well conditioned. */
export function centreOf(y: ArrayLike<number>, x: ArrayLike<number>): number {
  let centre = 0;
  let nobs = 0;
  for (let t = 0; t < x.length; t++) {
    if (Number.isFinite(y[t]) && Number.isFinite(x[t])) centre += (x[t]! - centre) / ++nobs;
  }
  return centre;
}

function checked(name: string, covariance: StateCovariance): Required<StateCovariance> {
  const { slope, cross = 0, intercept } = covariance;
  const isCovariance = slope >= 0 && intercept >= 0 &&
    cross * cross <= slope * intercept * (1 + 1e-9) && slope + intercept < Infinity;
  if (!isCovariance) {
    throw new RangeError(
      `Cannot filter as "${name}" must be a covariance: current values are ${slope}, ${cross}, ${intercept}`,
    );
  }
  return { slope, cross, intercept };
}
