import * as Plot from "@observablehq/plot";
import { candles, markedStretches, type Span, standingColumns } from "./buckets.ts";
import { BREAK, type LineRange } from "./downsample.ts";
import type {
  BandSpec,
  CandleSeries,
  ChartSpec,
  Columns,
  ColumnSeries,
  LineSeries,
  PanelSpec,
} from "./spec.ts";
import { FONT_STACK, type Theme } from "./theme.ts";

/** What of a panel to draw, and how. */
export interface PanelView {
  /** First row in view. */
  readonly from: number;
  /** End of the rows in view, exclusive. */
  readonly to: number;
  /** Left edge, ms since the epoch. */
  readonly startMs: number;
  /** Right edge, ms since the epoch; > `startMs`. */
  readonly endMs: number;
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
  /** Whether marks reach beyond the time span and are to be cut off. */
  readonly clip: boolean;
}

/** Space around the plot of a panel in CSS pixels; the same for all, so that panels line up. */
export const MARGIN = { top: 8, right: 14, bottom: 6, left: 58, timeAxis: 32 } as const;

const LINE_WIDTH = 1.5;
const PIXELS_PER_VALUE_TICK = 40;
const PIXELS_PER_TIME_TICK = 110;
const MARK_HEIGHT = 3;

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
): Plot.PlotOptions {
  const { theme } = view;
  const drawing: Drawing = {
    spec,
    panel,
    columns,
    view,
    span: { ...view, pixels: view.width - MARGIN.left - MARGIN.right },
  };
  const shown = panel.series.filter((series) => !view.hidden.has(series.key));
  const hasStanding = panel.series.some((series) => series.kind === "columns");
  const marks = shown.flatMap((series) => seriesMarks(drawing, series));
  return {
    width: view.width,
    height: panelHeight(panel, view.timeAxis),
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom + (view.timeAxis ? MARGIN.timeAxis : 0),
    marginLeft: MARGIN.left,
    className: "tandem-plot",
    style: { background: "none", color: theme.text, fontFamily: FONT_STACK, fontSize: "11px" },
    clip: view.clip,
    x: { type: "utc", domain: [new Date(view.startMs), new Date(view.endMs)], axis: null },
    y: {
      type: panel.scale,
      axis: null,
      nice: true,
      insetTop: 3,
      insetBottom: hasStanding ? 0 : 5,
      zero: hasStanding,
    },
    marks: [
      ...axes(drawing),
      ...panel.bands.flatMap((band) => bandMarks(drawing, band)),
      ...panel.rules.map((rule) =>
        Plot.ruleY([rule.value], {
          stroke: theme.color[rule.color],
          strokeDasharray: rule.value === 0 ? "none" : "5 4",
          strokeOpacity: rule.value === 0 ? 0.5 : 0.9,
        })
      ),
      ...marks,
      ruleLabels(drawing),
      ...(panel === spec.panels[0] ? stretchMarks(drawing) : []),
    ],
  };
}

/**
 * Returns the value that a panel of changes draws as 0 %: the first one in view.
 *
 * @example The view begins at the second row
 * ```ts
 * import { baseValue } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const columns = { t: [0, 1, 2], y: [7, null, 9] };
 * strictEqual(baseValue(columns, "y", { from: 0, to: 3, startMs: 1 }), 9);
 * ```
 *
 * @param columns The rows of a chart.
 * @param key One of its columns.
 * @param view The rows in view, and the time from which on they count.
 * @returns The value, or `null` where there is none.
 */
export function baseValue(
  columns: Columns,
  key: string,
  view: Pick<PanelView, "from" | "to" | "startMs">,
): number | null {
  for (let row = view.from; row < view.to; row++) {
    const value = columns[key]?.[row] ?? null;
    if (value !== null && columns.t[row]! >= view.startMs) return value;
  }
  return null;
}

interface Drawing {
  readonly spec: ChartSpec;
  readonly panel: PanelSpec;
  readonly columns: Columns;
  readonly view: PanelView;
  readonly span: Span;
}

function axes({ panel, view, span }: Drawing): Plot.Markish[] {
  const { theme } = view;
  const values = { ticks: Math.max(2, Math.round(panel.height / PIXELS_PER_VALUE_TICK)) };
  const times = { ticks: Math.max(2, Math.round(span.pixels / PIXELS_PER_TIME_TICK)) };
  const grid = { stroke: theme.grid, strokeOpacity: 1 };
  const text = { fill: theme.muted, tickSize: 0, label: null, ariaLabel: null };
  return [
    Plot.gridX({ ...times, ...grid }),
    Plot.gridY({ ...values, ...grid }),
    Plot.axisY({ ...values, ...text, tickPadding: 8, tickFormat: valueFormat(panel) }),
    ...(view.timeAxis
      ? [
        Plot.axisX({
          ...times,
          ...text,
          anchor: "bottom",
          tickPadding: 8,
          tickFormat: timeFormat(),
        }),
      ]
      : []),
  ];
}

function valueFormat(panel: PanelSpec): ((value: number) => string) | null {
  return panel.values === "change" ? (value) => `${signed(value)} %` : null;
}

function signed(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(6)));
  return value === 0 ? text : `${value < 0 ? "−" : "+"}${text}`;
}

/** Writes the time of each tick, and the day below the first one and wherever it changes. */
function timeFormat(): (time: Date, k: number) => string {
  let day = "";
  return (time, k) => {
    const iso = time.toISOString();
    const isNewDay = k === 0 || iso.slice(0, 10) !== day;
    day = iso.slice(0, 10);
    const clock = iso.slice(11, time.getUTCSeconds() === 0 ? 16 : 19);
    return isNewDay ? `${clock}\n${day}` : clock;
  };
}

function seriesMarks(
  drawing: Drawing,
  series: LineSeries | ColumnSeries | CandleSeries,
): Plot.Markish[] {
  if (series.kind === "candles") return candleMarks(drawing, series);
  if (series.kind === "columns") return columnMarks(drawing, series);
  return lineMarks(drawing, series);
}

function rangeOf({ spec, view }: Drawing): LineRange {
  return { from: view.from, to: view.to, breakAfterMs: spec.breakAfterMs };
}

/** What the rules mean, written once above the upper one of each kind. */
function ruleLabels({ panel, view }: Drawing): Plot.Markish {
  return Plot.text(panel.rules.filter((rule) => rule.label !== "" && rule.value > 0), {
    y: "value",
    text: "label",
    fill: (rule) => view.theme.color[rule.color as keyof Theme["color"]],
    stroke: view.theme.surface,
    strokeWidth: 3,
    frameAnchor: "right",
    textAnchor: "end",
    dx: -2,
    dy: -6,
    fontSize: 10,
  });
}

function lineMarks(drawing: Drawing, series: LineSeries): Plot.Markish[] {
  const { columns, panel, view } = drawing;
  const values = columns[series.key];
  if (values === undefined) return [];
  const rows = view.sample(values, rangeOf(drawing));
  if (rows.length === 0) return [];
  const base = baseValue(columns, series.key, view) ?? NaN;
  const y = panel.values === "change"
    ? (row: number) => row === BREAK ? NaN : 100 * (values[row]! / base - 1)
    : (row: number) => row === BREAK ? NaN : values[row]!;
  return [
    Plot.lineY(rows, {
      x: (row: number) => columns.t[row] ?? NaN,
      y,
      stroke: view.theme.color[series.color],
      strokeWidth: LINE_WIDTH,
      strokeLinecap: "round",
      strokeLinejoin: "round",
    }),
  ];
}

function bandMarks(drawing: Drawing, band: BandSpec): Plot.Markish[] {
  const { columns, view } = drawing;
  const center = columns[band.center];
  const width = columns[band.width];
  if (center === undefined || width === undefined) return [];
  const edge = (times: number) => (row: number) =>
    row === BREAK || width[row] === null ? NaN : center[row]! + times * width[row]!;
  return [
    Plot.areaY(view.sample(center, rangeOf(drawing)), {
      x: (row: number) => columns.t[row] ?? NaN,
      y1: edge(-band.times),
      y2: edge(band.times),
      fill: view.theme.color[band.color],
      fillOpacity: 0.12,
    }),
  ];
}

function candleMarks({ columns, spec, view, span }: Drawing, series: CandleSeries): Plot.Markish[] {
  const found = candles(columns, series, spec.intervalMs, span);
  const { color } = view.theme;
  const fill = (c: { open: number; close: number }) =>
    color[c.close >= c.open ? series.color : series.fallingColor];
  const gap = found.length > 0 ? (found[0]!.endMs - found[0]!.startMs) * 0.18 : 0;
  return [
    Plot.ruleX(found, {
      x: (c) => (c.startMs + c.endMs) / 2,
      y1: "low",
      y2: "high",
      stroke: fill,
    }),
    Plot.rect(found, {
      x1: (c) => c.startMs + gap,
      x2: (c) => c.endMs - gap,
      y1: "open",
      y2: "close",
      fill,
      stroke: (c) => c.open === c.close ? fill(c) : "none",
    }),
  ];
}

function columnMarks({ columns, spec, view, span }: Drawing, series: ColumnSeries): Plot.Markish[] {
  return [
    Plot.rect(standingColumns(columns, series, spec.intervalMs, span), {
      x1: "startMs",
      x2: "endMs",
      y1: 0,
      y2: "value",
      fill: view.theme.color[series.color],
      fillOpacity: 0.7,
    }),
  ];
}

function stretchMarks({ columns, panel, spec, view, span }: Drawing): Plot.Markish[] {
  return spec.marks.map((mark, lane) =>
    Plot.rect(markedStretches(columns, mark, spec.intervalMs, span), {
      x1: "startMs",
      x2: "endMs",
      insetTop: panel.height - (lane + 1) * MARK_HEIGHT - lane,
      insetBottom: lane * (MARK_HEIGHT + 1),
      fill: view.theme.color[mark.color],
    })
  );
}
