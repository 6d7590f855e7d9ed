import { isConstant } from "./complete_rows.ts";
import { countMissing } from "./detrend.ts";
import { cosine } from "./orthogonal.ts";

/** Correlations of two series at leads and lags. */
export interface CrossCorrelationResult {
  /** Lags in bars, from -maxLag to maxLag; > 0 where x leads. */
  readonly lags: readonly number[];
  /** Correlation of x(t) with y(t + lag) at each lag by moments of the whole series, or `null`. */
  readonly correlations: readonly number[] | null;
  /** Pearson correlation of the overlapping parts at each lag, or `null` where one is constant. */
  readonly overlapping: readonly (number | null)[] | null;
  /** The lag of the largest absolute correlation, > 0 where x leads, or `null`. */
  readonly bestLag: number | null;
  /** Lead-lag ratio: above 1 x leads, below 1 y does; or `null`. */
  readonly leadLagRatio: number | null;
  /** Independent series stay within plus and minus this 95 times of 100. */
  readonly band: number | null;
  /** Rows given. */
  readonly nobs: number;
  /** Why there is no correlation, or `null` if there is one. */
  readonly reason: string | null;
}

/**
 * Returns the correlations of x(t) with y(t + k) for k from -maxLag to maxLag, and who leads.
 *
 * `sum (x(t) - mean x)(y(t + k) - mean y) / (n sx sy)` with moments of the whole series; a peak at k > 0
 * says that x leads by k bars. The lead-lag ratio is the sum of the squares at k > 0 over that at k < 0
 * (Huth and Abergel, 2014). Give returns without forward-filled bars: filling makes the quieter series
 * seem to follow, and levels correlate without cause.
 *
 * @example y repeats x one bar later
 * ```ts
 * import { crossCorrelation } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const x = [1, -2, 3, -1, 2, -3, 1, 2];
 * const { bestLag, leadLagRatio } = crossCorrelation(x, [0, ...x.slice(0, -1)], { maxLag: 2 });
 * strictEqual(bestLag, 1);
 * ok(leadLagRatio! > 1);
 * ```
 *
 * @param x The series that may lead, returns, oldest first.
 * @param y The other, of the same length.
 * @param options `maxLag` in bars, a whole number in [1, n - 2].
 * @returns The correlations, or `null` fields and a reason: a missing value or a constant series.
 * @throws {RangeError} If the lengths differ or `maxLag` is out of range.
 */
export function crossCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly maxLag: number },
): CrossCorrelationResult {
  const nobs = x.length;
  const { maxLag } = options;
  if (y.length !== nobs) {
    throw new RangeError(
      `Cannot correlate as the series must have one length: current values are ${nobs} and ${y.length}`,
    );
  }
  if (!(Number.isInteger(maxLag) && maxLag >= 1 && maxLag <= nobs - 2)) {
    throw new RangeError(
      `Cannot correlate as "maxLag" must be a whole number in [1, ${
        nobs - 2
      }]: current value is ${maxLag}`,
    );
  }
  const lags = Array.from({ length: 2 * maxLag + 1 }, (_, i) => i - maxLag);
  const missing = countMissing(x) + countMissing(y);
  const correlations = missing > 0 ? null : fullMoments(x, y, lags);
  if (correlations === null) {
    return {
      lags,
      correlations: null,
      overlapping: null,
      bestLag: null,
      leadLagRatio: null,
      band: null,
      nobs,
      reason: missing > 0
        ? `${missing} values are missing: lags need unbroken series`
        : "a series is constant",
    };
  }
  const before = correlations.slice(0, maxLag).reduce((sum, rho) => sum + rho * rho, 0);
  const after = correlations.slice(maxLag + 1).reduce((sum, rho) => sum + rho * rho, 0);
  const largest = correlations.reduce((size, rho) => Math.max(size, Math.abs(rho)), 0);
  return {
    lags,
    correlations,
    overlapping: lags.map((lag) => overlapCorrelation(x, y, lag)),
    bestLag: lags[correlations.findIndex((rho) => Math.abs(rho) === largest)]!,
    leadLagRatio: before > 0 ? after / before : null,
    band: 1.96 / Math.sqrt(nobs),
    nobs,
    reason: null,
  };
}

function fullMoments(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  lags: readonly number[],
): number[] | null {
  if (isConstant(x) || isConstant(y)) return null;
  const dx = centred(x, 0, x.length);
  const dy = centred(y, 0, y.length);
  const [sxx, syy] = [products(dx, dx, 0), products(dy, dy, 0)];
  const correlations = lags.map((lag) => cosine(products(dx, dy, lag), sxx, syy));
  return correlations.every((value) => value !== null) ? correlations : null;
}

function overlapCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  lag: number,
): number | null {
  const rows = x.length - Math.abs(lag);
  const dx = centred(x, Math.max(-lag, 0), rows);
  const dy = centred(y, Math.max(lag, 0), rows);
  if (isConstant(dx) || isConstant(dy)) return null;
  return cosine(products(dx, dy, 0), products(dx, dx, 0), products(dy, dy, 0));
}

/** Some rows less their mean. */
function centred(values: ArrayLike<number>, from: number, rows: number): Float64Array {
  let mean = 0;
  for (let t = 0; t < rows; t++) mean += (values[from + t]! - mean) / (t + 1);
  return Float64Array.from({ length: rows }, (_, t) => values[from + t]! - mean);
}

/** Sum of a(t) b(t + lag). */
function products(a: Float64Array, b: Float64Array, lag: number): number {
  let sum = 0;
  const last = Math.min(a.length, b.length - lag);
  for (let t = Math.max(-lag, 0); t < last; t++) sum += a[t]! * b[t + lag]!;
  return sum;
}
