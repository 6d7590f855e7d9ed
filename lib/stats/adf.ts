import { isConstant } from "./complete_rows.ts";
import { dickeyFuller, TERMS } from "./dickey_fuller.ts";
import { type CriticalValues, mackinnonCritical, mackinnonP, type Trend } from "./mackinnon.ts";

/**
 * How the number of lags is chosen: the smallest `aic` or `bic`, the last lag with |t| >= 1.645, or
 * `fixed`: `maxLag` itself.
 */
export type LagChoice = "aic" | "bic" | "t-stat" | "fixed";

/** How to test for a unit root. */
export interface AdfOptions {
  /** Deterministic terms. @default {"c"} */
  readonly trend?: Trend;
  /** How the number of lags is chosen. @default {"aic"} */
  readonly lagChoice?: LagChoice;
  /**
   * Largest number of lags.
   * @default {ceil(12 (n / 100)^(1/4)), at most n / 2 - terms - 1, leaving 3 degrees of freedom}
   */
  readonly maxLag?: number;
}

/** A unit-root test. The statistic and what follows from it are `null` for a `reason`. */
export interface AdfResult {
  /** t-ratio of the level; the more negative, the less like a unit root. */
  readonly statistic: number | null;
  /** MacKinnon's p-value of one series: small speaks against a unit root. */
  readonly pValue: number | null;
  /** MacKinnon's critical values at 1 %, 5 % and 10 % for the rows used. */
  readonly criticalValues: CriticalValues | null;
  /** Lagged differences in the final regression. */
  readonly lag: number | null;
  /** Rows of the final regression. */
  readonly nobs: number;
  /** The smallest AIC or BIC, or |t| of the last lag; `null` for a fixed lag. */
  readonly criterion: number | null;
  /** Why the statistic is absent, or `null`. */
  readonly reason: string | null;
}

/** Two-sided 10 % point of the normal distribution. */
const LAST_LAG_T = 1.6448536269514722;
const LEAST_FREEDOM = 3;

/**
 * Returns the augmented Dickey-Fuller test of a unit root.
 *
 * Regresses dx_t on x_(t-1), `lag` lagged differences and the deterministic terms; the statistic is
 * the t-ratio of x_(t-1), its p-value MacKinnon's (1994, 2010). Lags are compared on the common
 * sample of `maxLag`, then the chosen one is fitted on its own. A constant series, a gap, and a
 * model without 3 degrees of freedom have no answer. The residuals of a regression need another
 * table: use `engleGranger()`. O(n maxLag), O(n maxLag^2) for columns that are nearly collinear.
 *
 * @example A series that forgets
 * ```ts
 * import { adf } from "tandem/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 *
 * const noise = Array.from({ length: 200 }, (_, t) => Math.sin(t * t));
 * ok(adf(noise, { lagChoice: "fixed", maxLag: 1 }).pValue! < 0.01);
 * strictEqual(adf([5, 5, 5, 5, 5, 5, 5, 5]).reason, "the series is constant");
 * ```
 *
 * @param series The series, oldest first, without gaps.
 * @param options Terms and lags.
 * @returns The test.
 * @throws {RangeError} If `maxLag` is not a whole number >= 0, or missing for a fixed lag.
 */
export function adf(series: ArrayLike<number>, options: AdfOptions = {}): AdfResult {
  const x = new Float64Array(series);
  const rounding = 4 * Number.EPSILON * x.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const ratio = unitRootRatio(x, options, rounding);
  const { trend = "c" } = options;
  if (ratio.reason !== null) {
    const absent = { statistic: null, pValue: null, criticalValues: null };
    return { ...absent, lag: null, nobs: 0, criterion: null, reason: ratio.reason };
  }
  return {
    statistic: ratio.statistic,
    pValue: mackinnonP(ratio.statistic, trend, 1),
    criticalValues: mackinnonCritical(trend, 1, ratio.nobs),
    lag: ratio.lag,
    nobs: ratio.nobs,
    criterion: ratio.criterion,
    reason: null,
  };
}

/** The t-ratio of the level, before anyone says what table it belongs to. */
export type UnitRootRatio =
  | {
    readonly statistic: number;
    readonly lag: number;
    readonly nobs: number;
    readonly criterion: number | null;
    readonly reason: null;
  }
  | { readonly reason: string };

/**
 * Runs the regression of the test.
 *
 * @param x The series.
 * @param options Terms and lags.
 * @param rounding How far the values may be from the truth by rounding alone.
 */
export function unitRootRatio(
  x: Float64Array,
  options: AdfOptions,
  rounding: number,
): UnitRootRatio {
  const { trend = "c", lagChoice = "aic" } = options;
  const terms = TERMS[trend];
  checkMaxLag(options.maxLag, lagChoice);
  const missing = x.reduce((count, v) => count + Number(!Number.isFinite(v)), 0);
  if (missing > 0) {
    return { reason: `${missing} of ${x.length} values are missing: lags need an unbroken series` };
  }
  if (x.length > 0 && isConstant(x)) return { reason: "the series is constant" };
  const n = x.length;
  const longest = longestLag(n, terms);
  const maxLag = options.maxLag ?? defaultMaxLag(n, trend);
  if (longest < 0) return { reason: `too few values: ${n} of ${5 + terms}` };
  if (maxLag > longest) {
    return { reason: `too few values: ${n} allow ${longest} lags, not ${maxLag}` };
  }
  let lag = maxLag;
  let criterion: number | null = null;
  if (lagChoice !== "fixed") {
    const choice = chooseLag(x, trend, maxLag, lagChoice, rounding);
    if (typeof choice === "string") return { reason: choice };
    ({ lag, criterion } = choice);
  }
  const final = dickeyFuller(x, trend, lag, lag, true, rounding);
  const columns = terms + 1 + lag;
  if (final.explained.length < columns) return { reason: "the regressors are collinear" };
  const { rows, squaresLeft } = final;
  if (Math.sqrt(squaresLeft) <= rounding * Math.sqrt(rows)) {
    return { reason: "the fit leaves no residuals" };
  }
  const statistic = final.explained[columns - 1]! / Math.sqrt(squaresLeft / (rows - columns));
  return { statistic, lag, nobs: rows, criterion, reason: null };
}

/** The most lags that leave 3 degrees of freedom and half of the values; negative for none. */
function longestLag(n: number, terms: number): number {
  return Math.min(
    Math.floor(n / 2) - terms - 1,
    Math.floor((n - 2 - terms - LEAST_FREEDOM) / 2),
  );
}

/**
 * Returns the largest number of lags that `adf()` looks at by itself.
 *
 * Schwert's ceil(12 (n / 100)^(1/4)), at most n / 2 - terms - 1, and never so many that fewer than 3
 * degrees of freedom are left.
 *
 * @example A long and a short series
 * ```ts
 * import { defaultMaxLag } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([1_440, 20].map((n) => defaultMaxLag(n, "n")), [24, 7]);
 * ```
 *
 * @param n Number of values.
 * @param trend Deterministic terms.
 * @returns A whole number; negative where no test is possible.
 */
export function defaultMaxLag(n: number, trend: Trend = "c"): number {
  return Math.min(Math.ceil(12 * (n / 100) ** 0.25), longestLag(n, TERMS[trend]));
}

function checkMaxLag(maxLag: number | undefined, lagChoice: LagChoice): void {
  if (maxLag === undefined ? lagChoice === "fixed" : !(Number.isInteger(maxLag) && maxLag >= 0)) {
    throw new RangeError(
      `Cannot test for a unit root as "maxLag" must be a whole number >= 0: current value is ${maxLag}`,
    );
  }
}

/** The best number of lags on the common sample of `maxLag`, or why none can be told. */
function chooseLag(
  x: Float64Array,
  trend: Trend,
  maxLag: number,
  choice: Exclude<LagChoice, "fixed">,
  rounding: number,
): { lag: number; criterion: number } | string {
  const { explained, squaresLeft, rows } = dickeyFuller(x, trend, maxLag, maxLag, false, rounding);
  const rank = explained.length;
  const basic = TERMS[trend] + 1;
  if (rank < basic) return "the level is collinear with the deterministic terms";
  let squares = squaresLeft;
  let best: { lag: number; criterion: number } | null = null;
  for (let columns = rank; columns >= basic; columns--) {
    if (Math.sqrt(squares) <= rounding * Math.sqrt(rows)) return "the fit leaves no residuals";
    const lag = columns - basic;
    if (choice === "t-stat") {
      const t = Math.abs(explained[columns - 1]!) / Math.sqrt(squares / (rows - columns));
      best = { lag, criterion: t };
      if (t >= LAST_LAG_T) break;
    } else {
      const penalty = choice === "aic" ? 2 : Math.log(rows);
      const likelihood = -rows / 2 * (Math.log(2 * Math.PI * squares / rows) + 1);
      const criterion = -2 * likelihood + penalty * columns;
      if (best === null || criterion <= best.criterion) best = { lag, criterion };
    }
    squares += explained[columns - 1]! ** 2;
  }
  return best!;
}
