import { correlationOfChanges, lastPerTime, type TickSeries } from "./ticks.ts";

/** Correlation of two tick series after sampling them at common times. */
export interface SampledCorrelation {
  /** Correlation of the changes about 0, or `null` if a series never moves. */
  readonly realised: number | null;
  /** Correlation of the changes about their means; `null` also for two changes, where it is 1 or -1. */
  readonly pearson: number | null;
  /** Changes used. */
  readonly nobs: number;
}

/**
 * Returns the correlation of the last values on a regular grid (previous-tick sampling).
 *
 * The grid is every multiple of `width` at which both series have begun and neither has ended. The
 * finer the grid, the closer to 0 (Epps, 1979): shown beside `hayashiYoshida()`, it tells how much of a
 * low correlation is only the sampling.
 *
 * @example A grid that sees both moves
 * ```ts
 * import { previousTickCorrelation } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const x = { times: [0, 10, 20], values: [0, 1, 0] };
 * const y = { times: [0, 9, 20], values: [0, 2, 0] };
 * deepStrictEqual(previousTickCorrelation(x, y, 10), { nobs: 2, realised: 1, pearson: null });
 * ```
 *
 * @param x Ticks of the first series, for example log prices of trades.
 * @param y Ticks of the second, in the same unit of time.
 * @param width Distance of the grid in the unit of time; > 0.
 * @returns The correlation of the changes from grid point to grid point.
 * @throws {RangeError} If times decrease, lengths differ, or `width` is not greater than 0.
 */
export function previousTickCorrelation(
  x: TickSeries,
  y: TickSeries,
  width: number,
): SampledCorrelation {
  if (!(width > 0 && width < Infinity)) {
    throw new RangeError(`Cannot sample ticks as "width" must be > 0: current value is ${width}`);
  }
  const sampler = new Sampler(x, y);
  for (let k = Math.ceil(sampler.begin / width); k * width <= sampler.end; k++) {
    sampler.take(k * width);
  }
  return sampler.correlation();
}

/**
 * Returns the correlation of the values at refresh times: whenever both series have ticked again
 * (Barndorff-Nielsen, Hansen, Lunde and Shephard, 2011).
 *
 * A second opinion beside `hayashiYoshida()`: its values are at most one interval old, so it is
 * biased towards 0 less than a fine grid, but still biased.
 *
 * @example Refreshed twice
 * ```ts
 * import { refreshTimeCorrelation } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const x = { times: [0, 1, 2, 5], values: [0, 1, 2, 0] };
 * const y = { times: [0, 2, 4, 5], values: [0, 1, 3, 0] };
 * strictEqual(refreshTimeCorrelation(x, y).nobs, 2);
 * ```
 *
 * @param x Ticks of the first series, for example log prices of trades.
 * @param y Ticks of the second, in the same unit of time.
 * @returns The correlation of the changes from refresh time to refresh time.
 * @throws {RangeError} If times decrease or lengths differ.
 */
export function refreshTimeCorrelation(x: TickSeries, y: TickSeries): SampledCorrelation {
  const sampler = new Sampler(x, y);
  for (let time = sampler.begin; time < Infinity; time = sampler.refreshed()) {
    sampler.take(time);
  }
  return sampler.correlation();
}

/** Walks two tick series forwards and keeps their last values at the times asked for. */
class Sampler {
  readonly #x: { times: Float64Array; values: Float64Array };
  readonly #y: { times: Float64Array; values: Float64Array };
  /** The first time at which both have begun, or Infinity. */
  readonly begin: number;
  /** The last time at which neither has ended, or -Infinity. */
  readonly end: number;
  readonly #sampledX: number[] = [];
  readonly #sampledY: number[] = [];
  #placeX = 0;
  #placeY = 0;

  constructor(x: TickSeries, y: TickSeries) {
    this.#x = lastPerTime(x);
    this.#y = lastPerTime(y);
    this.begin = Math.max(this.#x.times[0] ?? Infinity, this.#y.times[0] ?? Infinity);
    this.end = Math.min(this.#x.times.at(-1) ?? -Infinity, this.#y.times.at(-1) ?? -Infinity);
  }

  take(time: number): void {
    while (this.#x.times[this.#placeX + 1]! <= time) this.#placeX++;
    while (this.#y.times[this.#placeY + 1]! <= time) this.#placeY++;
    this.#sampledX.push(this.#x.values[this.#placeX]!);
    this.#sampledY.push(this.#y.values[this.#placeY]!);
  }

  /** When both have ticked again, or Infinity. */
  refreshed(): number {
    return Math.max(
      this.#x.times[this.#placeX + 1] ?? Infinity,
      this.#y.times[this.#placeY + 1] ?? Infinity,
    );
  }

  correlation(): SampledCorrelation {
    return correlationOfChanges(this.#sampledX, this.#sampledY);
  }
}
