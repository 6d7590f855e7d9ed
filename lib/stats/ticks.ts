import { cosine } from "./orthogonal.ts";

/** Values at irregular times, oldest first; at one time the last value counts. */
export interface TickSeries {
  /** Times in any one unit, for example ms; never decreasing. */
  readonly times: ArrayLike<number>;
  /** A value per time, for example log prices. */
  readonly values: ArrayLike<number>;
}

/** One tick per time: the last of those at the same time, missing values left out. */
export function lastPerTime(ticks: TickSeries): { times: Float64Array; values: Float64Array } {
  const n = ticks.times.length;
  if (ticks.values.length !== n) {
    throw new RangeError(
      `Cannot use ticks as "times" and "values" must have one length: current values are ${n} and ${ticks.values.length}`,
    );
  }
  const times = new Float64Array(n);
  const values = new Float64Array(n);
  let count = 0;
  for (let t = 0; t < n; t++) {
    const time = ticks.times[t]!;
    if (!Number.isFinite(time) || (count > 0 && time < times[count - 1]!)) {
      throw new RangeError(
        `Cannot use ticks as "times" must not decrease: current value is ${time} at ${t}`,
      );
    }
    if (!Number.isFinite(ticks.values[t])) continue;
    if (count > 0 && times[count - 1] === time) count--;
    times[count] = time;
    values[count++] = ticks.values[t]!;
  }
  return { times: times.subarray(0, count), values: values.subarray(0, count) };
}

/** Correlation of the changes of two sampled paths, about 0 (realised) and about their means. */
export function correlationOfChanges(
  x: readonly number[],
  y: readonly number[],
): { nobs: number; realised: number | null; pearson: number | null } {
  const n = Math.max(x.length - 1, 0);
  const meanX = n === 0 ? 0 : (x[n]! - x[0]!) / n;
  const meanY = n === 0 ? 0 : (y[n]! - y[0]!) / n;
  return {
    nobs: n,
    realised: changeCorrelation(x, y, 0, 0),
    pearson: n < 3 ? null : changeCorrelation(x, y, meanX, meanY),
  };
}

function changeCorrelation(
  x: readonly number[],
  y: readonly number[],
  meanX: number,
  meanY: number,
): number | null {
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let t = 1; t < x.length; t++) {
    const dx = x[t]! - x[t - 1]! - meanX;
    const dy = y[t]! - y[t - 1]! - meanY;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  return cosine(sxy, sxx, syy);
}
