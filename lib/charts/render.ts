/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import { lttb } from "./downsample.ts";
import { formatTime, formatValue } from "./format.ts";
import { panelHeight, panelPlot } from "./panel_plot.ts";
import type { ChartSpec, Columns, PanelSpec, SeriesSpec } from "./spec.ts";
import { FONT_STACK, LIGHT, type Theme } from "./theme.ts";

/** How to draw a chart into a file. */
export interface RenderOptions {
  /** Width in CSS pixels. @default {900} */
  readonly width?: number;
  /** Colours. @default {LIGHT} */
  readonly theme?: Theme;
}

/** Keeps a picture below some 60 kB, whatever the number of rows and series. */
const POINTS_PER_PICTURE = 3_000;
const MOST_POINTS_PER_SERIES = 900;

const TITLE_HEIGHT = 26;
const SUBTITLE_HEIGHT = 18;
const PANEL_HEADER_HEIGHT = 24;

/**
 * Returns a chart as one picture that needs nothing else: an SVG file with a background, drawn
 * from about as many points as the eye can tell apart, at most some 60 kB.
 *
 * The same panels as in a browser. Loads a document on the first call.
 *
 * @example An empty chart is a picture as well
 * ```ts
 * import { candleChart, renderSvg } from "tandem/charts";
 * import { ok } from "node:assert/strict";
 *
 * const { spec, columns } = candleChart([], { title: "No bars", intervalMs: 60_000 });
 * ok((await renderSvg(spec, columns)).startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
 * ```
 *
 * @param spec The chart.
 * @param columns Its rows.
 * @param options Width and colours.
 * @returns The SVG.
 */
export async function renderSvg(
  spec: ChartSpec,
  columns: Columns,
  options: RenderOptions = {},
): Promise<string> {
  const { width = 900, theme = LIGHT } = options;
  const document = await plotDocument();
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
    addText(PANEL_HEADER_HEIGHT, 18, 12, panelHeader(panel, columns, theme));
    const plot = drawPanel(spec, panel, columns, { width, theme, timeAxis, document });
    plot.setAttribute("y", String(y));
    parts.push(withShortNumbers(plot.outerHTML));
    y += panelHeight(panel, timeAxis);
  });
  addText(24, 14, 11, plain(footer(spec, columns), theme));
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
}

function drawPanel(
  spec: ChartSpec,
  panel: PanelSpec,
  columns: Columns,
  { width, theme, timeAxis, document }: Drawing,
): Element {
  const { t } = columns;
  const startMs = t[0] ?? 0;
  const endMs = Math.max((t.at(-1) ?? 0) + spec.intervalMs, startMs + 1);
  const seriesCount = spec.panels.reduce((sum, p) => sum + p.series.length + 2 * p.bands.length, 0);
  const points = Math.min(MOST_POINTS_PER_SERIES, Math.floor(POINTS_PER_PICTURE / seriesCount));
  const plot = Plot.plot({
    ...panelPlot(spec, panel, columns, {
      ...{ from: 0, to: t.length, startMs, endMs, width, timeAxis, theme },
      sample: (values, range) => lttb(t, values, range, points),
      hidden: new Set(),
      clip: false,
    }),
    document,
  });
  for (const style of [...plot.querySelectorAll("style")]) style.remove();
  return plot;
}

function panelHeader(panel: PanelSpec, columns: Columns, theme: Theme): string {
  const series = panel.series.map((s) => {
    const last = formatValue(lastValue(columns, s));
    return `<tspan dx="14" font-weight="700" fill="${theme.color[s.color]}">━</tspan>` +
      `<tspan dx="5" fill="${theme.muted}">${escape(s.label)}</tspan>` +
      `<tspan dx="5" fill="${theme.text}" style="font-variant-numeric:tabular-nums">${last}</tspan>`;
  });
  const unit = panel.unit === "" ? "" : `<tspan dx="6">${plain(panel.unit, theme)}</tspan>`;
  return bold(panel.label, theme) + unit + series.join("");
}

function lastValue(columns: Columns, series: SeriesSpec): number | null {
  return columns[series.key]?.findLast((value) => value !== null) ?? null;
}

function footer(spec: ChartSpec, { t }: Columns): string {
  if (t.length === 0) return "No rows";
  const [first, last] = [t[0]!, t.at(-1)!].map((ms) => formatTime(ms, spec.intervalMs));
  return `${t.length.toLocaleString("en")} rows, ${first} to ${last} UTC`;
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

let loaded: Promise<Document> | undefined;

/**
 * Returns a document to draw with where no browser is: pass it to Observable Plot as `document`.
 *
 * Imported on demand: the code that a browser loads shares this room and brings its own document.
 * It has no canvas, which Plot needs for the legend of a continuous colour scale and for rasters.
 *
 * @example A drawing of one's own
 * ```ts
 * import { plotDocument } from "tandem/charts";
 * import * as Plot from "@observablehq/plot";
 * import { ok } from "node:assert/strict";
 *
 * const document = await plotDocument();
 * const drawing = Plot.plot({ document, marks: [Plot.lineY([1, 3, 2])] });
 * ok(drawing.outerHTML.startsWith("<svg"));
 * ```
 *
 * @returns The document, the same one at every call.
 */
export function plotDocument(): Promise<Document> {
  return loaded ??= import("linkedom").then(({ parseHTML }) =>
    parseHTML("<!doctype html><html><body></body></html>").document
  );
}
