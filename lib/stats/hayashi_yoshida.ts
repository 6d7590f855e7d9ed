import { cosine } from "./orthogonal.ts";
import { lastPerTime, type TickSeries } from "./ticks.ts";

export type { TickSeries } from "./ticks.ts";

/** Covariance of two series that tick at different times. */
export interface HayashiYoshidaResult {
  /** Sum of the products of overlapping changes, over the whole span. */
  readonly covariance: number;
  /** Covariance over the root of both realised variances, or `null`; can leave [-1, 1]. */
  readonly correlation: number | null;
  /** Pairs of overlapping intervals. */
  readonly overlaps: number;
  /** Sum of the squared changes of x. */
  readonly varianceX: number;
  /** Sum of the squared changes of y. */
  readonly varianceY: number;
  /** Ticks of x used, one per time. */
  readonly nobsX: number;
  /** Ticks of y used, one per time. */
  readonly nobsY: number;
  /** Why there is no correlation, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the covariance of two series from raw ticks, without a common clock (Hayashi and
 * Yoshida, 2005).
 *
 * `sum dX(i) dY(j)` over all pairs of intervals (t(i - 1), t(i)] and (s(j - 1), s(j)] that overlap;
 * intervals that only touch do not. Sampling both on a grid instead pulls the correlation
 * towards 0 the finer the grid (Epps, 1979). In small samples the correlation can leave [-1, 1]: it is not
 * clipped. Bounce between bid and ask raises the variances and so lowers the correlation: use
 * mid-quotes or every k-th tick. O(n + m).
 *
 * @example Two series that never tick together
 * ```ts
 * import { hayashiYoshida } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const { covariance, overlaps } = hayashiYoshida(
 *   { times: [0, 2, 4], values: [0, 1, 3] },
 *   { times: [1, 3, 5], values: [0, 1, 3] },
 * );
 * strictEqual(overlaps, 3);
 * ok(covariance === 1 * 1 + 2 * 1 + 2 * 2);
 * ```
 *
 * @param x Ticks of the first series, for example log prices of trades.
 * @param y Ticks of the second, in the same unit of time.
 * @returns The covariance, 0 without an overlap; the correlation is `null`, with a reason, for fewer
 *   than two ticks or a series that never moves.
 * @throws {RangeError} If times decrease or lengths differ.
 */
export function hayashiYoshida(x: TickSeries, y: TickSeries): HayashiYoshidaResult {
  return resultOf(lastPerTime(x), lastPerTime(y), 0);
}

/** Correlations at several shifts of one clock. */
export interface LaggedHayashiYoshida {
  /** The shifts, in the unit of time. */
  readonly lags: readonly number[];
  /** Correlation at each shift, or `null`. */
  readonly correlations: readonly (number | null)[];
  /** The shift of the largest absolute correlation, > 0 where x leads; or `null`. */
  readonly bestLag: number | null;
}

/**
 * Returns the Hayashi-Yoshida correlation with the clock of y moved back by each lag.
 *
 * A peak at a lag above 0 says that y follows x by that time (Hoffmann, Rosenbaum and Yoshida, 2013).
 * O(n + m) per lag.
 *
 * @example y repeats x two units later
 * ```ts
 * import { laggedHayashiYoshida } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const x = { times: [0, 3, 6, 9, 12], values: [0, 1, 3, 2, 5] };
 * const y = { times: [2, 5, 8, 11, 14], values: x.values };
 * strictEqual(laggedHayashiYoshida(x, y, [-2, 0, 2]).bestLag, 2);
 * ```
 *
 * @param x Ticks of the first series.
 * @param y Ticks of the second, in the same unit of time.
 * @param lags Shifts in the unit of time, > 0 where x is meant to lead.
 * @returns One correlation per lag.
 * @throws {RangeError} If times decrease or lengths differ.
 */
export function laggedHayashiYoshida(
  x: TickSeries,
  y: TickSeries,
  lags: readonly number[],
): LaggedHayashiYoshida {
  const ticksX = lastPerTime(x);
  const ticksY = lastPerTime(y);
  const correlations = lags.map((lag) => resultOf(ticksX, ticksY, lag).correlation);
  let bestLag: number | null = null;
  let size = -1;
  correlations.forEach((correlation, i) => {
    if (correlation !== null && Math.abs(correlation) > size) {
      size = Math.abs(correlation);
      bestLag = lags[i]!;
    }
  });
  return { lags, correlations, bestLag };
}

interface Ticks {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

function resultOf(x: Ticks, y: Ticks, lag: number): HayashiYoshidaResult {
  const { covariance, overlaps } = sweep(x, y, lag);
  const varianceX = sumOfSquares(x.values);
  const varianceY = sumOfSquares(y.values);
  const nobsX = x.times.length;
  const nobsY = y.times.length;
  const reason = nobsX < 2 || nobsY < 2
    ? `too few ticks: ${Math.min(nobsX, nobsY)} of 2`
    : varianceX === 0 || varianceY === 0
    ? "a series never moves"
    : null;
  const correlation = cosine(covariance, varianceX, varianceY);
  return { covariance, correlation, overlaps, varianceX, varianceY, nobsX, nobsY, reason };
}

/** Each x interval times the change of y from its last tick before to its first tick after. */
function sweep(x: Ticks, y: Ticks, lag: number): { covariance: number; overlaps: number } {
  const last = y.times.length - 1;
  let covariance = 0;
  let overlaps = 0;
  let first = 0;
  let end = 0;
  for (let i = 1; i < x.times.length; i++) {
    while (first < last && y.times[first + 1]! - lag <= x.times[i - 1]!) first++;
    while (end < last && y.times[end]! - lag < x.times[i]!) end++;
    if (end <= first) continue;
    covariance += (x.values[i]! - x.values[i - 1]!) * (y.values[end]! - y.values[first]!);
    overlaps += end - first;
  }
  return { covariance, overlaps };
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let t = 1; t < values.length; t++) sum += (values[t]! - values[t - 1]!) ** 2;
  return sum;
}
