import * as Plot from "@observablehq/plot";
import { baseValue } from "./base_value.ts";
import { candles, markedStretches, type Span, standingColumns } from "./buckets.ts";
import { BREAK, type LineRange } from "./downsample.ts";
import type { PanelView } from "./panel_plot.ts";
import type {
  BandSpec,
  CandleSeries,
  ChartSpec,
  Columns,
  ColumnSeries,
  LineSeries,
  PanelSpec,
} from "./spec.ts";
import type { Theme } from "./theme.ts";
import { timeFormat, valueFormat } from "./tick_format.ts";

const LINE_WIDTH = 1.5;
const PIXELS_PER_VALUE_TICK = 34;
const PIXELS_PER_TIME_TICK = 110;
const MARK_HEIGHT = 3;
const LABEL_HEIGHT = 11;
const TINT = 0.1;

/** A panel that is being drawn. */
export interface Drawing {
  readonly spec: ChartSpec;
  readonly panel: PanelSpec;
  readonly columns: Columns;
  readonly view: PanelView;
  readonly span: Span;
}

/** Grid lines and the numbers at their ends. */
export function axes({ panel, view, span }: Drawing): Plot.Markish[] {
  const { theme } = view;
  const values = { ticks: Math.max(2, Math.round(panel.height / PIXELS_PER_VALUE_TICK)) };
  const times = { ticks: Math.max(2, Math.round(span.pixels / PIXELS_PER_TIME_TICK)) };
  const grid = { stroke: theme.grid, strokeOpacity: 1 };
  const text = { fill: theme.muted, tickSize: 0, label: null };
  return [
    Plot.gridX({ ...times, ...grid, clip: view.reach !== undefined }),
    Plot.gridY({ ...values, ...grid }),
    Plot.axisY({ ...values, ...text, tickPadding: 8, tickFormat: valueFormat(panel) }),
    ...(view.timeAxis
      ? [
        Plot.axisX({
          ...times,
          ...text,
          anchor: "bottom",
          tickPadding: 8,
          tickFormat: timeFormat(view),
        }),
      ]
      : []),
  ];
}

/** The marks of one series. */
export function seriesMarks(
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

/** Class of what is clipped and yet stays where it is when a drawing slides along the time axis. */
export const STILL: string = "tandem-still";

/** The lines at fixed values. */
export function ruleMarks({ panel, view }: Drawing): Plot.Markish[] {
  return panel.rules.map(({ value, color }) =>
    Plot.ruleY([value], {
      stroke: view.theme.color[color],
      strokeDasharray: value === 0 ? "none" : "5 4",
      strokeOpacity: value === 0 ? 0.5 : 0.9,
      ...(view.reach === undefined ? {} : { className: STILL }),
    })
  );
}

/** What the rules mean, written above the upper one of each kind, the outermost first. */
export function ruleLabels({ panel, view }: Drawing): Plot.Markish {
  const labelled = panel.rules.filter((rule) => rule.label !== "" && rule.value > 0);
  return Plot.text(labelled.toSorted((a, b) => b.value - a.value), {
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
    clip: false,
    render: (index, scales, values, dimensions, context, next) =>
      next!(apart(index, values.y), scales, values, dimensions, context),
  });
}

/** The labels that do not run into one before them. */
function apart(index: readonly number[], y: ArrayLike<number> | undefined): number[] {
  const kept: number[] = [];
  for (const k of index) {
    if (kept.every((other) => Math.abs(y![k]! - y![other]!) >= LABEL_HEIGHT)) kept.push(k);
  }
  return kept;
}

function lineMarks(drawing: Drawing, series: LineSeries): Plot.Markish[] {
  const { columns, panel, view } = drawing;
  const values = columns[series.key];
  if (values === undefined) return [];
  const rows = view.sample(values, rangeOf(drawing));
  if (rows.length === 0) return [];
  const base = baseValue(columns, series.key, view) ?? NaN;
  const drawn = panel.values === "change"
    ? (value: number) => 100 * (panel.scale === "log" ? Math.log(value / base) : value / base - 1)
    : (value: number) => panel.scale === "log" && value <= 0 ? NaN : value;
  return [
    Plot.lineY(rows, {
      x: (row: number) => columns.t[row] ?? NaN,
      y: (row: number) => row === BREAK ? NaN : drawn(values[row]!),
      stroke: view.theme.color[series.color],
      strokeWidth: LINE_WIDTH,
      strokeLinecap: "round",
      strokeLinejoin: "round",
    }),
  ];
}

/** The area of one band. */
export function bandMarks(drawing: Drawing, band: BandSpec): Plot.Markish[] {
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

/** Marked rows: strips at the foot of the first panel, and a tint in every one where asked for. */
export function stretchMarks({ columns, panel, spec, view, span }: Drawing): Plot.Markish[] {
  return spec.marks.flatMap((mark, lane) => {
    const fill = view.theme.color[mark.color];
    const found = markedStretches(columns, mark, spec.intervalMs, span);
    if (found.length === 0) return [];
    // Where everything is marked a tint tells nothing; the strip does.
    const isEverywhere = found.length === 1 && found[0]!.startMs <= columns.t[span.from]! &&
      found[0]!.endMs > columns.t[span.to - 1]!;
    const tint = mark.tint && !isEverywhere
      ? [Plot.rect(found, { x1: "startMs", x2: "endMs", fill, fillOpacity: TINT })]
      : [];
    if (panel !== spec.panels[0]) return tint;
    const strip = Plot.rect(found, {
      x1: "startMs",
      x2: "endMs",
      insetTop: panel.height - (lane + 1) * MARK_HEIGHT - lane,
      insetBottom: lane * (MARK_HEIGHT + 1),
      fill,
    });
    return [...tint, strip];
  });
}
