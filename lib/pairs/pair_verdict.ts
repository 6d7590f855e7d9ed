import { type LagChoice, pearson, type Trend } from "../stats/mod.ts";
import type { AlignedRow } from "./aligned_row.ts";
import { type CointegrationDirection, engleGrangerBoth } from "./cointegration.ts";
import type { PriceScale } from "./pair_reading.ts";
import { pairStability } from "./pair_stability.ts";
import { type SymmetricRatios, symmetricRatios } from "./symmetric_ratios.ts";
import type {
  PairVerdict,
  VerdictDirection,
  VerdictStability,
  VerdictSymmetric,
} from "./verdict.ts";
import { verdictCaveats, verdictSentence } from "./verdict_sentence.ts";

/** More lags than this cost Johansen's test more time and rows than they are worth. */
const MOST_JOHANSEN_LAGS = 8;

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

/**
 * Judges a pair over a span: are its legs cointegrated, in which direction, how fast does the spread
 * come back, do other methods agree, does one line hold throughout, and how far can the data be
 * trusted.
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
  const staleShare = share(rows.filter((row) => row.stale).length);
  const incompleteShare = share(rows.filter((row) => !row.complete).length);
  const gapShare = share(countGaps(rows));
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
    staleShare,
    incompleteShare,
    gapShare,
    marked: staleShare + incompleteShare + gapShare > 0,
    symmetric: symmetric(y, x, both[both.best ?? "yOnX"].test.lag, scale),
    stability: stability(y, x, rows, significance),
    reason: both.collinear
      ? "the legs are collinear: they are one instrument"
      : both.best === null
      ? both.yOnX.test.reason
      : null,
  };
  const judged = { ...verdict, caveats: verdictCaveats(verdict) };
  return { ...judged, sentence: verdictSentence(judged) };
}

function symmetric(
  y: Float64Array,
  x: Float64Array,
  lag: number | null,
  scale: PriceScale,
): VerdictSymmetric {
  const lags = Math.min(Math.max(lag ?? 1, 1), MOST_JOHANSEN_LAGS);
  const ratios: SymmetricRatios = symmetricRatios(y, x, {
    lags,
    standardized: scale === "level",
  });
  const { rank, trace, traceCritical, reason } = ratios.johansen;
  return {
    totalLeastSquares: ratios.totalLeastSquares,
    johansen: ratios.johansenRatio,
    johansenRank: rank,
    trace: trace?.[0] ?? null,
    traceCritical: traceCritical[0]![1],
    lags,
    reason,
  };
}

function stability(
  y: Float64Array,
  x: Float64Array,
  rows: readonly AlignedRow[],
  significance: number,
): VerdictStability {
  const { breakRow, ...measures } = pairStability(y, x);
  return {
    ...measures,
    breakAtMs: breakRow === null ? null : rows[breakRow]!.openTimeMs,
    broken: measures.breakPValue === null ? null : measures.breakPValue < significance,
  };
}

/** How many rows are farther from the row before than the nearest two rows are. */
function countGaps(rows: readonly AlignedRow[]): number {
  let step = Infinity;
  let gaps = 0;
  for (let i = 1; i < rows.length; i++) {
    step = Math.min(step, rows[i]!.openTimeMs - rows[i - 1]!.openTimeMs);
  }
  for (let i = 1; i < rows.length; i++) {
    gaps += Number(rows[i]!.openTimeMs - rows[i - 1]!.openTimeMs > step);
  }
  return gaps;
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
