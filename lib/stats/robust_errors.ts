import type { LineFit } from "./line_fit.ts";

/** Standard errors of the two coefficients of a line. */
export interface LineErrors {
  readonly slope: number;
  /** 0 without intercept. */
  readonly intercept: number;
}

/**
 * Newey-West errors: Bartlett weights 1 - l / (lags + 1), no small-sample factor.
 *
 * @param fit The fitted line.
 * @param x Its regressor.
 * @param withIntercept Whether it has an intercept.
 * @param lags Number of lags; 0 gives White's errors.
 */
export function hacErrors(
  fit: LineFit,
  x: Float64Array,
  withIntercept: boolean,
  lags: number,
): LineErrors {
  return sandwich(fit, x, withIntercept, Math.min(lags, fit.rows - 1), 1);
}

/** White's errors with the factor n / (n - k), known as HC1. */
export function whiteErrors(fit: LineFit, x: Float64Array, withIntercept: boolean): LineErrors {
  const parameters = withIntercept ? 2 : 1;
  return sandwich(fit, x, withIntercept, 0, fit.rows / (fit.rows - parameters));
}

/** With x about its mean the bread is diagonal: n for the level, Sxx for the slope. */
function sandwich(
  fit: LineFit,
  x: Float64Array,
  withIntercept: boolean,
  lags: number,
  factor: number,
): LineErrors {
  const { rows, residuals, meanX, squaresX } = fit;
  let level = 0;
  let cross = 0;
  let slope = 0;
  for (let lag = 0; lag <= lags; lag++) {
    const weight = (lag === 0 ? 1 : 2) * (1 - lag / (lags + 1));
    let levels = 0;
    let crosses = 0;
    let slopes = 0;
    for (let t = lag; t < rows; t++) {
      const product = residuals[t]! * residuals[t - lag]!;
      const now = x[t]! - meanX;
      const then = x[t - lag]! - meanX;
      levels += product;
      crosses += product * (now + then) / 2;
      slopes += product * now * then;
    }
    level += weight * levels;
    cross += weight * crosses;
    slope += weight * slopes;
  }
  const slopeVariance = factor * slope / (squaresX * squaresX);
  const levelVariance = factor * level / (rows * rows);
  const covariance = factor * cross / (rows * squaresX);
  const intercept = levelVariance - 2 * meanX * covariance + meanX * meanX * slopeVariance;
  return {
    slope: Math.sqrt(Math.max(0, slopeVariance)),
    intercept: withIntercept ? Math.sqrt(Math.max(0, intercept)) : 0,
  };
}
