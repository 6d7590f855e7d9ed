import { isConstant } from "./complete_rows.ts";

/** A least-squares line through complete rows, with the sums that its statistics need. */
export interface LineFit {
  readonly rows: number;
  readonly slope: number;
  /** 0 for a line through the origin. */
  readonly intercept: number;
  /** Mean of x; 0 for a line through the origin. */
  readonly meanX: number;
  /** Sum of squares of x about its mean, or about 0. */
  readonly squaresX: number;
  /** Sum of squares of y about its mean, or about 0. */
  readonly squaresY: number;
  /** Sum of squared residuals. */
  readonly squaresLeft: number;
  readonly residuals: Float64Array;
  /** Whether nothing but rounding is left: errors and t-ratios mean nothing then. */
  readonly isPerfect: boolean;
}

/**
 * Fits y = intercept + slope x, or y = slope x, in two passes about the first row and the means.
 *
 * @param y Finite dependent values.
 * @param x Finite regressor, of the same length.
 * @param withIntercept Whether the line may leave the origin.
 * @returns The fit, or why there is none.
 */
export function fitLine(
  y: ArrayLike<number>,
  x: ArrayLike<number>,
  withIntercept: boolean,
): LineFit | string {
  const rows = y.length;
  const parameters = withIntercept ? 2 : 1;
  if (rows < parameters) return `too few observations: ${rows} of ${parameters}`;
  if (withIntercept ? isConstant(x) : isZero(x)) return "x does not vary";
  const originX = withIntercept ? x[0]! : 0;
  const originY = withIntercept ? y[0]! : 0;
  const meanX = withIntercept ? meanFrom(x, originX) : 0;
  const meanY = withIntercept ? meanFrom(y, originY) : 0;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let t = 0; t < rows; t++) {
    const dx = x[t]! - originX - meanX;
    const dy = y[t]! - originY - meanY;
    squaresX += dx * dx;
    squaresY += dy * dy;
    products += dx * dy;
  }
  const flat = withIntercept && isConstant(y);
  const slope = flat ? 0 : products / squaresX;
  const intercept = flat ? originY : originY - slope * originX + (meanY - slope * meanX);
  if (!Number.isFinite(slope) || !Number.isFinite(intercept)) return "the values are too large";
  const residuals = new Float64Array(rows);
  let squaresLeft = 0;
  let largest = 0;
  for (let t = 0; t < rows; t++) {
    const residual = flat ? 0 : y[t]! - originY - meanY - slope * (x[t]! - originX - meanX);
    residuals[t] = residual;
    squaresLeft += residual * residual;
    largest = Math.max(largest, Math.abs(y[t]!), Math.abs(slope * x[t]!));
  }
  const rounding = rows * (2 * Number.EPSILON * largest) ** 2;
  return {
    rows,
    slope,
    intercept,
    meanX: originX + meanX,
    squaresX,
    squaresY: flat ? 0 : squaresY,
    squaresLeft,
    residuals,
    isPerfect: squaresLeft <= Math.max(1e-24 * squaresY, rounding),
  };
}

function isZero(values: ArrayLike<number>): boolean {
  return isConstant(values) && values[0] === 0;
}

/** The mean of the distances from `origin`. */
function meanFrom(values: ArrayLike<number>, origin: number): number {
  let sum = 0;
  for (let t = 0; t < values.length; t++) sum += values[t]! - origin;
  return sum / values.length;
}
