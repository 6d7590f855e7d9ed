/**
 * Charts as values: a specification in plain JSON, rows in columns, and the one way to draw them.
 *
 * A kernel and a browser draw the same panels from the same specification; `renderSvg()` makes a
 * picture that needs neither.
 *
 * ```ts
 * import { candleChart, renderSvg } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const { spec, columns } = candleChart([], { title: "BTCUSDT", intervalMs: 60_000 });
 * const picture = await renderSvg(spec, columns, { width: 640 });
 * ok(picture.includes("BTCUSDT"));
 * ```
 *
 * @module
 */
export * from "./backtest_chart.ts";
export * from "./base_value.ts";
export * from "./candle_chart.ts";
export { composeSvg, type RenderOptions } from "./compose.ts";
export { BREAK, type LineRange, lttb, m4, type Times, type Values } from "./downsample.ts";
export { formatCount, formatFixed, formatTime, formatValue, type Zone } from "./format.ts";
export {
  type HeatMap,
  heatMap,
  heatPixels,
  type HeatScale,
  heatScale,
  heatValue,
} from "./heat_map.ts";
export * from "./pair_chart.ts";
export { STILL } from "./panel_marks.ts";
export * from "./panel_plot.ts";
export * from "./reach.ts";
export * from "./render.ts";
export * from "./row_blocks.ts";
export * from "./signal_marks.ts";
export { DECISION_LOOKS, MOST_DECISIONS } from "./signal_plot.ts";
export * from "./spec.ts";
export * from "./sweep_map.ts";
export * from "./theme.ts";
export { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";
