/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { lttb } from "./downsample.ts";
import { formatCount, formatTime, formatValue, type Zone } from "./format.ts";
import { panelHeight, panelPlot } from "./panel_plot.ts";
import type { ChartSpec, Columns, PanelSpec, SeriesSpec } from "./spec.ts";
import { FONT_STACK, LIGHT, type Theme } from "./theme.ts";

/** How to draw a chart into a file. */
export interface RenderOptions {
  /** Width in CSS pixels. @default {900} */
  readonly width?: number;
  /** Colours. @default {LIGHT} */
  readonly theme?: Theme;
  /** The time drawn, `[startMs, endMs]`. @default {all rows} */
  readonly span?: { readonly startMs: number; readonly endMs: number };
  /** Keys of series that are not drawn. @default {none} */
  readonly hidden?: ReadonlySet<string>;
  /** Whose clock the times are on. @default {"utc"} */
  readonly zone?: Zone;
}

/** Keeps a picture below some 60 kB, whatever the number of rows and series. */
const POINTS_PER_PICTURE = 3_000;
const MOST_POINTS_PER_SERIES = 900;

const TITLE_HEIGHT = 26;
const SUBTITLE_HEIGHT = 18;
const PANEL_HEADER_HEIGHT = 24;

/**
 * Returns a chart as one SVG file, drawn with a document that the caller brings: `renderSvg()` brings
 * one of its own, a browser its own page's.
 *
 * @example A picture with the document of a kernel
 * ```ts
 * import { candleChart, composeSvg, plotDocument } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const { spec, columns } = candleChart([], { title: "No bars", intervalMs: 60_000 });
 * ok(composeSvg(spec, columns, await plotDocument()).includes("No rows"));
 * ```
 *
 * @param spec The chart.
 * @param columns Its rows.
 * @param document Makes the elements.
 * @param options Width, colours, and what of it to draw.
 * @returns The SVG.
 */
export function composeSvg(
  spec: ChartSpec,
  columns: Columns,
  document: Document,
  options: RenderOptions = {},
): string {
  const { width = 900, theme = LIGHT, hidden = new Set(), zone = "utc" } = options;
  const rows = rowsOf(spec, columns, options.span);
  const parts: string[] = [];
  let y = 0;
  const addText = (height: number, baseline: number, size: number, content: string) => {
    if (content !== "") {
      parts.push(`<text x="14" y="${y + baseline}" font-size="${size}">${content}</text>`);
    }
    y += height;
  };
  y += 10;
  addText(TITLE_HEIGHT, 16, 16, bold(spec.title, theme));
  if (spec.subtitle !== "") addText(SUBTITLE_HEIGHT, 8, 12, plain(spec.subtitle, theme));
  spec.panels.forEach((panel, k) => {
    const timeAxis = k === spec.panels.length - 1;
    addText(PANEL_HEADER_HEIGHT, 18, 12, panelHeader(panel, columns, rows.to, theme));
    const plot = drawPanel(spec, panel, columns, {
      ...{ width, theme, timeAxis, document },
      ...{ hidden, zone, rows },
    });
    plot.setAttribute("y", String(y));
    parts.push(withShortNumbers(plot.outerHTML));
    y += panelHeight(panel, timeAxis);
  });
  addText(24, 14, 11, plain(footer(spec, columns, rows, zone), theme));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" ` +
    `viewBox="0 0 ${width} ${y}" role="img" aria-label="${escape(spec.title)}" ` +
    `font-family="${escape(FONT_STACK)}" style="max-width:100%;height:auto">` +
    `<rect width="100%" height="100%" fill="${theme.surface}"/>${parts.join("")}</svg>`;
}

interface Drawing {
  readonly width: number;
  readonly theme: Theme;
  readonly timeAxis: boolean;
  readonly document: Document;
  readonly hidden: ReadonlySet<string>;
  readonly zone: Zone;
  readonly rows: DrawnRows;
}

/** Rows `[from, to)` over a stretch of time. */
interface DrawnRows {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

function rowsOf(spec: ChartSpec, { t }: Columns, span: RenderOptions["span"]): DrawnRows {
  const startMs = span?.startMs ?? t[0] ?? 0;
  const endMs = Math.max(span?.endMs ?? (t.at(-1) ?? 0) + spec.intervalMs, startMs + 1);
  const first = t.findIndex((timeMs) => timeMs >= startMs);
  const from = span === undefined ? 0 : Math.max(0, (first < 0 ? t.length : first) - 1);
  const to = span === undefined ? t.length : t.findLastIndex((timeMs) => timeMs <= endMs) + 1;
  return { from, to, startMs, endMs };
}

function drawPanel(
  spec: ChartSpec,
  panel: PanelSpec,
  columns: Columns,
  { width, theme, timeAxis, document, hidden, zone, rows }: Drawing,
): Element {
  const { t } = columns;
  const seriesCount = spec.panels.reduce((sum, p) => sum + p.series.length + 2 * p.bands.length, 0);
  const points = Math.min(MOST_POINTS_PER_SERIES, Math.floor(POINTS_PER_PICTURE / seriesCount));
  const plot = Plot.plot({
    ...panelPlot(spec, panel, columns, {
      ...rows,
      ...{ width, timeAxis, theme, zone, hidden },
      sample: (values, range) => lttb(t, values, range, points),
      clip: rows.from > 0 || rows.to < t.length,
    }),
    document,
  });
  for (const style of [...plot.querySelectorAll("style")]) style.remove();
  return plot;
}

function panelHeader(panel: PanelSpec, columns: Columns, to: number, theme: Theme): string {
  const series = panel.series.map((s) => {
    const last = formatValue(lastValue(columns, s, to));
    return `<tspan dx="14" font-weight="700" fill="${theme.color[s.color]}">━</tspan>` +
      `<tspan dx="5" fill="${theme.muted}">${escape(s.label)}</tspan>` +
      `<tspan dx="5" fill="${theme.text}" style="font-variant-numeric:tabular-nums">${last}</tspan>`;
  });
  const unit = panel.unit === "" ? "" : `<tspan dx="6">${plain(panel.unit, theme)}</tspan>`;
  return bold(panel.label, theme) + unit + series.join("");
}

function lastValue(columns: Columns, { key }: SeriesSpec, to: number): number | null {
  for (let row = to - 1; row >= 0; row--) {
    const value = columns[key]?.[row] ?? null;
    if (value !== null) return value;
  }
  return null;
}

function footer(spec: ChartSpec, { t }: Columns, rows: DrawnRows, zone: Zone): string {
  const inside = t.slice(rows.from, rows.to).filter((ms) => ms >= rows.startMs && ms < rows.endMs);
  if (inside.length === 0) return "No rows";
  const [first, last] = [inside[0]!, inside.at(-1)!]
    .map((ms) => formatTime(ms, spec.intervalMs, zone));
  const clock = zone === "utc" ? "UTC" : "local time";
  return `${formatCount(inside.length, "row")}, ${first} to ${last} ${clock}`;
}

function bold(text: string, theme: Theme): string {
  return `<tspan font-weight="600" fill="${theme.text}">${escape(text)}</tspan>`;
}

function plain(text: string, theme: Theme): string {
  return `<tspan fill="${theme.muted}">${escape(text)}</tspan>`;
}

/** A tenth of a pixel is enough for coordinates, and half the size. */
function withShortNumbers(svg: string): string {
  return svg.replace(/(?<=[\s"(,MLHVCZ-])\d+\.\d{2,}/g, (n) => String(Math.round(+n * 10) / 10));
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
