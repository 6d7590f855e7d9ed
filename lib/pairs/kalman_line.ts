import { KalmanRegression, RollingPair } from "../stats/mod.ts";
import type { CheckedOptions, Fit } from "./pair_engine.ts";

/**
 * A line that wanders. Least squares on the first `estimationBars` rows say where it begins and how
 * far residuals scatter (R); from then on a Kalman filter follows it.
 *
 * Its steps are such that over `windowBars` rows slope and level move by about the standard errors
 * of a fit to as many rows. The steady gain is then 1 / `windowBars`: the filter remembers about a
 * window, and a spread that comes back faster than that is not explained away.
 */
export class KalmanLine {
  readonly #options: Pick<CheckedOptions, "windowBars" | "estimationBars">;
  #seed: RollingPair;
  #seedSum = 0;
  #rows = 0;
  #filter: KalmanRegression | null = null;
  /** The filter sees x from here, so that slope and intercept begin unrelated. */
  #centre = 0;
  #noFilter = false;

  constructor(options: Pick<CheckedOptions, "windowBars" | "estimationBars">) {
    this.#options = options;
    this.#seed = new RollingPair(options.estimationBars);
  }

  /** Takes the next row. */
  push(x: number, y: number): void {
    if (this.#filter !== null) return this.#filter.push(y, x - this.#centre);
    if (this.#noFilter) return;
    this.#seed.push(x, y);
    this.#seedSum += x;
    if (++this.#rows === this.#options.estimationBars) this.#begin();
  }

  /** The line after the rows so far, or `null` while there is none. */
  fit(fromRow: number): Fit | null {
    if (this.#filter === null) return null;
    const { slope, intercept, slopeVariance } = this.#filter;
    return {
      hedgeRatio: slope,
      intercept: intercept - slope * this.#centre,
      error: Math.sqrt(slopeVariance),
      fromRow,
    };
  }

  /** Why there is no line. */
  get reason(): string {
    return this.#noFilter
      ? "hedge ratio: the first bars show no scatter to begin a filter with"
      : `warming up: ${this.#rows} of ${this.#options.estimationBars} bars`;
  }

  /** One that goes on from here on its own. */
  copy(): KalmanLine {
    const copy = new KalmanLine(this.#options);
    copy.#seed = RollingPair.restore(this.#seed.state());
    copy.#seedSum = this.#seedSum;
    copy.#rows = this.#rows;
    copy.#filter = this.#filter === null ? null : KalmanRegression.restore(this.#filter.state());
    copy.#centre = this.#centre;
    copy.#noFilter = this.#noFilter;
    return copy;
  }

  #begin(): void {
    const { windowBars, estimationBars } = this.#options;
    const { slope, intercept, slopeError, residualDeviation, count } = this.#seed;
    if (
      slope === null || intercept === null || !slopeError || !residualDeviation ||
      count < estimationBars
    ) {
      this.#noFilter = true;
      return;
    }
    this.#centre = this.#seedSum / estimationBars;
    this.#filter = new KalmanRegression({
      observationVariance: residualDeviation ** 2,
      stateCovariance: {
        slope: slopeError ** 2 * estimationBars / windowBars ** 2,
        intercept: (residualDeviation / windowBars) ** 2,
      },
      initialState: { slope, intercept: intercept + slope * this.#centre },
      initialCovariance: {
        slope: slopeError ** 2,
        intercept: residualDeviation ** 2 / estimationBars,
      },
      centre: false,
    });
  }
}
