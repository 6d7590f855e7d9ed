import { fitLine, type LineFit } from "./line_fit.ts";
import { hacErrors, whiteErrors } from "./robust_errors.ts";
import { studentTQuantile, studentTTwoSidedP } from "./student_t.ts";

/** How to fit. */
export interface OlsOptions {
  /** Whether the line may leave the origin. @default {true} */
  readonly intercept?: boolean;
  /**
   * Lags of the Newey-West errors.
   * @default {floor(4 (n / 100)^(2/9))}
   */
  readonly hacLags?: number;
}

/** How well a coefficient is known. */
export interface CoefficientStatistics {
  /** Classical standard error; means little when the residuals are autocorrelated. */
  readonly error: number;
  /** Coefficient / error. */
  readonly t: number;
  /** Two-sided p-value of `t`, Student with n - k degrees of freedom. */
  readonly p: number;
  /** 95 % confidence interval from the classical error. */
  readonly interval: readonly [number, number];
  /** Newey-West error: Bartlett weights, `hacLags` lags, no small-sample factor. */
  readonly hacError: number;
  /** White's error with the factor n / (n - k). */
  readonly hc1Error: number;
}

/** A least-squares line. Absent numbers are `null`, for a `reason`. */
export interface OlsResult {
  /** Rows used: those in which neither value is missing. */
  readonly nobs: number;
  /** Rows less coefficients. */
  readonly degreesOfFreedom: number;
  /** Units of y per unit of x. */
  readonly slope: number | null;
  /** 0 without intercept. */
  readonly intercept: number | null;
  /** `null` with no degree of freedom or a perfect fit. */
  readonly slopeStatistics: CoefficientStatistics | null;
  /** `null` also without intercept. */
  readonly interceptStatistics: CoefficientStatistics | null;
  /** 1 - SSR / SST; `null` for a constant y. About the mean, or about 0 without intercept. */
  readonly rSquared: number | null;
  /** What SST is about: the two kinds of R^2 cannot be compared. */
  readonly rSquaredAbout: "mean" | "zero";
  /** R^2 with SSR and SST per degree of freedom. */
  readonly rSquaredAdjusted: number | null;
  /** Sum of squared residuals. */
  readonly squaresLeft: number | null;
  /** SSR / (n - k). */
  readonly residualVariance: number | null;
  /** Gaussian log-likelihood; `null` for a perfect fit, like what follows from it. */
  readonly logLikelihood: number | null;
  /** -2 log-likelihood + 2 k. */
  readonly aic: number | null;
  /** -2 log-likelihood + k ln n. */
  readonly bic: number | null;
  /** Durbin-Watson statistic, in [0, 4]. */
  readonly durbinWatson: number | null;
  /** Lags of the Newey-West errors. */
  readonly hacLags: number;
  /** Residuals of the rows used, in order. */
  readonly residuals: Float64Array;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/**
 * Returns the least-squares line of y on x with its statistics.
 *
 * slope = Sxy / Sxx about the means, intercept = mean y - slope mean x. Rows in which a value is NaN
 * are dropped, an infinite value makes the result absent. Of trending prices the classical errors
 * are meaningless: look at `hacError`, and test with `engleGranger()`. O(n).
 *
 * @example A line with one missing row
 * ```ts
 * import { ols } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const fit = ols([1, NaN, 5, 7, 9.5], [0, 1, 2, 3, 4]);
 * strictEqual(fit.nobs, 4);
 * strictEqual(Math.round(fit.slope! * 1_000) / 1_000, 2.1);
 * strictEqual(ols([1, 2, 3], [5, 5, 5]).reason, "x does not vary");
 * ```
 *
 * @param y The dependent series; NaN is missing.
 * @param x The regressor, of the same length.
 * @param options Intercept and lags.
 * @returns The fit.
 * @throws {RangeError} If the lengths differ or `hacLags` is not a whole number >= 0.
 */
export function ols(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  options: OlsOptions = {},
): OlsResult {
  const withIntercept = options.intercept ?? true;
  const kept = presentRows(y, x);
  const rows = kept.y.length;
  const parameters = withIntercept ? 2 : 1;
  const hacLags = options.hacLags ?? Math.floor(4 * (rows / 100) ** (2 / 9));
  if (!(Number.isInteger(hacLags) && hacLags >= 0)) {
    throw new RangeError(
      `Cannot fit a line as "hacLags" must be a whole number >= 0: current value is ${hacLags}`,
    );
  }
  const fit = kept.infinite ? "a value is infinite" : fitLine(kept.y, kept.x, withIntercept);
  if (typeof fit === "string") return absent(rows, parameters, withIntercept, hacLags, fit);
  if (!(fit.squaresLeft < Infinity && fit.squaresY < Infinity)) {
    return absent(rows, parameters, withIntercept, hacLags, "the values are too large to square");
  }
  const free = rows - parameters;
  const known = free > 0 && !fit.isPerfect;
  const likelihood = known
    ? -rows / 2 * (Math.log(2 * Math.PI * fit.squaresLeft / rows) + 1)
    : null;
  const rSquared = fit.squaresY > 0 ? 1 - fit.squaresLeft / fit.squaresY : null;
  const statistics = known ? statisticsOf(fit, kept.x, withIntercept, hacLags) : null;
  return {
    nobs: rows,
    degreesOfFreedom: free,
    slope: fit.slope,
    intercept: fit.intercept,
    slopeStatistics: statistics?.slope ?? null,
    interceptStatistics: statistics?.intercept ?? null,
    rSquared,
    rSquaredAbout: withIntercept ? "mean" : "zero",
    rSquaredAdjusted: rSquared === null || free === 0
      ? null
      : 1 - (rows - Number(withIntercept)) / free * (1 - rSquared),
    squaresLeft: fit.squaresLeft,
    residualVariance: free > 0 ? fit.squaresLeft / free : null,
    logLikelihood: likelihood,
    aic: likelihood === null ? null : -2 * likelihood + 2 * parameters,
    bic: likelihood === null ? null : -2 * likelihood + parameters * Math.log(rows),
    durbinWatson: known ? durbinWatson(fit.residuals) : null,
    hacLags,
    residuals: fit.residuals,
    reason: known
      ? (rSquared === null ? "y does not vary" : null)
      : free > 0
      ? "the fit is perfect: nothing is left to judge it by"
      : "no degree of freedom is left",
  };
}

function presentRows(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
): { y: Float64Array; x: Float64Array; infinite: boolean } {
  if (y.length !== x.length) {
    throw new RangeError(
      `Cannot fit a line as "y" and "x" must have one length: current values are ${y.length} and ${x.length}`,
    );
  }
  const ys = new Float64Array(y.length);
  const xs = new Float64Array(y.length);
  let rows = 0;
  let infinite = false;
  for (let t = 0; t < y.length; t++) {
    const sum = y[t]! + x[t]!;
    if (Number.isNaN(y[t]!) || Number.isNaN(x[t]!)) continue;
    if (!Number.isFinite(sum)) infinite = true;
    ys[rows] = y[t]!;
    xs[rows++] = x[t]!;
  }
  return { y: ys.subarray(0, rows), x: xs.subarray(0, rows), infinite };
}

function statisticsOf(
  fit: LineFit,
  x: Float64Array,
  withIntercept: boolean,
  hacLags: number,
): { slope: CoefficientStatistics; intercept: CoefficientStatistics | null } {
  const free = fit.rows - (withIntercept ? 2 : 1);
  const variance = fit.squaresLeft / free;
  const hac = hacErrors(fit, x, withIntercept, hacLags);
  const white = whiteErrors(fit, x, withIntercept);
  const quantile = studentTQuantile(0.975, free);
  const describe = (
    value: number,
    error: number,
    hacError: number,
    hc1Error: number,
  ): CoefficientStatistics => ({
    error,
    t: value / error,
    p: studentTTwoSidedP(value / error, free),
    interval: [value - quantile * error, value + quantile * error],
    hacError,
    hc1Error,
  });
  const slopeError = Math.sqrt(variance / fit.squaresX);
  const slope = describe(fit.slope, slopeError, hac.slope, white.slope);
  if (!withIntercept) return { slope, intercept: null };
  const share = 1 / fit.rows + fit.meanX * fit.meanX / fit.squaresX;
  const error = Math.sqrt(variance * share);
  return { slope, intercept: describe(fit.intercept, error, hac.intercept, white.intercept) };
}

function durbinWatson(residuals: Float64Array): number {
  let changes = 0;
  let squares = residuals[0]! * residuals[0]!;
  for (let t = 1; t < residuals.length; t++) {
    changes += (residuals[t]! - residuals[t - 1]!) ** 2;
    squares += residuals[t]! * residuals[t]!;
  }
  return changes / squares;
}

function absent(
  rows: number,
  parameters: number,
  withIntercept: boolean,
  hacLags: number,
  reason: string,
): OlsResult {
  return {
    nobs: rows,
    degreesOfFreedom: rows - parameters,
    slope: null,
    intercept: null,
    slopeStatistics: null,
    interceptStatistics: null,
    rSquared: null,
    rSquaredAbout: withIntercept ? "mean" : "zero",
    rSquaredAdjusted: null,
    squaresLeft: null,
    residualVariance: null,
    logLikelihood: null,
    aic: null,
    bic: null,
    durbinWatson: null,
    hacLags,
    residuals: new Float64Array(0),
    reason,
  };
}
