import { type KalmanModel, kalmanModel, type KalmanOptions } from "./kalman_options.ts";
import { finite, finiteOrNaN } from "./absent.ts";
import { moments } from "./moments.ts";

/** What a `KalmanRegression` needs to continue; plain JSON. */
export interface KalmanState {
  /** The model. */
  readonly model: KalmanModel;
  /** Working numbers of the filter. */
  readonly numbers: readonly (number | null)[];
  /** The last z-scores, as they lie in their ring. */
  readonly zScores: readonly (number | null)[];
}

// Places in the working numbers: one typed array, so that no update allocates.
const SLOPE = 0;
const LEVEL = 1; // intercept about the origin
const P_SLOPE = 2;
const P_CROSS = 3;
const P_LEVEL = 4;
const W_CROSS = 5;
const W_LEVEL = 6;
const ORIGIN = 7;
const HAS_ORIGIN = 8;
const ROWS = 9;
const NOBS = 10;
const LOG_LIKELIHOOD = 11;
const INNOVATION = 12;
const INNOVATION_VARIANCE = 13;
const NUMBERS = 14;

const LN_2_PI = Math.log(2 * Math.PI);

/**
 * A line whose slope and intercept wander, followed row by row by a Kalman filter.
 *
 * y = slope x + intercept + v, v ~ N(0, R); slope and intercept move by N(0, W) between rows, not
 * before the first. With the state known before the row, the innovation is e = y - prediction with
 * variance S (which includes R), and z = e / sqrt(S) is free of look-ahead. The covariance is updated in
 * Joseph's form about the first x: a diffuse start with P0 / R = 1e13 still agrees with least
 * squares to 1e-10. A row with a missing value is predicted only.
 *
 * The innovation is not the spread: a fast slope absorbs the spread. `zDeviation` shows whether R
 * and W fit: near 1 they do, far below 1 no z-score ever crosses 2. O(1) per row; `push()` and `read()` allocate nothing, a getter that
 * may be `null` allocates the number it returns (16 bytes).
 *
 * @example An uncertain start finds the line
 * ```ts
 * import { KalmanRegression } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const line = new KalmanRegression({
 *   observationVariance: 1e-6,
 *   stateCovariance: { slope: 0, intercept: 0 },
 *   initialCovariance: { slope: 1e6, intercept: 1e6 },
 * });
 * for (const x of [1, 2, 3]) line.push(2 * x + 1, x);
 * ok(Math.abs(line.slope - 2) < 1e-6 && Math.abs(line.intercept - 1) < 1e-6);
 *
 * line.push(NaN, 4);
 * strictEqual(line.zScore, null);
 * ```
 */
export class KalmanRegression {
  /** The model, defaults filled in. */
  readonly model: KalmanModel;
  #numbers: Float64Array = new Float64Array(NUMBERS);
  #zScores: Float64Array;
  readonly #row = new Float64Array(2);

  /**
   * Starts before the first row.
   *
   * @param options The model.
   * @throws {RangeError} If `observationVariance` is not greater than 0 or a covariance is none.
   */
  constructor(options: KalmanOptions) {
    this.model = kalmanModel(options);
    const { initialState, initialCovariance, stateCovariance, healthWindow } = this.model;
    const s = this.#numbers;
    s[SLOPE] = initialState.slope;
    s[LEVEL] = initialState.intercept;
    s[P_SLOPE] = initialCovariance.slope;
    s[P_CROSS] = initialCovariance.cross;
    s[P_LEVEL] = initialCovariance.intercept;
    s[W_CROSS] = stateCovariance.cross;
    s[W_LEVEL] = stateCovariance.intercept;
    s[INNOVATION] = NaN;
    s[INNOVATION_VARIANCE] = NaN;
    this.#zScores = new Float64Array(healthWindow).fill(NaN);
  }

  /**
   * Takes the next row.
   *
   * @param y The dependent value; one that is not finite counts as missing.
   * @param x The other value; one that is not finite counts as missing.
   */
  push(y: number, x: number): void {
    const row = this.#row;
    row[0] = y;
    row[1] = x;
    this.take(row);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds y and x.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const s = this.#numbers;
    const y = row[at]!;
    const x = row[at + 1]!;
    if (s[ROWS]! > 0) {
      s[P_SLOPE] = s[P_SLOPE]! + this.model.stateCovariance.slope;
      s[P_CROSS] = s[P_CROSS]! + s[W_CROSS]!;
      s[P_LEVEL] = s[P_LEVEL]! + s[W_LEVEL]!;
    }
    s[ROWS] = s[ROWS]! + 1;
    if (!Number.isFinite(y) || !Number.isFinite(x)) {
      s[INNOVATION] = NaN;
      s[INNOVATION_VARIANCE] = NaN;
      return;
    }
    if (s[HAS_ORIGIN] === 0) this.#setOrigin(row, at + 1);
    const f = x - s[ORIGIN]!;
    const r = this.model.observationVariance;
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
    this.#zScores[s[NOBS]! % this.#zScores.length] = z;
    s[NOBS] = s[NOBS]! + 1;
    s[LOG_LIKELIHOOD] = s[LOG_LIKELIHOOD]! - 0.5 * (LN_2_PI + Math.log(variance) + z * z);
  }

  #setOrigin(row: Float64Array, at: number): void {
    const s = this.#numbers;
    const origin = this.model.centre ? row[at]! : 0;
    s[HAS_ORIGIN] = 1;
    s[ORIGIN] = origin;
    s[LEVEL] = s[LEVEL]! + origin * s[SLOPE]!;
    s[P_LEVEL] = s[P_LEVEL]! + origin * (2 * s[P_CROSS]! + origin * s[P_SLOPE]!);
    s[P_CROSS] = s[P_CROSS]! + origin * s[P_SLOPE]!;
    const wSlope = this.model.stateCovariance.slope;
    s[W_LEVEL] = s[W_LEVEL]! + origin * (2 * s[W_CROSS]! + origin * wSlope);
    s[W_CROSS] = s[W_CROSS]! + origin * wSlope;
  }

  /**
   * Writes what the getters tell, without allocating: slope, intercept, innovation, variance of the
   * innovation and z-score.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  read(into: Float64Array, at = 0): void {
    const s = this.#numbers;
    into[at] = s[SLOPE]!;
    into[at + 1] = s[LEVEL]! - s[ORIGIN]! * s[SLOPE]!;
    into[at + 2] = s[INNOVATION]!;
    into[at + 3] = s[INNOVATION_VARIANCE]!;
    into[at + 4] = finiteOrNaN(s[INNOVATION]! / Math.sqrt(s[INNOVATION_VARIANCE]!));
  }

  /** Slope after the last row. */
  get slope(): number {
    return this.#numbers[SLOPE]!;
  }

  /** Intercept after the last row, in the unit of y. */
  get intercept(): number {
    return this.#numbers[LEVEL]! - this.#numbers[ORIGIN]! * this.#numbers[SLOPE]!;
  }

  /** Variance of the slope after the last row. */
  get slopeVariance(): number {
    return this.#numbers[P_SLOPE]!;
  }

  /** Covariance of slope and intercept after the last row. */
  get covariance(): number {
    return this.#numbers[P_CROSS]! - this.#numbers[ORIGIN]! * this.#numbers[P_SLOPE]!;
  }

  /** Variance of the intercept after the last row. */
  get interceptVariance(): number {
    const s = this.#numbers;
    return s[P_LEVEL]! - s[ORIGIN]! * (2 * s[P_CROSS]! - s[ORIGIN]! * s[P_SLOPE]!);
  }

  /** y less its prediction from the rows before, in the unit of y; `null` if the row missed a value. */
  get innovation(): number | null {
    return finite(this.#numbers[INNOVATION]!);
  }

  /** Variance of the innovation, R included; `null` if the row missed a value. */
  get innovationVariance(): number | null {
    return finite(this.#numbers[INNOVATION_VARIANCE]!);
  }

  /** The innovation over its deviation; `null` if the row missed a value. */
  get zScore(): number | null {
    const variance = this.#numbers[INNOVATION_VARIANCE]!;
    return finite(this.#numbers[INNOVATION]! / Math.sqrt(variance));
  }

  /**
   * Deviation of the last `healthWindow` z-scores, near 1 when the model fits; `null` until there are
   * that many. Read it now and then: it takes O(healthWindow).
   */
  get zDeviation(): number | null {
    return this.nobs < this.#zScores.length ? null : moments(this.#zScores).deviation();
  }

  /** Log-likelihood of the rows so far. */
  get logLikelihood(): number {
    return this.#numbers[LOG_LIKELIHOOD]!;
  }

  /** Rows used so far. */
  get nobs(): number {
    return this.#numbers[NOBS]!;
  }

  /** What `restore()` needs. */
  state(): KalmanState {
    return {
      model: this.model,
      numbers: Array.from(this.#numbers, finite),
      zScores: Array.from(this.#zScores, finite),
    };
  }

  /**
   * Returns an instance that goes on where `state()` was called.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: KalmanState): KalmanRegression {
    const filter = new KalmanRegression(state.model);
    filter.#numbers = Float64Array.from(state.numbers, (value) => value ?? NaN);
    filter.#zScores = Float64Array.from(state.zScores, (value) => value ?? NaN);
    return filter;
  }
}
