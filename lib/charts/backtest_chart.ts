import type { BacktestResult } from "../backtest/mod.ts";
import { formatInterval } from "../market/mod.ts";
import type { PairReading } from "../pairs/mod.ts";
import type { Chart } from "./candle_chart.ts";
import type { Columns, PanelSpec } from "./spec.ts";

/** What a chart of a backtest says. */
export interface BacktestChartOptions {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Length of one row in ms. */
  readonly intervalMs: number;
  /** A second line, such as thresholds and costs. @default {the interval} */
  readonly subtitle?: string;
}

/**
 * Returns a chart of a backtest: equity before and after costs, the drawdown from the highest equity
 * so far, the side held, and the z-score it went by.
 *
 * Bars in which a leg did not trade are marked, and so are those in which a position was stopped.
 *
 * @example Equity and drawdown of three bars
 * ```ts
 * import { backtest } from "tandem/backtest";
 * import { backtestChart } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const columns = { y: [10, 11, 10.5], x: [5, 5, 5], zScore: [-3, -3, -3], hedgeRatio: [0, 0, 0] };
 * const result = backtest(columns, {
 *   sizing: "dollar", fill: "close", grossNotional: 1_000, capital: 1_000, feeBps: 0, closeAtEnd: false,
 * });
 * const readings = columns.zScore.map((zScore, t) => ({ openTimeMs: 60_000 * t, zScore, stale: false }));
 * const chart = backtestChart(result, readings, { y: "Y", x: "X", intervalMs: 60_000 });
 * deepStrictEqual(chart.columns.equity, [1_000, 1_100, 1_050]);
 * deepStrictEqual(chart.columns.drawdown!.map((d) => Math.round(10 * d!) / 10), [0, 0, -4.5]);
 * ```
 *
 * @param result What a backtest did.
 * @param readings The readings it went by, one per bar.
 * @param options The legs and the interval.
 * @returns The chart; its columns are `equity`, `gross`, `drawdown` in %, `position`, `zScore`, and the
 *   marks `stale` and `stopped`.
 * @throws {RangeError} If there is not one reading per bar.
 */
export function backtestChart(
  result: BacktestResult,
  readings: readonly Pick<PairReading, "openTimeMs" | "zScore" | "stale">[],
  options: BacktestChartOptions,
): Chart {
  if (readings.length !== result.net.length) {
    throw new RangeError(
      `Cannot draw a backtest as there must be one reading per bar: current values are ${readings.length} and ${result.net.length}`,
    );
  }
  const { y, x, intervalMs, subtitle = `${formatInterval(intervalMs)} bars` } = options;
  return {
    spec: {
      title: `Backtest of ${y} and ${x}`,
      subtitle,
      intervalMs,
      breakAfterMs: null,
      marks: [
        { key: "stale", label: "price carried forward", color: "amber" },
        { key: "stopped", label: "stopped", color: "red" },
      ],
      panels: PANELS,
    },
    columns: columnsOf(result, readings),
  };
}

const PANELS: readonly PanelSpec[] = [
  panel("equity", "Equity", "quote", 150, [
    ["gross", "before costs", "grey"],
    ["equity", "after costs", "blue"],
  ]),
  panel("drawdown", "Drawdown", "%", 80, [["drawdown", "below the highest equity", "red"]]),
  {
    ...panel("position", "Position", "", 44, []),
    series: [{ kind: "columns", key: "position", label: "side held", color: "purple" }],
  },
  {
    ...panel("zScore", "z-score", "deviations", 90, [["zScore", "z-score", "ink"]]),
    rules: [{ value: 0, label: "mean", color: "grey" }],
  },
];

function panel(
  key: string,
  label: string,
  unit: string,
  height: number,
  lines: readonly [key: string, label: string, color: PanelSpec["series"][number]["color"]][],
): PanelSpec {
  return {
    ...{ key, label, unit, height, scale: "linear", values: "level", rules: [], bands: [] },
    series: lines.map(([key, label, color]) => ({ kind: "line", key, label, color })),
  };
}

function columnsOf(
  { equity, gross, position, trades, capital }: BacktestResult,
  readings: readonly Pick<PairReading, "openTimeMs" | "zScore" | "stale">[],
): Columns {
  let highest = capital;
  let made = capital;
  const stops = new Set(trades.filter((t) => t.reason === "stop").map((t) => t.exitBar));
  return {
    t: readings.map((r) => r.openTimeMs),
    equity: Array.from(equity),
    gross: Array.from(gross, (amount) => made += amount),
    drawdown: Array.from(equity, (value) => {
      highest = Math.max(highest, value);
      return 100 * (value / highest - 1);
    }),
    position: Array.from(position),
    zScore: readings.map((r) => r.zScore),
    stale: readings.map((r) => r.stale ? 1 : 0),
    stopped: readings.map((_, t) => stops.has(t) ? 1 : 0),
  };
}
