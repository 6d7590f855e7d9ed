import { finite } from "./absent.ts";
import type { EwmaOptions } from "./ewma.ts";
import { EwmaPair } from "./ewma_pair.ts";
import { RollingZScore, type ZScoreOptions } from "./rolling_z_score.ts";

/** Scores of a series, and the mean and deviation of the window that ends at each row. */
export interface ZScores {
  /** Mean of the window. */
  readonly mean: (number | null)[];
  /** Exactly 0 where the window is flat. */
  readonly deviation: (number | null)[];
  /** (value - mean) / deviation; `null` where the deviation is 0 or anything is missing. */
  readonly z: (number | null)[];
}

/**
 * Returns how far each value lies from the mean of a window, in its standard deviations.
 *
 * z_t = (s_t - mean) / deviation, by default of the `window` rows before t, so that no score sees
 * its own row. A flat window has no score. `RollingZScore` over a series; O(n).
 *
 * @example The third value against the two before it
 * ```ts
 * import { zScores } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(zScores([1, 3, 4, 4, 4], { window: 2, ddof: 0 }).z, [null, null, 2, 1, null]);
 * ```
 *
 * @param values The series, oldest first; NaN is missing.
 * @param options Window, degrees of freedom and lag.
 * @returns One entry per row; `mean` and `deviation` are those of the window the score used.
 * @throws {RangeError} If `window` is not a whole number >= 1.
 */
export function zScores(values: ArrayLike<number>, options: ZScoreOptions): ZScores {
  const score = new RollingZScore(options);
  const numbers = new Float64Array(3);
  const rows = values.length;
  const z = new Array<number | null>(rows);
  const mean = new Array<number | null>(rows);
  const deviation = new Array<number | null>(rows);
  for (let t = 0; t < rows; t++) {
    score.push(values[t]!);
    score.read(numbers);
    z[t] = finite(numbers[0]!);
    mean[t] = finite(numbers[1]!);
    deviation[t] = finite(numbers[2]!);
  }
  return { mean, deviation, z };
}

/**
 * Returns how far each value lies from an exponentially weighted mean.
 *
 * The weights are those of pandas `ewm(alpha, adjust)`, the deviation corrected for them unless
 * `bias` is set.
 *
 * @example The third value against the two before it
 * ```ts
 * import { ewmaScores } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { mean, z } = ewmaScores([0, 3, 3], { alpha: 0.5, lag: 1 });
 * strictEqual(mean[2], 2);
 * strictEqual(Math.round(z[2]! * 1e4) / 1e4, 0.4714);
 * ```
 *
 * @param values The series, oldest first; NaN is missing.
 * @param options Weights, bias (default false) and lag (default 1, as for `zScores()`).
 * @returns One entry per row; `mean` and `deviation` are those the score used.
 * @throws {RangeError} If `alpha` is not in (0, 1].
 */
export function ewmaScores(
  values: ArrayLike<number>,
  options: EwmaOptions & { readonly bias?: boolean; readonly lag?: 0 | 1 },
): ZScores {
  const { bias = false, lag = 1 } = options;
  const weighted = new EwmaPair(options);
  const scores: ZScores = { mean: [], deviation: [], z: [] };
  for (let t = 0; t < values.length; t++) {
    if (lag === 0) weighted.push(values[t]!, values[t]!);
    record(scores, values[t]!, weighted.meanX, weighted.deviationX(bias));
    if (lag === 1) weighted.push(values[t]!, values[t]!);
  }
  return scores;
}

/** The mean of the window and lines a number of deviations above and below it. */
export interface BollingerBands {
  /** The mean. */
  readonly middle: (number | null)[];
  /** The mean and `width` deviations. */
  readonly upper: (number | null)[];
  /** The mean less `width` deviations. */
  readonly lower: (number | null)[];
}

/**
 * Returns the mean of the last `window` values and the lines `width` deviations off it.
 *
 * @example Two values
 * ```ts
 * import { bollingerBands } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bands = bollingerBands([1, 3], { window: 2, width: 2, ddof: 0 });
 * deepStrictEqual(bands, { middle: [null, 2], upper: [null, 4], lower: [null, 0] });
 * ```
 *
 * @param values The series, oldest first; NaN is missing.
 * @param options Window, width in deviations (default 2), degrees of freedom (default 1).
 * @returns One entry per row; the window holds the row.
 * @throws {RangeError} If `window` is not a whole number >= 1.
 */
export function bollingerBands(
  values: ArrayLike<number>,
  options: { readonly window: number; readonly width?: number; readonly ddof?: number },
): BollingerBands {
  const { window, width = 2, ddof = 1 } = options;
  const { mean, deviation } = zScores(values, { window, ddof, lag: 0 });
  const line = (k: number) =>
    mean.map((m, t) => m === null || deviation[t] == null ? null : m + k * deviation[t]);
  return { middle: line(0), upper: line(width), lower: line(-width) };
}

function record(
  scores: ZScores,
  value: number,
  mean: number | null,
  deviation: number | null,
): void {
  scores.mean.push(mean);
  scores.deviation.push(deviation);
  const z = mean === null || deviation === null ? NaN : (value - mean) / deviation;
  scores.z.push(Number.isFinite(z) ? z : null);
}
