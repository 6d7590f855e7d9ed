import { fitLine } from "./line_fit.ts";

/** How to measure. */
export interface HalfLifeOptions {
  /** Whether the level it reverts to is estimated; otherwise it is 0. @default {true} */
  readonly intercept?: boolean;
  /** Length of a step in the unit of time of `speed` and `sigma`. @default {1} */
  readonly step?: number;
}

/** Mean reversion of a series as a discrete Ornstein-Uhlenbeck process. */
export interface HalfLifeResult {
  /** Slope of the change on the level. */
  readonly lambda: number | null;
  /** 1 + lambda: what is left of a deviation after one step. */
  readonly phi: number | null;
  /** Standard error of both. */
  readonly error: number | null;
  /** lambda / error; its table is MacKinnon's, not Student's. */
  readonly t: number | null;
  /** Steps until half of a deviation is gone, -ln 2 / ln phi; Infinity where lambda >= 0. */
  readonly bars: number | null;
  /** Standard error of `bars`. */
  readonly barsError: number | null;
  /** The approximation -ln 2 / lambda (Chan); Infinity where lambda >= 0. */
  readonly chanBars: number | null;
  /** Whether `bars` is finite and at most a fifth of the observations: longer ones cannot be told. */
  readonly resolved: boolean;
  /** Speed of reversion, -ln phi / step. */
  readonly speed: number | null;
  /** Level it reverts to. */
  readonly mean: number | null;
  /** Diffusion per root of a unit of time. */
  readonly sigma: number | null;
  /** Standard deviation about the mean in the long run. */
  readonly deviation: number | null;
  /** Last value less mean, in long-run deviations. */
  readonly score: number | null;
  /** Changes used. */
  readonly nobs: number;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/**
 * Returns the half-life of a mean-reverting series, in steps.
 *
 * Regresses the change on the level, ds = a + lambda s, and answers -ln 2 / ln(1 + lambda), exact
 * for a sampled Ornstein-Uhlenbeck process; its standard error is ln 2 / (phi ln^2 phi) se(phi).
 * The estimate is biased downwards: a pure random walk of 250 values reports 45 steps. Never show
 * it without a unit-root test, and nothing beyond a fifth of the series (`resolved`). O(n).
 *
 * @example A series that halves every step
 * ```ts
 * import { halfLife } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * ok(Math.abs(halfLife([16, 8, 4, 2, 1]).bars! - 1) < 1e-12);
 * strictEqual(halfLife([1, 2, 4, 8, 16]).bars, Infinity);
 * strictEqual(halfLife([3, 3, 3, 3]).reason, "the series is constant");
 * ```
 *
 * @param series The series, oldest first, without gaps.
 * @param options Intercept and step.
 * @returns The half-life and the process behind it.
 * @throws {RangeError} If `step` is not > 0.
 */
export function halfLife(
  series: ArrayLike<number>,
  options: HalfLifeOptions = {},
): HalfLifeResult {
  const { intercept: withIntercept = true, step = 1 } = options;
  if (!(step > 0 && step < Infinity)) {
    throw new RangeError(
      `Cannot measure a half-life as "step" must be > 0: current value is ${step}`,
    );
  }
  const s = new Float64Array(series);
  const nobs = Math.max(0, s.length - 1);
  const missing = s.reduce((count, v) => count + Number(!Number.isFinite(v)), 0);
  if (missing > 0) {
    return absent(
      nobs,
      `${missing} of ${s.length} values are missing: lags need an unbroken series`,
    );
  }
  if (nobs < 3) return absent(nobs, `too few values: ${s.length} of 4`);
  const levels = s.subarray(0, nobs);
  const changes = new Float64Array(nobs);
  for (let t = 0; t < nobs; t++) changes[t] = s[t + 1]! - s[t]!;
  const fit = fitLine(changes, levels, withIntercept);
  if (typeof fit === "string") {
    return absent(nobs, fit === "x does not vary" ? "the series is constant" : fit);
  }
  const lambda = fit.slope;
  const phi = 1 + lambda;
  const variance = fit.squaresLeft / (nobs - (withIntercept ? 2 : 1));
  const error = Math.sqrt(variance / fit.squaresX);
  const estimate = {
    ...absent(nobs, null),
    lambda,
    phi,
    error,
    t: error > 0 ? lambda / error : null,
  };
  if (lambda >= 0) {
    return {
      ...estimate,
      bars: Infinity,
      chanBars: Infinity,
      reason: "the series does not revert",
    };
  }
  const chanBars = -Math.LN2 / lambda;
  if (phi <= 0) return { ...estimate, chanBars, reason: "the series overshoots at every step" };
  const decay = -Math.log1p(lambda);
  const bars = Math.LN2 / decay;
  const mean = withIntercept ? fit.intercept / -lambda : 0;
  const kept = -lambda * (1 + phi);
  const deviation = Math.sqrt(variance / kept);
  return {
    ...estimate,
    bars,
    barsError: Math.LN2 / (phi * decay * decay) * error,
    chanBars,
    resolved: bars <= nobs / 5,
    speed: decay / step,
    mean,
    sigma: Math.sqrt(variance * 2 * (decay / step) / kept),
    deviation,
    score: deviation > 0 ? (s[nobs]! - mean) / deviation : null,
    reason: null,
  };
}

function absent(nobs: number, reason: string | null): HalfLifeResult {
  return {
    lambda: null,
    phi: null,
    error: null,
    t: null,
    bars: null,
    barsError: null,
    chanBars: null,
    resolved: false,
    speed: null,
    mean: null,
    sigma: null,
    deviation: null,
    score: null,
    nobs,
    reason,
  };
}
