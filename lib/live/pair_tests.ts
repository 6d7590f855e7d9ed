import { type AlignedRow, pairVerdict, type PriceScale } from "../pairs/mod.ts";
import { adf, engleGranger, johansen, kpss } from "../stats/mod.ts";
import { adfWords, engleGrangerWords, johansenWords, kpssWords } from "./test_words.ts";

/** Lagged changes in Johansen's regressions: what a verdict uses is chosen, this is a plain start. */
const JOHANSEN_LAGS = 1;
const MOST_ROWS = 5_000;

/** A value and the share of true null hypotheses that would exceed it. */
export interface CriticalValue {
  /** The level, for example 0.05. */
  readonly level: number;
  /** The value of the statistic. */
  readonly value: number;
}

/** One test of a pair or of one of its legs. */
export interface TestResult {
  /** The test. */
  readonly test: "ADF" | "KPSS" | "Engle-Granger" | "Johansen";
  /** What it was given, for example `ETHUSDT` or `ETHUSDT on BTCUSDT`. */
  readonly subject: string;
  /** What it assumes until the data speak against it. */
  readonly nullHypothesis: string;
  /** The statistic, or `null`. */
  readonly statistic: number | null;
  /** Its p-value, or `null`: Johansen's test has critical values only. */
  readonly pValue: number | null;
  /** Whether the true p-value is beyond the end of the table; else `null`. */
  readonly pValueBound: "at most" | "at least" | null;
  /** Critical values, strictest first. */
  readonly critical: readonly CriticalValue[];
  /** Lags used, or `null`. */
  readonly lag: number | null;
  /** Rows used. */
  readonly nobs: number;
  /** What it says in one plain sentence. */
  readonly words: string;
  /** Whether it speaks for (`yes`) or against (`no`) trading the pair, as far as it goes. */
  readonly speaks: "yes" | "no" | "nothing";
}

/** All tests of a pair. */
export interface TestsReport {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** What the tests saw. */
  readonly scale: PriceScale;
  /** Rows given. */
  readonly nobs: number;
  /** Open time of the first row, ms since the epoch; `null` without rows. */
  readonly fromMs: number | null;
  /** Open time of the last row, ms since the epoch; `null` without rows. */
  readonly toMs: number | null;
  /** The tests. */
  readonly results: readonly TestResult[];
  /** What they come to. */
  readonly conclusion: string;
}

/** What is tested. */
export interface TestedPair {
  readonly y: string;
  readonly x: string;
  readonly scale: PriceScale;
}

const LEVELS = [0.01, 0.05, 0.1] as const;

/** Tests both legs and the pair over the newest rows. */
export function pairTests(rows: readonly AlignedRow[], pair: TestedPair): TestsReport {
  const { scale } = pair;
  const tested = rows.slice(-MOST_ROWS);
  const series = (leg: "y" | "x") =>
    Float64Array.from(tested, (row) => scale === "log" ? Math.log(row[leg]) : row[leg]);
  const [y, x] = [series("y"), series("x")];
  return {
    ...{ y: pair.y, x: pair.x, scale, nobs: tested.length },
    fromMs: tested[0]?.openTimeMs ?? null,
    toMs: tested.at(-1)?.openTimeMs ?? null,
    results: [
      ...[testAdf(pair.y, y), testAdf(pair.x, x), testKpss(pair.y, y), testKpss(pair.x, x)],
      testEngleGranger(pair.y, pair.x, y, x),
      testEngleGranger(pair.x, pair.y, x, y),
      testJohansen(pair, y, x),
    ],
    conclusion: pairVerdict(tested, { scale }).sentence,
  };
}

function testAdf(subject: string, series: Float64Array): TestResult {
  const result = adf(series);
  return {
    ...{ test: "ADF", subject, nullHypothesis: "a unit root: the price wanders" },
    ...{ statistic: result.statistic, pValue: result.pValue, pValueBound: null },
    critical: criticals(result.criticalValues),
    ...{ lag: result.lag, nobs: result.nobs },
    ...adfWords(subject, result),
  };
}

function testKpss(subject: string, series: Float64Array): TestResult {
  const result = kpss(series);
  const [ten, five, , one] = result.criticalValues;
  return {
    ...{ test: "KPSS", subject, nullHypothesis: "stationary: the price keeps to a level" },
    ...{ statistic: result.statistic, pValue: result.pValue, pValueBound: result.pValueBound },
    critical: criticals([one, five, ten]),
    ...{ lag: result.lags, nobs: result.nobs },
    ...kpssWords(subject, result),
  };
}

function testEngleGranger(
  dependent: string,
  hedge: string,
  y: Float64Array,
  x: Float64Array,
): TestResult {
  const result = engleGranger(y, x);
  const isOne = result.collinear;
  return {
    ...{ test: "Engle-Granger", subject: `${dependent} on ${hedge}` },
    nullHypothesis: "no cointegration: the spread wanders",
    statistic: isOne ? null : result.statistic,
    pValue: isOne ? null : result.pValue,
    pValueBound: null,
    critical: criticals(result.criticalValues),
    ...{ lag: result.lag, nobs: result.nobs },
    ...engleGrangerWords(dependent, hedge, result),
  };
}

function testJohansen({ y: nameY, x: nameX }: TestedPair, y: Float64Array, x: Float64Array) {
  const result = johansen([y, x], { lags: JOHANSEN_LAGS });
  const [ten, five, one] = result.traceCritical[0]!;
  return {
    ...{ test: "Johansen", subject: `${nameY} and ${nameX}` },
    nullHypothesis: "no relation between the legs (trace)",
    ...{ statistic: result.trace?.[0] ?? null, pValue: null, pValueBound: null },
    critical: criticals([one, five, ten]),
    ...{ lag: result.lags, nobs: result.nobs },
    ...johansenWords(nameX, nameY, result),
  } satisfies TestResult;
}

function criticals(values: readonly number[] | null): CriticalValue[] {
  return (values ?? []).map((value, k) => ({ level: LEVELS[k]!, value }));
}
