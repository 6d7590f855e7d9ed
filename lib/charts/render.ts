/// <reference lib="dom" />
import { composeSvg, type RenderOptions } from "./compose.ts";
import type { ChartSpec, Columns } from "./spec.ts";

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
 * @param options Width, colours, and what of it to draw.
 * @returns The SVG.
 */
export async function renderSvg(
  spec: ChartSpec,
  columns: Columns,
  options: RenderOptions = {},
): Promise<string> {
  return composeSvg(spec, columns, await plotDocument(), options);
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
