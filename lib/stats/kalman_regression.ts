import { type KalmanModel, kalmanModel, type KalmanOptions } from "./kalman_options.ts";
import { finite, finiteOrNaN } from "./absent.ts";
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

/** What a `KalmanRegression` needs to continue; plain JSON. */
export interface KalmanState {
  /** The model. */
  readonly model: KalmanModel;
  /** Working numbers of the filter. */
  readonly numbers: readonly (number | null)[];
  /** The last z-scores, as they lie in their ring. */
  readonly zScores: readonly (number | null)[];
}

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
 * and W fit: near 1 they do, far below 1 no z-score ever crosses 2. O(1) per row; `push()` and `read()`
 * allocate nothing, a getter that may be `null` allocates the number it returns (16 bytes).
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
    startKalman(this.#numbers, this.model);
    this.#zScores = new Float64Array(this.model.healthWindow).fill(NaN);
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
    stepKalman(this.#numbers, this.#zScores, this.model, row, at);
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
    into[at + 1] = interceptOf(s);
    into[at + 2] = s[INNOVATION]!;
    into[at + 3] = s[INNOVATION_VARIANCE]!;
    into[at + 4] = finiteOrNaN(zScoreOf(s));
  }

  /** Slope after the last row. */
  get slope(): number {
    return this.#numbers[SLOPE]!;
  }

  /** Intercept after the last row, in the unit of y. */
  get intercept(): number {
    return interceptOf(this.#numbers);
  }

  /** Variance of the slope after the last row. */
  get slopeVariance(): number {
    return this.#numbers[P_SLOPE]!;
  }

  /** Covariance of slope and intercept after the last row. */
  get covariance(): number {
    return covarianceOf(this.#numbers);
  }

  /** Variance of the intercept after the last row. */
  get interceptVariance(): number {
    return interceptVarianceOf(this.#numbers);
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
    return finite(zScoreOf(this.#numbers));
  }

  /**
   * Deviation of the last `healthWindow` z-scores, near 1 when the model fits; `null` until there are
   * that many. Read it now and then: it takes O(healthWindow).
   */
  get zDeviation(): number | null {
    return zDeviationOf(this.#numbers, this.#zScores);
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
