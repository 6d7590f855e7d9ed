import { requirePeriodsPerYear } from "./realised_volatility.ts";
import { RollingSum } from "./rolling_sum.ts";

/** Which estimator of volatility from open, high, low and close. */
export type RangeEstimator =
  | "parkinson"
  | "garman-klass"
  | "rogers-satchell"
  | "yang-zhang"
  | "garman-klass-yang-zhang";

/** Prices of bars, oldest first, one array per field. */
export interface BarPrices {
  /** Prices of the first trades. */
  readonly open: ArrayLike<number>;
  /** Highest prices. */
  readonly high: ArrayLike<number>;
  /** Lowest prices. */
  readonly low: ArrayLike<number>;
  /** Prices of the last trades. */
  readonly close: ArrayLike<number>;
}

/** How to estimate volatility from ranges. */
export interface RangeVolatilityOptions {
  /** Which estimator; its name belongs beside the number. */
  readonly estimator: RangeEstimator;
  /** Bars per estimate, a whole number >= 1; >= 2 for Yang-Zhang. */
  readonly window: number;
  /** Periods per year of the bar actually used; > 0. */
  readonly periodsPerYear: number;
}

const GARMAN_KLASS = 2 * Math.LN2 - 1;

/** The variance one bar contributes, in squared log units, by estimator. */
const TERMS: Readonly<
  Record<
    Exclude<RangeEstimator, "yang-zhang">,
    (open: number, high: number, low: number, close: number, previousClose: number) => number
  >
> = {
  "parkinson": (_o, h, l) => square(h - l) / (4 * Math.LN2),
  "garman-klass": (o, h, l, c) => 0.5 * square(h - l) - GARMAN_KLASS * square(c - o),
  "rogers-satchell": (o, h, l, c) => (h - c) * (h - o) + (l - c) * (l - o),
  "garman-klass-yang-zhang": (o, h, l, c, previous) =>
    square(o - previous) + 0.5 * square(h - l) - GARMAN_KLASS * square(c - o),
};

/**
 * Returns the volatility of each window of bars, estimated from their ranges.
 *
 * With logarithms o, h, l, c, the previous close p and the window n, the variance of a bar is
 *
 * - `parkinson`: mean of (h - l)^2 / (4 ln 2) (Parkinson, 1980);
 * - `garman-klass`: mean of (h - l)^2 / 2 - (2 ln 2 - 1) (c - o)^2 (Garman and Klass, 1980);
 * - `rogers-satchell`: mean of (h - c)(h - o) + (l - c)(l - o), free of drift (Rogers and
 *   Satchell, 1991);
 * - `garman-klass-yang-zhang`: Garman-Klass plus (o - p)^2, which adds the jump over the gap;
 * - `yang-zhang`: var(o - p) + k var(c - o) + (1 - k) Rogers-Satchell with divisor n - 1 and
 *   k = 0.34 / (1.34 + (n + 1) / (n - 1)) (Yang and Zhang, 2000).
 *
 * The last two need the previous close, so their first value comes one bar later.
 *
 * @example One bar that ends where it began
 * ```ts
 * import { rangeVolatility } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const [volatility] = rangeVolatility(
 *   { open: [1], high: [Math.E], low: [1], close: [1] },
 *   { estimator: "parkinson", window: 1, periodsPerYear: 4 * Math.LN2 },
 * );
 * ok(Math.abs(volatility! - 1) < 1e-15);
 * ```
 *
 * @param bars Prices of the bars, all arrays of one length.
 * @param options Estimator, window and periods per year.
 * @returns One value per bar in log units per square root of a year; `null` while the window is not
 *   full or holds a bar with a price that is missing or not greater than 0.
 * @throws {RangeError} If the lengths differ or an option is out of range.
 */
export function rangeVolatility(
  bars: BarPrices,
  options: RangeVolatilityOptions,
): (number | null)[] {
  const { estimator, window, periodsPerYear } = options;
  requirePeriodsPerYear(periodsPerYear);
  requireOneLength(bars);
  const variances = estimator === "yang-zhang"
    ? yangZhang(bars, window)
    : rollingMean(bars, window, TERMS[estimator]);
  return variances.map((variance) =>
    variance === null || variance < 0 ? null : Math.sqrt(variance * periodsPerYear)
  );
}

function yangZhang(bars: BarPrices, window: number): (number | null)[] {
  if (!(window >= 2)) {
    throw new RangeError(
      `Cannot estimate Yang-Zhang volatility as "window" must be >= 2: current value is ${window}`,
    );
  }
  const k = 0.34 / (1.34 + (window + 1) / (window - 1));
  const overnight = rollingVariance(bars, window, (o, _h, _l, _c, previous) => o - previous);
  const openToClose = rollingVariance(bars, window, (o, _h, _l, c) => c - o);
  const rogersSatchell = rollingMean(bars, window, TERMS["rogers-satchell"]);
  return overnight.map((gap, t) => {
    const body = openToClose[t]!;
    const range = rogersSatchell[t]!;
    return gap === null || body === null || range === null
      ? null
      : gap + k * body + (1 - k) * range;
  });
}

type Term = (o: number, h: number, l: number, c: number, previousClose: number) => number;

function termOf(bars: BarPrices, t: number, term: Term): number {
  return term(
    logOf(bars.open[t]),
    logOf(bars.high[t]),
    logOf(bars.low[t]),
    logOf(bars.close[t]),
    logOf(bars.close[t - 1]),
  );
}

function rollingMean(bars: BarPrices, window: number, term: Term): (number | null)[] {
  const sum = new RollingSum(window);
  return Array.from({ length: bars.close.length }, (_, t) => {
    const total = sum.push(termOf(bars, t, term));
    return total === null ? null : total / window;
  });
}

/** Sample variance of each window: the squares are summed about the window's own mean. */
function rollingVariance(bars: BarPrices, window: number, term: Term): (number | null)[] {
  const terms = Float64Array.from(
    { length: bars.close.length },
    (_, t) => termOf(bars, t, term),
  );
  return rollingMean(bars, window, term).map((mean, t) => {
    if (mean === null) return null;
    let squares = 0;
    for (let i = t - window + 1; i <= t; i++) squares += square(terms[i]! - mean);
    return squares / (window - 1);
  });
}

function logOf(price: number | undefined): number {
  return price !== undefined && price > 0 && price < Infinity ? Math.log(price) : NaN;
}

function square(value: number): number {
  return value * value;
}

function requireOneLength({ open, high, low, close }: BarPrices): void {
  for (const field of [open, high, low]) {
    if (field.length !== close.length) {
      throw new RangeError(
        `Cannot estimate volatility as all fields must have one length: current values are ${field.length} and ${close.length}`,
      );
    }
  }
}
