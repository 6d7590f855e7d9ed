import { autocorrelations } from "./autocorrelation.ts";
import { isConstant } from "./complete_rows.ts";
import { countMissing } from "./detrend.ts";
import { shapeOf } from "./jarque_bera.ts";
import { quantile } from "./quantile.ts";
import { requirePeriodsPerYear } from "./realised_volatility.ts";

/** How to measure a series of returns. */
export interface PerformanceOptions {
  /** Periods per year of the returns actually used; > 0. */
  readonly periodsPerYear: number;
  /** Periods over which Lo's factor sums autocorrelations; a whole number >= 1. @default {5} */
  readonly loPeriods?: number;
  /** Share of the worst returns in value at risk and shortfall, inside (0, 1). @default {0.05} */
  readonly tail?: number;
}

/** Measures of a series of returns; a number that is not defined is `null`. */
export interface Performance {
  /** `mean / deviation * sqrt(periodsPerYear)`, no risk-free rate. */
  readonly sharpe: number | null;
  /** Sharpe ratio corrected for autocorrelation (Lo, 2002). */
  readonly sharpeLo: number | null;
  /** `mean / sqrt(mean of min(r, 0)^2) * sqrt(periodsPerYear)`. */
  readonly sortino: number | null;
  /** Deviation (divisor n - 1) times `sqrt(periodsPerYear)`. */
  readonly annualVolatility: number | null;
  /** Mean times `periodsPerYear`, not compounded. */
  readonly annualReturn: number | null;
  /** Compound growth per year. */
  readonly annualGrowth: number | null;
  /** Compounded return over the whole span. */
  readonly totalReturn: number | null;
  /** Largest loss from a peak of the compounded curve, start included, as a fraction >= 0. */
  readonly maxDrawdown: number | null;
  /** Growth per year over the largest drawdown. */
  readonly calmar: number | null;
  /** Root mean square of the drawdown. */
  readonly ulcer: number | null;
  /** The return that the share `tail` stays below. */
  readonly valueAtRisk: number | null;
  /** Mean of the returns up to it. */
  readonly expectedShortfall: number | null;
  /** Mean over variance: Kelly's fraction; halve it. */
  readonly kelly: number | null;
  /** Share of the returns above 0. */
  readonly hitRate: number | null;
  /** Skewness, corrected for bias. */
  readonly skewness: number | null;
  /** Kurtosis above that of a normal, corrected for bias. */
  readonly excessKurtosis: number | null;
  /** Returns given. */
  readonly nobs: number;
  /** Periods per year. */
  readonly periodsPerYear: number;
  /** Why nothing was measured, or `null`. */
  readonly reason: string | null;
}

/**
 * Returns the measures of a series of returns per period.
 *
 * Annualize with the periods of the returns in hand: overlapping returns or the wrong count inflate
 * every ratio. Compounded curves start at 1. Ratios over a deviation of exactly 0 are `null`.
 *
 * @example Three returns
 * ```ts
 * import { performanceMetrics } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { totalReturn, maxDrawdown } = performanceMetrics([0.5, -0.5, 0.25], {
 *   periodsPerYear: 365,
 * });
 * strictEqual(totalReturn, -0.0625);
 * strictEqual(maxDrawdown, 0.5);
 * ```
 *
 * @param returns Simple returns on fixed capital, oldest first, flat periods included.
 * @param options Periods per year, periods of Lo's factor, tail.
 * @returns The measures, or all `null` and a reason: no return or a missing one.
 * @throws {RangeError} If an option is out of range.
 */
export function performanceMetrics(
  returns: ArrayLike<number>,
  options: PerformanceOptions,
): Performance {
  const { periodsPerYear, loPeriods = 5, tail = 0.05 } = options;
  requirePeriodsPerYear(periodsPerYear);
  if (!(Number.isInteger(loPeriods) && loPeriods >= 1)) {
    throw new RangeError(
      `Cannot measure returns as "loPeriods" must be a whole number >= 1: current value is ${loPeriods}`,
    );
  }
  const nobs = returns.length;
  const missing = countMissing(returns);
  if (nobs === 0 || missing > 0) {
    const reason = nobs === 0 ? "no return" : `${missing} of ${nobs} returns are missing`;
    return { ...NOTHING, nobs, periodsPerYear, reason };
  }
  const values = new Float64Array(returns);
  const shape = isConstant(values) ? null : shapeOf(values);
  const mean = shape === null ? values[0]! : shape.mean;
  const deviation = nobs > 1 ? (shape?.deviation ?? 0) * Math.sqrt(nobs / (nobs - 1)) : null;
  const year = Math.sqrt(periodsPerYear);
  const sharpe = ratio(mean, deviation, year);
  const factor = loFactor(values, loPeriods);
  const downside = Math.sqrt(values.reduce((sum, r) => sum + Math.min(r, 0) ** 2, 0) / nobs);
  const curve = compounded(values);
  const annualGrowth = present((1 + curve.totalReturn) ** (periodsPerYear / nobs) - 1);
  const valueAtRisk = quantile(values, tail)!;
  const worst = values.filter((r) => r <= valueAtRisk);
  return {
    sharpe,
    sharpeLo: sharpe === null || factor === null ? null : sharpe * factor,
    sortino: ratio(mean, downside, year),
    annualVolatility: deviation === null ? null : deviation * year,
    annualReturn: present(mean * periodsPerYear),
    annualGrowth,
    totalReturn: present(curve.totalReturn),
    maxDrawdown: present(curve.maxDrawdown),
    calmar: annualGrowth === null ? null : ratio(annualGrowth, curve.maxDrawdown, 1),
    ulcer: present(curve.ulcer),
    valueAtRisk,
    expectedShortfall: worst.reduce((sum, r) => sum + r, 0) / worst.length,
    kelly: deviation === null ? null : ratio(mean, deviation * deviation, 1),
    hitRate: values.reduce((count, r) => count + (r > 0 ? 1 : 0), 0) / nobs,
    skewness: nobs > 2 && shape !== null
      ? Math.sqrt(nobs * (nobs - 1)) / (nobs - 2) * shape.skewness
      : null,
    excessKurtosis: nobs > 3 && shape !== null
      ? (nobs - 1) / ((nobs - 2) * (nobs - 3)) * ((nobs + 1) * (shape.kurtosis - 3) + 6)
      : null,
    nobs,
    periodsPerYear,
    reason: null,
  };
}

const NOTHING = {
  sharpe: null,
  sharpeLo: null,
  sortino: null,
  annualVolatility: null,
  annualReturn: null,
  annualGrowth: null,
  totalReturn: null,
  maxDrawdown: null,
  calmar: null,
  ulcer: null,
  valueAtRisk: null,
  expectedShortfall: null,
  kelly: null,
  hitRate: null,
  skewness: null,
  excessKurtosis: null,
};

function ratio(value: number, size: number | null, scale: number): number | null {
  return size === null || !(size > 0) ? null : present(value / size * scale);
}

function present(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** sqrt(q / (q + 2 sum (q - k) r(k))): what autocorrelation does to a ratio over q periods. */
function loFactor(values: Float64Array, q: number): number | null {
  if (q > values.length) return null;
  const rho = autocorrelations(values, q - 1);
  if (rho === null) return null;
  let sum = q;
  for (let k = 1; k < q; k++) sum += 2 * (q - k) * rho[k]!;
  return sum > 0 ? Math.sqrt(q / sum) : null;
}

function compounded(
  values: Float64Array,
): { totalReturn: number; maxDrawdown: number; ulcer: number } {
  let equity = 1;
  let peak = 1;
  let maxDrawdown = 0;
  let squares = 0;
  for (const value of values) {
    equity *= 1 + value;
    peak = Math.max(peak, equity);
    const drawdown = 1 - equity / peak;
    maxDrawdown = Math.max(maxDrawdown, drawdown);
    squares += drawdown * drawdown;
  }
  return { totalReturn: equity - 1, maxDrawdown, ulcer: Math.sqrt(squares / values.length) };
}
