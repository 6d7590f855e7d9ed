import { completeRows, isConstant } from "./complete_rows.ts";
import { medianInPlace, NORMAL_QUARTILE } from "./quantile.ts";
import { finite } from "./absent.ts";

/** A line fitted with bounded influence. */
export interface HuberResult {
  /** Change of y per unit of x, or `null`. */
  readonly slope: number | null;
  /** Value of y at x = 0, 0 for a line through the origin, or `null`. */
  readonly intercept: number | null;
  /** Standard error of the slope, or `null`: no degrees of freedom, or a perfect fit. */
  readonly slopeError: number | null;
  /** Standard error of the intercept, or `null`; also `null` for a line through the origin. */
  readonly interceptError: number | null;
  /** Scale of the residuals, `median |u| / 0.6745`, or `null`. */
  readonly scale: number | null;
  /** Weight of each used row, inside (0, 1]. */
  readonly weights: readonly number[];
  /** How many weights are below 1. */
  readonly downweighted: number;
  /** Rows used. */
  readonly nobs: number;
  /** Reweighted fits made. */
  readonly iterations: number;
  /** Whether the coefficients have settled, or the fit is perfect. */
  readonly converged: boolean;
  /** Why there is no line, or `null` if there is one. */
  readonly reason: string | null;
}

/** How to fit a line with bounded influence. */
export interface HuberOptions {
  /** Residuals beyond this many scales lose weight; > 0. @default {1.345} */
  readonly threshold?: number;
  /** Whether the line may miss the origin. @default {true} */
  readonly intercept?: boolean;
  /** Most reweighted fits to make. @default {500} */
  readonly maxIterations?: number;
}

/**
 * Returns Huber's M-estimate of a line, by iteratively reweighted least squares.
 *
 * Starts at OLS; each step takes the scale `s = median |u| / 0.6745` of the residuals (not
 * centred) and the weights `min(1, c s / |u|)`, until no coefficient changes by more than 1e-12 of
 * its size (of the level of y, for an intercept near 0). c = 1.345 has 95 % efficiency on normal errors (Huber, 1981). Errors are Huber's H1
 * covariance. A scale of 0 ends the steps with the current, perfect fit. Rows with a missing value
 * are dropped.
 *
 * @example An outlier pulls less
 * ```ts
 * import { huber } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const line = huber([0.1, 0.9, 2.1, 2.9, 4.1, 4.9, 6.1, 20], [0, 1, 2, 3, 4, 5, 6, 7]);
 * ok(Math.abs(line.slope! - 1) < 0.1 && line.weights.at(-1)! < 0.1);
 * ```
 *
 * @param y The dependent series, oldest first; `NaN` marks a missing value.
 * @param x The other series, of the same length.
 * @param options Threshold, intercept and limit of the steps.
 * @returns The line, or `null` fields and a reason: too few rows or constant x.
 * @throws {RangeError} If the lengths differ or `threshold` is not greater than 0.
 */
export function huber(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: HuberOptions = {},
): HuberResult {
  const { threshold = 1.345, intercept = true, maxIterations = 500 } = options;
  if (!(threshold > 0)) {
    throw new RangeError(
      `Cannot fit a line as "threshold" must be > 0: current value is ${threshold}`,
    );
  }
  const rows = completeRows(y, x);
  const nobs = rows.y.length;
  const parameters = intercept ? 2 : 1;
  if (nobs < parameters) return absent(nobs, `too few rows: ${nobs} of ${parameters}`);
  if (isConstant(rows.x) && (intercept || rows.x[0] === 0)) return absent(nobs, "x is constant");

  const weights = new Float64Array(nobs).fill(1);
  let line = weightedLine(rows.y, rows.x, weights, intercept);
  let scale = residualScale(rows.y, rows.x, line);
  let iterations = 0;
  let converged = scale === 0;
  const level = Math.abs(rows.y[0]!);
  while (!converged && iterations < maxIterations) {
    setWeights(weights, rows.y, rows.x, line, threshold * scale);
    const next = weightedLine(rows.y, rows.x, weights, intercept);
    converged = Math.abs(next.slope - line.slope) <= 1e-12 * Math.abs(line.slope) &&
      Math.abs(next.intercept - line.intercept) <= 1e-12 * (Math.abs(line.intercept) + level);
    line = next;
    scale = residualScale(rows.y, rows.x, line);
    iterations++;
    converged ||= scale === 0;
  }
  if (scale > 0) setWeights(weights, rows.y, rows.x, line, threshold * scale);
  const { slopeError, interceptError } = errorsOf(
    rows.y,
    rows.x,
    line,
    scale,
    threshold,
    intercept,
  );
  return {
    slope: line.slope,
    intercept: line.intercept,
    slopeError,
    interceptError,
    scale,
    weights: [...weights],
    downweighted: weights.reduce((count, weight) => weight < 1 ? count + 1 : count, 0),
    nobs,
    iterations,
    converged,
    reason: null,
  };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

function absent(nobs: number, reason: string): HuberResult {
  return {
    slope: null,
    intercept: null,
    slopeError: null,
    interceptError: null,
    scale: null,
    weights: [],
    downweighted: 0,
    nobs,
    iterations: 0,
    converged: false,
    reason,
  };
}

function weightedLine(
  y: Float64Array,
  x: Float64Array,
  weights: Float64Array,
  intercept: boolean,
): Line {
  const meanX = intercept ? weightedMean(x, weights) : 0;
  const meanY = intercept ? weightedMean(y, weights) : 0;
  let sxx = 0;
  let sxy = 0;
  for (let t = 0; t < y.length; t++) {
    const dx = x[t]! - meanX;
    sxx += weights[t]! * dx * dx;
    sxy += weights[t]! * dx * (y[t]! - meanY);
  }
  const slope = sxy / sxx;
  return { slope, intercept: intercept ? meanY - slope * meanX : 0 };
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  const origin = values[0]!;
  let sum = 0;
  let total = 0;
  for (let t = 0; t < values.length; t++) {
    sum += weights[t]! * (values[t]! - origin);
    total += weights[t]!;
  }
  return origin + sum / total;
}

function residualScale(y: Float64Array, x: Float64Array, line: Line): number {
  const sizes = y.map((value, t) => Math.abs(value - line.intercept - line.slope * x[t]!));
  return medianInPlace(sizes)! / NORMAL_QUARTILE;
}

function setWeights(
  weights: Float64Array,
  y: Float64Array,
  x: Float64Array,
  line: Line,
  limit: number,
): void {
  for (let t = 0; t < y.length; t++) {
    const size = Math.abs(y[t]! - line.intercept - line.slope * x[t]!);
    weights[t] = size <= limit ? 1 : limit / size;
  }
}

/** H1 of Huber (1981, ch. 7): k^2 s^2 [sum psi^2 / (n - p)] / [mean psi']^2 times (X'X)^-1. */
function errorsOf(
  y: Float64Array,
  x: Float64Array,
  line: Line,
  scale: number,
  threshold: number,
  intercept: boolean,
): { slopeError: number | null; interceptError: number | null } {
  const n = y.length;
  const parameters = intercept ? 2 : 1;
  let inside = 0;
  let squares = 0;
  for (let t = 0; t < n; t++) {
    const z = Math.abs(y[t]! - line.intercept - line.slope * x[t]!) / scale;
    if (z <= threshold) inside++;
    squares += Math.min(z, threshold) ** 2;
  }
  const share = inside / n;
  if (!(scale > 0) || n <= parameters || share === 0) {
    return { slopeError: null, interceptError: null };
  }
  const k = 1 + parameters / n * (1 - share) / share;
  const variance = (k * scale / share) ** 2 * squares / (n - parameters);
  const ones = new Float64Array(n).fill(1);
  const meanX = intercept ? weightedMean(x, ones) : 0;
  const sxx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  return {
    slopeError: finite(Math.sqrt(variance / sxx)),
    interceptError: intercept ? finite(Math.sqrt(variance * (1 / n + meanX ** 2 / sxx))) : null,
  };
}
