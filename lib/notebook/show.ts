import { type Chart, renderSvg } from "../charts/mod.ts";
import { sleep } from "../streams/mod.ts";
import { display, type MediaBundle } from "./kernel.ts";

/** The method of an object that a notebook shows in its own way (the same as Deno's kernel asks). */
export const output: unique symbol = Symbol.for("Jupyter.display") as typeof output;

/** Something that knows how a notebook shows it. */
export interface Showable {
  /** Returns media type -> content. */
  [output](): MediaBundle | Promise<MediaBundle>;
}

/** What Observable Plot draws in a kernel: an SVG element, or a figure with a title or a legend. */
export interface PlotElement {
  /** `svg` or `figure`, in either case. */
  readonly tagName: string;
  /** Its text. */
  readonly outerHTML: string;
}

/** An output larger than this makes notebooks slow, and one of 10 MB breaks their connection. */
const MOST_BYTES = 1_000_000;

/** A picture, and what makes it move. */
export interface Picture {
  /** The SVG. */
  readonly svg: string;
  /** What it shows. */
  readonly title: string;
  /** A module that takes the element by its id and replaces the picture, or `null`. */
  readonly script: ((elementId: string) => string) | null;
  /** A note that the script shows once it has replaced the picture; may be empty. */
  readonly note?: string;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/**
 * An image in a data URL survives what removes inline SVG: untrusted notebooks, exports, viewers
 * that run no scripts.
 */
export function pictureBundle({ svg, title, script, note = "" }: Picture): MediaBundle {
  const id = `tandem-${crypto.randomUUID().slice(0, 8)}`;
  const source = new TextEncoder().encode(svg).toBase64();
  const image = `<img alt="${escapeHtml(title)}" style="max-width:100%" ` +
    `src="data:image/svg+xml;base64,${source}">`;
  const live = script === null ? "" : `<small id="${id}-note" hidden>${escapeHtml(note)}</small>` +
    `<script type="module" data-tandem>${script(id).replaceAll("</", "<\\/")}</script>`;
  return {
    "text/html": `<div id="${id}">${image}</div>${live}`,
    "image/svg+xml": svg,
    "text/plain": `[${title}]`,
  };
}

function elementBundle({ tagName, outerHTML }: PlotElement): MediaBundle {
  if (tagName.toLowerCase() !== "svg") {
    return {
      "text/html": `<div style="background:white;color:black">${outerHTML}</div>`,
      "text/plain": "[figure]",
    };
  }
  const svg = outerHTML.includes("xmlns=")
    ? outerHTML
    : outerHTML.replace("<svg", `<svg xmlns="http://www.w3.org/2000/svg"`);
  const onWhite = svg.replace("<svg", `<svg style="background:white;color:black"`);
  return pictureBundle({
    svg: svg.includes(" style=") ? svg : onWhite,
    title: "chart",
    script: null,
  });
}

function isShowable(value: object): value is Showable {
  return output in value;
}

function isChart(value: object): value is Chart {
  return "spec" in value && "columns" in value;
}

function byteCount(bundle: MediaBundle): number {
  return Object.values(bundle).reduce((sum, content) => sum + content.length, 0);
}

/** Leaves out what is there twice, where the whole would be too large. */
function bounded(bundle: MediaBundle): MediaBundle {
  const { "image/svg+xml": _, ...rest } = bundle;
  const kept = byteCount(bundle) <= MOST_BYTES ? bundle : rest;
  const bytes = byteCount(kept);
  if (bytes > MOST_BYTES) {
    throw new RangeError(
      `Cannot show it as an output must be at most ${MOST_BYTES} characters: current value is ` +
        `${bytes}; draw fewer points`,
    );
  }
  return kept;
}

/**
 * Shows a chart, a table or what Observable Plot has drawn, below the cell.
 *
 * A chart is stored as a picture, which is all that is left when nothing runs. Charts that know
 * where their rows come from also connect to this kernel when they can: then they move, zoom and
 * pan, also after a reload of the page.
 *
 * Await it as the last thing of a cell. It answers when the output has surely left, which a value
 * at the end of a cell cannot promise.
 *
 * @example A chart without rows
 * ```ts
 * import { candleChart } from "tandem/charts";
 * import { show } from "tandem/notebook";
 *
 * await show(candleChart([], { title: "BTCUSDT", intervalMs: 60_000 }));
 * ```
 *
 * @param value A chart, a table, or an element that Observable Plot has drawn.
 * @returns A promise that is fulfilled when it is shown.
 * @throws {RangeError} If it is larger than a notebook can bear.
 */
export async function show(value: Showable | Chart | PlotElement): Promise<void> {
  const bundle = bounded(await toBundle(value));
  await display(bundle);
  // The kernel may call a cell done before its outputs have left.
  await sleep(15 + byteCount(bundle) / 20_000);
}

async function toBundle(value: Showable | Chart | PlotElement): Promise<MediaBundle> {
  if (isShowable(value)) return await value[output]();
  if (!isChart(value)) return elementBundle(value);
  const svg = await renderSvg(value.spec, value.columns);
  return pictureBundle({ svg, title: value.spec.title, script: null });
}
