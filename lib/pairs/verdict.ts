import type { PriceScale } from "./pair_reading.ts";
import type { PairStability } from "./pair_stability.ts";

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

/** Hedge ratios that do not depend on which leg is called y; plain JSON. */
export interface VerdictSymmetric {
  /** Total least squares: x per y. On levels each leg is measured by its own deviation. */
  readonly totalLeastSquares: number | null;
  /** x per y of Johansen's likeliest relation, the constant inside the relation. */
  readonly johansen: number | null;
  /** Relations found by Johansen's trace test at 5 %: 0, 1, or 2 where both legs seem stationary. */
  readonly johansenRank: number | null;
  /** Trace statistic of "no relation". */
  readonly trace: number | null;
  /** Its critical value at 5 %. */
  readonly traceCritical: number;
  /** Lagged changes in Johansen's regressions: those of the better direction, 1 to 8. */
  readonly lags: number;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** Whether one line of y on x holds over the whole span; plain JSON. */
export interface VerdictStability extends Omit<PairStability, "breakRow"> {
  /** Open time of the row where a break would be, ms since the epoch. */
  readonly breakAtMs: number | null;
  /** Whether the p-value of the break test is below the significance; `null` without a test. */
  readonly broken: boolean | null;
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
  /** Share of rows before which intervals are missing, so that lags are not what they say. */
  readonly gapShare: number;
  /** Whether the verdict is computed from stale or incomplete rows, or across missing intervals. */
  readonly marked: boolean;
  /** Total least squares and Johansen. */
  readonly symmetric: VerdictSymmetric;
  /** Hedge ratios of parts of the span and a test for a break. */
  readonly stability: VerdictStability;
  /** What speaks against taking the verdict at its word, in plain phrases; empty for nothing. */
  readonly caveats: readonly string[];
  /** The verdict in one plain sentence. */
  readonly sentence: string;
  /** Why there is no verdict, or `null`. */
  readonly reason: string | null;
}
