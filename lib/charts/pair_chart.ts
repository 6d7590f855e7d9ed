import { formatInterval, isSameUnderlying } from "../market/mod.ts";
import { basisBps, type PairOptions, type PairReading } from "../pairs/mod.ts";
import type { Chart } from "./candle_chart.ts";
import type { ChartSpec, Columns, PanelSpec } from "./spec.ts";
import { DEFAULT_THRESHOLDS, thresholdRules, type Thresholds } from "./thresholds.ts";

/** What a pair chart says about its readings. */
export interface PairChartOptions extends Partial<Thresholds>, PairOptions {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge leg. */
  readonly x: string;
  /** Length of one row in ms. */
  readonly intervalMs: number;
}

/**
 * Returns a chart of a pair: both prices as change in %, spread, z-score with entry, exit and stop
 * lines and the decisions they would make, hedge ratio, correlation and half-life; where both legs
 * are prices of one asset, the basis too.
 *
 * Rows with a price carried forward and rows that trade ids do not prove complete are marked.
 *
 * @example The lines of the z-score
 * ```ts
 * import { pairChart } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { spec } = pairChart([], { y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60 });
 * const score = spec.panels.find((panel) => panel.key === "zScore")!;
 * deepStrictEqual(score.rules.map((rule) => rule.value), [0, 0.5, -0.5, 2, -2, 4, -4]);
 * ```
 *
 * @param readings The readings, oldest first.
 * @param options The legs, the interval, how they were measured, and thresholds (default
 *   `DEFAULT_THRESHOLDS`).
 * @returns The chart; its columns are those of `pairColumns()`.
 */
export function pairChart(readings: readonly PairReading[], options: PairChartOptions): Chart {
  return { spec: pairSpec(options), columns: pairColumns(readings, options) };
}

/**
 * Returns readings as columns.
 *
 * @example No readings
 * ```ts
 * import { pairColumns } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(pairColumns([]).zScore, []);
 * ```
 *
 * @param readings The readings, oldest first.
 * @param legs Names of the legs, if the basis is to be told where both are prices of one asset.
 * @returns Columns `y`, `x`, `spread`, `spreadMean`, `spreadDeviation`, `zScore`, `hedgeRatio`,
 *   `hedgeRatioError`, `intercept`, `correlation`, `halfLifeBars`, the marks `stale` and
 *   `incomplete`, and perhaps `basis`, basis points.
 */
export function pairColumns(
  readings: readonly PairReading[],
  legs?: Pick<PairChartOptions, "y" | "x">,
): Columns {
  return {
    t: readings.map((r) => r.openTimeMs),
    y: readings.map((r) => r.y),
    x: readings.map((r) => r.x),
    spread: readings.map((r) => r.spread),
    spreadMean: readings.map((r) => r.spreadMean),
    spreadDeviation: readings.map((r) => r.spreadDeviation),
    zScore: readings.map((r) => r.zScore),
    hedgeRatio: readings.map((r) => r.hedgeRatio),
    hedgeRatioError: readings.map((r) => r.hedgeRatioError),
    intercept: readings.map((r) => r.intercept),
    correlation: readings.map((r) => r.correlation),
    halfLifeBars: readings.map((r) => r.halfLifeBars),
    stale: readings.map((r) => r.stale ? 1 : 0),
    incomplete: readings.map((r) => r.complete ? 0 : 1),
    ...(legs !== undefined && isSameUnderlying(legs.y, legs.x)
      ? { basis: readings.map(basisBps) }
      : {}),
  };
}

/**
 * Returns the specification of a pair chart without its rows.
 *
 * @example Its panels
 * ```ts
 * import { pairSpec } from "tandem/charts";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const spec = pairSpec({ y: "ETHUSDT", x: "BTCUSDT", intervalMs: 60_000, windowBars: 60 });
 * deepStrictEqual(
 *   spec.panels.map((panel) => panel.key),
 *   ["price", "spread", "zScore", "hedgeRatio", "correlation", "halfLife"],
 * );
 * ```
 *
 * @param options The legs, the interval, how they are measured, and thresholds.
 * @returns The specification.
 */
export function pairSpec(options: PairChartOptions): ChartSpec {
  const { y, x, intervalMs, windowBars, scale = "log", method = "rolling-ols" } = options;
  const { estimationBars = windowBars } = options;
  const { exit, entry, stop } = { ...DEFAULT_THRESHOLDS, ...options };
  const thresholds = { exit, entry, stop };
  const unit = scale === "log" ? "log price" : "quote units";
  return {
    title: `${y} and ${x}`,
    subtitle: `${formatInterval(intervalMs)} bars, window ${windowBars}, ` +
      ({
        ols: `one hedge ratio from the first ${estimationBars} bars`,
        kalman: "hedge ratio by Kalman filter",
        "rolling-ols": "rolling hedge ratio",
      })[method],
    intervalMs,
    breakAfterMs: 30 * intervalMs,
    marks: [
      { key: "stale", label: "price carried forward", color: "amber" },
      { key: "incomplete", label: "incomplete bar", color: "red", tint: true },
    ],
    panels: [
      linePanel("price", "Price", "change in view", 150, [["y", y, "blue"], ["x", x, "orange"]], {
        values: "change",
        canLog: true,
      }),
      ...(isSameUnderlying(y, x)
        ? [
          linePanel("basis", "Basis", `bps by which ${y} is above ${x}`, 72, [
            ["basis", "basis", "blue"],
          ], { rules: [{ value: 0, label: "", color: "ink" }] }),
        ]
        : []),
      linePanel("spread", "Spread", unit, 100, [["spread", "spread", "green"]], {
        bands: [{
          center: "spreadMean",
          width: "spreadDeviation",
          times: entry,
          label: `mean ± ${entry} ${entry === 1 ? "deviation" : "deviations"}`,
          color: "green",
        }],
      }),
      linePanel("zScore", "z-score", "deviations", 140, [["zScore", "z-score", "ink"]], {
        rules: thresholdRules(thresholds),
        signals: { key: "zScore", stale: "stale", ...thresholds },
      }),
      linePanel("hedgeRatio", "Hedge ratio", `${x} per ${y}`, 72, [
        ["hedgeRatio", "hedge ratio", "purple"],
      ], {
        bands: [{
          center: "hedgeRatio",
          width: "hedgeRatioError",
          times: 2,
          label: "± 2 standard errors",
          color: "purple",
        }],
      }),
      linePanel("correlation", "Correlation", "of returns", 60, [
        ["correlation", "correlation", "blue"],
      ]),
      linePanel("halfLife", "Half-life", "bars", 60, [["halfLifeBars", "half-life", "amber"]]),
    ],
  };
}

function linePanel(
  key: string,
  label: string,
  unit: string,
  height: number,
  lines: readonly [key: string, label: string, color: PanelSpec["series"][number]["color"]][],
  rest: Partial<PanelSpec> = {},
): PanelSpec {
  return {
    ...{ key, label, unit, height, scale: "linear", values: "level", rules: [], bands: [] },
    series: lines.map(([key, label, color]) => ({ kind: "line", key, label, color })),
    ...rest,
  };
}
