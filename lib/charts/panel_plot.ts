import type { PlotOptions } from "@observablehq/plot";
import type { LineRange } from "./downsample.ts";
import { flatDomain } from "./flat_domain.ts";
import type { Zone } from "./format.ts";
import {
  axes,
  bandMarks,
  type Drawing,
  ruleLabels,
  ruleMarks,
  seriesMarks,
  stretchMarks,
} from "./panel_marks.ts";
import { type Reach, reachPixels } from "./reach.ts";
import { signalMarks } from "./signal_plot.ts";
import type { ChartSpec, Columns, PanelSpec } from "./spec.ts";
import { FONT_STACK, type Theme } from "./theme.ts";

/** What `Plot.plot()` of Observable Plot takes; a value of this type is always valid for it. */
export interface PanelPlotOptions {
  /** An option by its name. */
  readonly [option: string]: unknown;
}

/** What of a panel to draw, and how. */
export interface PanelView extends Reach {
  /** First row to draw. */
  readonly from: number;
  /** End of the rows to draw, exclusive. */
  readonly to: number;
  /** Outer width in CSS pixels. */
  readonly width: number;
  /** Whether the time axis is drawn below the panel. */
  readonly timeAxis: boolean;
  /** Keys of series that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Chooses the rows to draw of a column, with `BREAK` where the line is broken. */
  readonly sample: (values: readonly (number | null)[], range: LineRange) => number[];
  /** Colours. */
  readonly theme: Theme;
  /** Whose clock the time axis is on. @default {"utc"} */
  readonly zone?: Zone;
  /** Whether marks reach beyond the time span and are to be cut off. */
  readonly clip: boolean;
}

/** Space around the plot of a panel in CSS pixels; the same for all, so that panels line up. */
export const MARGIN = { top: 8, right: 14, bottom: 6, left: 58, timeAxis: 32 } as const;

/**
 * Returns the height of a panel's drawing in CSS pixels.
 *
 * @example With the time axis below it
 * ```ts
 * import { panelHeight } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(panelHeight({ height: 100 }, true) - panelHeight({ height: 100 }, false), 32);
 * ```
 *
 * @param panel The panel.
 * @param timeAxis Whether the time axis is drawn below it.
 * @returns Its height with margins.
 */
export function panelHeight(panel: Pick<PanelSpec, "height">, timeAxis: boolean): number {
  return panel.height + MARGIN.top + MARGIN.bottom + (timeAxis ? MARGIN.timeAxis : 0);
}

/**
 * Returns a panel as options of Observable Plot.
 *
 * The one place where panels become drawings: a kernel and a browser call it alike, each adds its
 * own `document`. Rows outside of the view cost nothing.
 *
 * @example A panel of one line
 * ```ts
 * import { candleChart, LIGHT, m4, panelPlot } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { spec, columns } = candleChart([], { title: "Empty", intervalMs: 60_000 });
 * const options = panelPlot(spec, spec.panels[0]!, columns, {
 *   from: 0, to: 0, startMs: 0, endMs: 1, width: 640, timeAxis: true, hidden: new Set(),
 *   sample: (y, range) => m4(columns.t, y, range, { startMs: 0, endMs: 1, columns: 640 }),
 *   theme: LIGHT, clip: false,
 * });
 * strictEqual(options.width, 640);
 * ```
 *
 * @param spec The chart.
 * @param panel One of its panels.
 * @param columns The rows of the chart.
 * @param view What of it to draw, and how.
 * @returns Options for `Plot.plot()`.
 */
export function panelPlot(
  spec: ChartSpec,
  panel: PanelSpec,
  columns: Columns,
  view: PanelView,
): PanelPlotOptions {
  const { theme, reach = view } = view;
  const pixels = reachPixels(view, view.width - MARGIN.left - MARGIN.right);
  const ahead = (view.startMs - reach.startMs) / (reach.endMs - reach.startMs);
  const left = MARGIN.left - pixels * ahead;
  const drawing: Drawing = {
    ...{ spec, panel, columns, view },
    span: { ...view, startMs: reach.startMs, endMs: reach.endMs, pixels },
  };
  const shown = panel.series.filter((series) => !view.hidden.has(series.key));
  const hasStanding = panel.series.some((series) => series.kind === "columns");
  const domain = flatDomain(panel, columns, view);
  const options: PlotOptions = {
    width: view.width,
    height: panelHeight(panel, view.timeAxis),
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom + (view.timeAxis ? MARGIN.timeAxis : 0),
    marginLeft: MARGIN.left,
    className: "tandem-plot",
    style: { background: "none", color: theme.text, fontFamily: FONT_STACK, fontSize: "11px" },
    clip: view.clip,
    x: {
      type: view.zone === "local" ? "time" : "utc",
      domain: [new Date(reach.startMs), new Date(reach.endMs)],
      range: [left, left + pixels],
      axis: null,
    },
    y: {
      ...domain === null ? {} : { domain },
      type: panel.values === "change" ? "linear" : panel.scale,
      axis: null,
      nice: true,
      insetTop: 3,
      insetBottom: hasStanding ? 0 : 5,
      zero: hasStanding && panel.scale === "linear",
    },
    marks: [
      ...axes(drawing),
      ...panel.bands.flatMap((band) => bandMarks(drawing, band)),
      ...ruleMarks(drawing),
      ...shown.flatMap((series) => seriesMarks(drawing, series)),
      ...signalMarks(drawing),
      ruleLabels(drawing),
      ...stretchMarks(drawing),
    ],
  };
  return { ...options };
}
