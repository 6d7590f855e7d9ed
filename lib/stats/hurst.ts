import { countMissing } from "./detrend.ts";
import { isConstant } from "./complete_rows.ts";

/** Which estimator of the Hurst exponent; its name belongs beside the number. */
export type HurstEstimator = "ghe1" | "ghe2" | "diff" | "rs" | "rs-corrected" | "dfa1";

/** How to estimate the Hurst exponent. */
export interface HurstOptions {
  /** Which estimator. @default {"ghe2"} */
  readonly estimator?: HurstEstimator;
  /**
   * Smallest and largest lag in bars, for `ghe1`, `ghe2` (1 to 19) and `diff` (2 to 99, at most a
   * quarter of the values).
   */
  readonly lags?: readonly [number, number];
  /** Block sizes in increments, for `rs` and `dfa1`. @default {8, 16, … 256, at most half} */
  readonly sizes?: readonly number[];
  /** Fewest values to answer for. @default {100} */
  readonly minPoints?: number;
}

/** An estimate of the Hurst exponent. */
export interface HurstResult {
  /** 0.5 for a random walk, below for reversion, above for trends; or `null`. */
  readonly exponent: number | null;
  /**
   * Deviation of the `ghe2` estimate of a random walk of this length, about 0.93 / sqrt(n); `null`
   * for other estimators and lags.
   */
  readonly randomWalkDeviation: number | null;
  /** Which estimator. */
  readonly estimator: HurstEstimator;
  /** Scales in the regression. */
  readonly scales: number;
  /** Values given. */
  readonly nobs: number;
  /** Why there is no estimate, or `null` if there is one. */
  readonly reason: string | null;
}

const GHE_LAGS = [1, 19] as const;
const BLOCK_SIZES = [8, 16, 32, 64, 128, 256] as const;

/**
 * Returns an estimate of the Hurst exponent of a level: how fast its range grows with time.
 *
 * The slope of a line through (ln scale, ln size), where the size is
 *
 * - `ghe1`, `ghe2`: mean |x(t + l) - x(t)|^q, slope / q (generalized exponent, Di Matteo, 2007);
 * - `diff`: deviation of x(t + l) - x(t) (Chan, Algorithmic Trading, 2013);
 * - `rs`: mean range over deviation of blocks of increments (Hurst, 1951); `rs-corrected` subtracts the
 *   slope expected of independent increments (Anis and Lloyd, 1976) and adds 0.5;
 * - `dfa1`: root mean square of blocks of summed increments about their lines (Peng et al., 1994).
 *
 * They disagree: on a random walk of 500 values `diff` averages 0.44 and `rs` 0.58, `ghe2` and
 * `rs-corrected` 0.50. Prefer `ghe2`, with its deviation.
 *
 * @example A line has exponent 1
 * ```ts
 * import { hurst } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const { exponent } = hurst(Array.from({ length: 100 }, (_, t) => 2 * t));
 * ok(Math.abs(exponent! - 1) < 1e-12);
 * ```
 *
 * @param values The level (log price or spread), oldest first.
 * @param options Estimator and scales.
 * @returns The estimate, or a `null` exponent and a reason: a missing value, too few values, a
 *   constant series, or fewer than two scales.
 * @throws {RangeError} If a lag or size is not a whole number in range.
 */
export function hurst(values: ArrayLike<number>, options: HurstOptions = {}): HurstResult {
  const { estimator = "ghe2", minPoints = 100 } = options;
  const nobs = values.length;
  const common = { estimator, nobs };
  const none = (reason: string, scales = 0) => ({
    exponent: null,
    randomWalkDeviation: null,
    scales,
    ...common,
    reason,
  });
  const missing = countMissing(values);
  if (missing > 0) return none(`${missing} of ${nobs} values are missing`);
  if (nobs < minPoints) return none(`too few values: ${nobs} of ${minPoints}`);
  if (isConstant(values)) return none("the series is constant");
  const points = pointsOf(values, estimator, options).filter(([, size]) => size > 0);
  if (points.length < 2) return none(`too few scales: ${points.length} of 2`, points.length);
  const slope = logLogSlope(points);
  const expected = estimator === "rs-corrected"
    ? logLogSlope(points.map(([scale]) => [scale, anisLloyd(scale)])) - 0.5
    : 0;
  return {
    exponent: slope / (estimator === "ghe2" ? 2 : 1) - expected,
    randomWalkDeviation: estimator === "ghe2" && options.lags === undefined
      ? 0.93 / Math.sqrt(nobs)
      : null,
    scales: points.length,
    ...common,
    reason: null,
  };
}

type Point = readonly [scale: number, size: number];

function pointsOf(
  values: ArrayLike<number>,
  estimator: HurstEstimator,
  options: HurstOptions,
): Point[] {
  const n = values.length;
  if (estimator === "ghe1" || estimator === "ghe2") {
    const size = estimator === "ghe1" ? meanAbsolute : meanSquare;
    const longest = Math.min(GHE_LAGS[1], n - 1);
    return overLags(values, options.lags ?? [GHE_LAGS[0], longest], size);
  }
  if (estimator === "diff") {
    return overLags(values, options.lags ?? [2, Math.min(99, Math.floor(n / 4) - 1)], deviation);
  }
  const increments = Float64Array.from({ length: n - 1 }, (_, t) => values[t + 1]! - values[t]!);
  const sizes = options.sizes ?? BLOCK_SIZES.filter((size) => size <= increments.length / 2);
  const size = estimator === "dfa1" ? fluctuation : rescaledRange;
  return sizes.map((scale) => {
    if (!(Number.isInteger(scale) && scale >= 4)) {
      throw new RangeError(
        `Cannot cut blocks as "sizes" must be whole numbers >= 4: current value is ${scale}`,
      );
    }
    return [scale, size(increments, scale)] as const;
  });
}

function overLags(
  values: ArrayLike<number>,
  [first, last]: readonly [number, number],
  size: (changes: Float64Array) => number,
): Point[] {
  if (!(Number.isInteger(first) && Number.isInteger(last) && first >= 1)) {
    throw new RangeError(
      `Cannot take differences as "lags" must be whole numbers >= 1: current values are ${first} and ${last}`,
    );
  }
  const points: Point[] = [];
  for (let lag = first; lag <= Math.min(last, values.length - 2); lag++) {
    const changes = Float64Array.from(
      { length: values.length - lag },
      (_, t) => values[t + lag]! - values[t]!,
    );
    points.push([lag, size(changes)]);
  }
  return points;
}

function meanAbsolute(changes: Float64Array): number {
  return changes.reduce((sum, change) => sum + Math.abs(change), 0) / changes.length;
}

function meanSquare(changes: Float64Array): number {
  return changes.reduce((sum, change) => sum + change * change, 0) / changes.length;
}

function deviation(changes: Float64Array): number {
  if (isConstant(changes)) return 0;
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return Math.sqrt(meanSquare(changes.map((change) => change - mean)));
}

/** Mean over the full blocks of (range of the summed deviations) / deviation. */
function rescaledRange(increments: Float64Array, size: number): number {
  let total = 0;
  let blocks = 0;
  for (let start = 0; start + size <= increments.length; start += size) {
    const block = increments.subarray(start, start + size);
    const scale = deviation(block);
    if (scale === 0) continue;
    const path = cumulated(block);
    total += (path.reduce((a, b) => Math.max(a, b)) - path.reduce((a, b) => Math.min(a, b))) /
      scale;
    blocks++;
  }
  return blocks === 0 ? 0 : total / blocks;
}

/** Sums of a series less its mean. */
function cumulated(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let sum = 0;
  return values.map((value) => sum += value - mean);
}

/** Root mean square of the path of all increments about the line of each full block. */
function fluctuation(increments: Float64Array, size: number): number {
  const path = cumulated(increments);
  const middle = (size - 1) / 2;
  const sxx = size * (size * size - 1) / 12;
  let squares = 0;
  let rows = 0;
  for (let start = 0; start + size <= path.length; start += size) {
    const block = path.subarray(start, start + size);
    const mean = block.reduce((sum, value) => sum + value, 0) / size;
    const slope = block.reduce((sum, value, t) => sum + (t - middle) * (value - mean), 0) / sxx;
    block.forEach((value, t) => squares += (value - mean - slope * (t - middle)) ** 2);
    rows += size;
  }
  return Math.sqrt(squares / rows);
}

/** Expected rescaled range of n independent normal increments. */
function anisLloyd(n: number): number {
  // gamma((n - 1) / 2) / (sqrt(pi) gamma(n / 2)), by its recurrence over n + 2
  let ratio = n % 2 === 0 ? 1 : 2 / Math.PI;
  for (let k = n % 2 === 0 ? 2 : 3; k < n; k += 2) ratio *= (k - 1) / k;
  let sum = 0;
  for (let i = 1; i < n; i++) sum += Math.sqrt((n - i) / i);
  return ratio * sum;
}

function logLogSlope(points: readonly Point[]): number {
  const logs = points.map(([scale, size]) => [Math.log(scale), Math.log(size)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  let sxy = 0;
  let sxx = 0;
  for (const [x, y] of logs) {
    sxy += (x - meanX) * (y - meanY);
    sxx += (x - meanX) ** 2;
  }
  return sxy / sxx;
}
