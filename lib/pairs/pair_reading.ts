/** How a pair is measured. */
export interface PairOptions {
  /** Rows of the rolling statistics: hedge ratio, mean and deviation of the spread, correlation. */
  readonly windowBars: number;
  /**
   * `rolling-ols`: the hedge ratio is fitted anew on the last `windowBars` rows before each row.
   * `ols`: it is fitted once, on the first `estimationBars` rows, and never changes afterwards;
   * within them there is no hedge ratio yet. `kalman`: that fit wanders, followed by a Kalman filter
   * that remembers about `windowBars` rows. None sees the row it is used for.
   * @default {"rolling-ols"}
   */
  readonly method?: HedgeMethod;
  /**
   * `log`: log closes, the hedge ratio is one of notionals. `level`: closes, a ratio of units.
   * @default {"log"}
   */
  readonly scale?: PriceScale;
  /** Rows of the first fit of `ols` and `kalman`. @default {windowBars} */
  readonly estimationBars?: number;
}

/** How the hedge ratio is found. */
export type HedgeMethod = "rolling-ols" | "ols" | "kalman";

/** What the regression sees: the logarithm of a close or the close itself. */
export type PriceScale = "log" | "level";

/** What is known of a pair at the close of one row. Absent numbers are `null`, for a `reason`. */
export interface PairReading {
  /** Number of the row, as in `AlignedRow`. */
  readonly row: number;
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: number;
  /** Close of the dependent leg. */
  readonly y: number;
  /** Close of the hedge leg. */
  readonly x: number;
  /** Hedge ratio known before the row. */
  readonly hedgeRatio: number | null;
  /**
   * Standard error of the hedge ratio: the filter's deviation, or that of least squares, which is
   * too small where residuals persist. Absent where rounding hides the residuals.
   */
  readonly hedgeRatioError: number | null;
  /** Intercept known before the row. */
  readonly intercept: number | null;
  /** y - intercept - hedgeRatio x, on the chosen scale. */
  readonly spread: number | null;
  /** Mean of the `windowBars` spreads before the row; absent where the z-score is. */
  readonly spreadMean: number | null;
  /** Deviation of the same spreads, divisor `windowBars` - 1. */
  readonly spreadDeviation: number | null;
  /** (spread - spreadMean) / spreadDeviation. */
  readonly zScore: number | null;
  /** Correlation of the last `windowBars` one-row log returns, this row's included; in [-1, 1]. */
  readonly correlation: number | null;
  /**
   * Rows until half of a deviation of the spread is gone, -ln 2 / ln(1 + lambda), over the last
   * `windowBars` changes of the spread. Absent where the spread does not revert or reverts more
   * slowly than a fifth of the window can tell.
   */
  readonly halfLifeBars: number | null;
  /** Whether a close of this row is carried forward. */
  readonly stale: boolean;
  /** Share of the last `windowBars` rows that are stale, in [0, 1]. */
  readonly staleShare: number;
  /** Whether trade ids prove both bars complete. */
  readonly complete: boolean;
  /** Share of the last `windowBars` rows whose bars are not proven complete, in [0, 1]. */
  readonly incompleteShare: number;
  /** Why numbers are absent, or `null` when none is. */
  readonly reason: string | null;
  /** Revisions of the two bars, added. */
  readonly revision: number;
}
