import { type LagChoice, pearson, type Trend } from "../stats/mod.ts";
import type { AlignedRow } from "./aligned_row.ts";
import { type CointegrationDirection, engleGrangerBoth } from "./cointegration.ts";
import type { PriceScale } from "./pair_reading.ts";
import { verdictSentence } from "./verdict_sentence.ts";

/** How to judge a pair. */
export interface VerdictOptions {
  /** What the regressions see. @default {"log"} */
  readonly scale?: PriceScale;
  /** Deterministic terms of the regression of one leg on the other. @default {"c"} */
  readonly trend?: Trend;
  /** How the number of lags is chosen. @default {"aic"} */
  readonly lagChoice?: LagChoice;
  /** Largest number of lags. */
  readonly maxLag?: number;
  /** p-value below which the pair counts as cointegrated. @default {0.05} */
  readonly significance?: number;
}

/** One direction of a verdict; plain JSON. Absent numbers are `null`, for a `reason`. */
export interface VerdictDirection {
  /** t-ratio of the residual; `null` also for collinear legs. */
  readonly statistic: number | null;
  /** p-value of this direction alone. */
  readonly pValue: number | null;
  /** Critical values at 1 %, 5 % and 10 %. */
  readonly criticalValues: readonly [number, number, number] | null;
  /** Lagged differences in the residual's regression. */
  readonly lag: number | null;
  /** Notional (log) or units (level) of the other leg per dependent leg. */
  readonly hedgeRatio: number | null;
  /** Constant of the regression. */
  readonly intercept: number | null;
  /** Half-life of the residual in bars; `null` where it does not revert. */
  readonly halfLifeBars: number | null;
  /** Its standard error. */
  readonly halfLifeError: number | null;
  /** Whether the half-life is at most a fifth of the rows: a longer one cannot be told. */
  readonly halfLifeResolved: boolean;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** What can be said of a pair over a span; plain JSON. */
export interface PairVerdict {
  /** Rows judged. */
  readonly nobs: number;
  /** First open time, ms since the epoch; `null` without rows. */
  readonly fromMs: number | null;
  /** Last open time, ms since the epoch; `null` without rows. */
  readonly toMs: number | null;
  /** What the regressions saw. */
  readonly scale: PriceScale;
  /** y regressed on x. */
  readonly yOnX: VerdictDirection;
  /** x regressed on y. */
  readonly xOnY: VerdictDirection;
  /** The direction with the more negative statistic, or `null` where there is no test. */
  readonly best: "yOnX" | "xOnY" | null;
  /** Twice the smaller p-value, at most 1. */
  readonly pValue: number | null;
  /** Whether `pValue` is below the significance; `null` where there is no test. */
  readonly cointegrated: boolean | null;
  /** The p-value that was asked for. */
  readonly significance: number;
  /** The legs are one instrument; such a pair is never a discovery. */
  readonly collinear: boolean;
  /** Correlation of one-bar log returns over the span, in [-1, 1]. */
  readonly correlation: number | null;
  /** Share of rows in which a close is carried forward, in [0, 1]. */
  readonly staleShare: number;
  /** Share of rows whose bars are not proven complete, in [0, 1]. */
  readonly incompleteShare: number;
  /** The verdict in one plain sentence. */
  readonly sentence: string;
  /** Why there is no verdict, or `null`. */
  readonly reason: string | null;
}

/**
 * Judges a pair over a span: are its legs cointegrated, in which direction, how fast does the spread
 * come back, and how far can the data be trusted.
 *
 * The verdict looks at the whole span at once. It is no signal: a back-test that uses it sees the
 * future.
 *
 * @example Legs that hold together
 * ```ts
 * import { pairVerdict } from "tandem/pairs";
 * import { strictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 300 }, (_, row) => {
 *   const x = 100 + 5 * Math.sin(row / 40) + row / 20;
 *   const y = 3 * x + Math.sin(row * row);
 *   const flags = { stale: false, complete: true, revision: 0 };
 *   return { row, openTimeMs: row * 60_000, y, x, ...flags };
 * });
 * const verdict = pairVerdict(rows);
 * strictEqual(verdict.cointegrated, true);
 * strictEqual(verdict.reason, null);
 * ```
 *
 * @param rows Rows of the span, oldest first.
 * @param options How to judge.
 * @returns The verdict.
 * @throws {RangeError} If `significance` is not in (0, 1) or `maxLag` is not a whole number >= 0.
 */
export function pairVerdict(
  rows: readonly AlignedRow[],
  options: VerdictOptions = {},
): PairVerdict {
  const { scale = "log", significance = 0.05, ...testOptions } = options;
  if (!(significance > 0 && significance < 1)) {
    throw new RangeError(
      `Cannot judge a pair as "significance" must be in (0, 1): current value is ${significance}`,
    );
  }
  const onScale = (value: number) => scale === "log" ? Math.log(value) : value;
  const y = Float64Array.from(rows, (row) => onScale(row.y));
  const x = Float64Array.from(rows, (row) => onScale(row.x));
  const both = engleGrangerBoth(y, x, testOptions);
  const share = (count: number) => rows.length === 0 ? 0 : count / rows.length;
  const verdict = {
    nobs: rows.length,
    fromMs: rows[0]?.openTimeMs ?? null,
    toMs: rows.at(-1)?.openTimeMs ?? null,
    scale,
    yOnX: plain(both.yOnX),
    xOnY: plain(both.xOnY),
    best: both.best,
    pValue: both.pValue,
    cointegrated: both.pValue === null ? null : both.pValue < significance,
    significance,
    collinear: both.collinear,
    correlation: returnCorrelation(rows),
    staleShare: share(rows.filter((row) => row.stale).length),
    incompleteShare: share(rows.filter((row) => !row.complete).length),
    reason: both.collinear
      ? "the legs are collinear: they are one instrument"
      : both.best === null
      ? both.yOnX.test.reason
      : null,
  };
  return { ...verdict, sentence: verdictSentence(verdict) };
}

function plain({ test, hedgeRatio, halfLife }: CointegrationDirection): VerdictDirection {
  const bars = halfLife?.bars ?? null;
  return {
    statistic: test.collinear ? null : test.statistic,
    pValue: test.collinear ? null : test.pValue,
    criticalValues: test.criticalValues,
    lag: test.lag,
    hedgeRatio,
    intercept: test.intercept,
    halfLifeBars: bars === Infinity ? null : bars,
    halfLifeError: bars === Infinity ? null : halfLife?.barsError ?? null,
    halfLifeResolved: halfLife?.resolved ?? false,
    reason: test.collinear ? "the legs are collinear" : test.reason ?? halfLife?.reason ?? null,
  };
}

function returnCorrelation(rows: readonly AlignedRow[]): number | null {
  const changes = (leg: "y" | "x") =>
    Float64Array.from(rows.slice(1), (row, i) => Math.log(row[leg] / rows[i]![leg]));
  return pearson(changes("y"), changes("x")).coefficient;
}
