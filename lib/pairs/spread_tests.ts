import {
  adf,
  halfLife,
  hurst,
  jarqueBera,
  kpss,
  ljungBox,
  phillipsPerron,
  varianceRatio,
} from "../stats/mod.ts";

/** One test or measure of a spread, in plain words. */
export interface SpreadTest {
  /** Its name. */
  readonly test: string;
  /** What it takes for granted until the numbers speak against it; of a measure, what it measures. */
  readonly assumes: string;
  /** The statistic or the measure. */
  readonly statistic: number | null;
  /** p-value of what it assumes; `null` of a measure. */
  readonly pValue: number | null;
  /** What follows, or why nothing does. */
  readonly says: string;
}

/** What a test came to. */
interface Outcome {
  readonly statistic: number | null;
  readonly pValue: number | null;
  readonly reason: string | null;
}

/** With fewer values every one of these tests is a guess. */
const LEAST_VALUES = 20;

/** How to test a spread. */
export interface SpreadTestOptions {
  /** Bars over which the variance ratio compares. @default {10} */
  readonly periodBars?: number;
  /** p-value below which an assumption is given up, in (0, 1). @default {0.05} */
  readonly significance?: number;
}

/**
 * Puts a spread through the tests that a mean-reverting series has to stand, each with what it
 * takes for granted: a unit root (ADF, Phillips-Perron), no unit root (KPSS, whose p-value ends at
 * 0.01 and 0.1), a random walk (variance ratio), no memory (Ljung-Box), a normal law (Jarque-Bera);
 * with the half-life and the Hurst exponent.
 *
 * The p-values hold for a series that was not chosen for its looks and whose hedge ratio is not
 * estimated from it; for the residual of a regression over the same rows `pairVerdict()` has the
 * right table.
 *
 * @example White noise reverts at once
 * ```ts
 * import { spreadTests } from "tandem/pairs";
 * import { Random } from "tandem/stats";
 * import { match, ok } from "node:assert/strict";
 *
 * const random = new Random(1);
 * const [adf] = spreadTests(Array.from({ length: 500 }, () => random.normal()));
 * ok(adf!.pValue! < 0.01);
 * match(adf!.says, /^reverts/);
 * ```
 *
 * @param spread The spread, oldest first, without gaps.
 * @param options Period of the variance ratio and significance.
 * @returns One record per test, in the order of the text above.
 * @throws {RangeError} If an option is out of range.
 */
export function spreadTests(
  spread: ArrayLike<number>,
  options: SpreadTestOptions = {},
): SpreadTest[] {
  const { periodBars = 10, significance = 0.05 } = options;
  if (!(significance > 0 && significance < 1)) {
    throw new RangeError(
      `Cannot test a spread as "significance" must be in (0, 1): current value is ${significance}`,
    );
  }
  const least = Math.max(LEAST_VALUES, periodBars + 2);
  const reason = spread.length < least
    ? `too few values: ${spread.length} of ${least}`
    : Array.from(spread).every(Number.isFinite)
    ? null
    : "a value is missing";
  const tested = (
    test: string,
    assumes: string,
    run: () => Outcome,
    [otherwise, kept]: readonly [otherwise: string, kept: string],
  ): SpreadTest => {
    const { statistic, pValue, reason: why } = reason === null
      ? run()
      : { statistic: null, pValue: null, reason };
    const says = pValue === null ? why ?? "no p-value" : pValue < significance ? otherwise : kept;
    return { test, assumes, statistic, pValue, says };
  };
  const root = ["reverts to its mean", "a unit root cannot be ruled out"] as const;
  return [
    tested("ADF", "a unit root", () => adf(spread), root),
    tested("Phillips-Perron", "a unit root", () => {
      const result = phillipsPerron(spread);
      return { ...result, statistic: result.zTau };
    }, root),
    tested("KPSS", "no unit root", () => kpss(spread), [
      "wanders",
      "may well be stationary",
    ]),
    tested(`variance ratio, ${periodBars} bars`, "a random walk", () => {
      const { ratio, robustPValue, reason } = varianceRatio(spread, periodBars);
      return { statistic: ratio, pValue: robustPValue, reason };
    }, ["moves differ from those of a random walk", "may be a random walk"]),
    tested("Ljung-Box, 10 lags", "no memory", () => ljungBox(spread, { lags: 10 }), [
      "remembers its last values",
      "no memory to be seen",
    ]),
    tested("Jarque-Bera", "a normal law", () => jarqueBera(spread), [
      "tails or skew: z-scores are not normal",
      "may well be normal",
    ]),
    measuredHalfLife(spread),
    measuredHurst(spread),
  ];
}

function measuredHalfLife(spread: ArrayLike<number>): SpreadTest {
  const { bars, barsError, reason } = halfLife(spread);
  const isFinite = bars !== null && Number.isFinite(bars);
  return {
    ...{ test: "half-life", assumes: "bars until half of a deviation is gone", pValue: null },
    statistic: isFinite ? bars : null,
    says: reason ?? (isFinite ? `± ${barsError?.toPrecision(2)} bars` : "does not revert"),
  };
}

function measuredHurst(spread: ArrayLike<number>): SpreadTest {
  const { exponent, randomWalkDeviation, reason } = hurst(spread);
  return {
    ...{ test: "Hurst exponent", assumes: "0.5 for a random walk, less for one that reverts" },
    ...{ statistic: exponent, pValue: null },
    says: reason ??
      `a random walk of this length is within 0.5 ± ${
        (2 * (randomWalkDeviation ?? 0)).toPrecision(2)
      }`,
  };
}
