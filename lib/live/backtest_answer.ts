import type { BacktestMetrics, PairTrade } from "../backtest/mod.ts";
import type { ChartSpec, Columns, SweepMap } from "../charts/mod.ts";

/** A round trip with the times of its fills. */
export interface TradeAnswer extends PairTrade {
  /** Open time of the bar that entered, ms since the epoch. */
  readonly entryTimeMs: number;
  /** Open time of the bar that left, ms since the epoch. */
  readonly exitTimeMs: number;
}

/** What `GET /api/backtest` answers; plain JSON. */
export interface BacktestAnswer {
  /** What to draw. */
  readonly spec: ChartSpec;
  /** The rows of the chart. */
  readonly columns: Columns;
  /** What the trades came to. */
  readonly metrics: BacktestMetrics;
  /** The round trips, newest first. */
  readonly trades: readonly TradeAnswer[];
  /** Other thresholds and windows over the same bars; `null` where it was not asked for. */
  readonly sweep: SweepMap | null;
  /** Share of the bars in which a leg did not trade, in [0, 1]: nothing was done there. */
  readonly staleShare: number;
  /** Share of the bars that are not proven complete, in [0, 1]. */
  readonly incompleteShare: number;
}
