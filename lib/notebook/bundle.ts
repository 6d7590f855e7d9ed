import type { MediaBundle } from "./kernel.ts";

/** What Observable Plot draws in a kernel: an SVG element, or a figure with a title or a legend. */
export interface PlotElement {
  /** `svg` or `figure`, in either case. */
  readonly tagName: string;
  /** Its text. */
  readonly outerHTML: string;
}

/** An output larger than this makes notebooks slow, and one of 10 MB breaks their connection. */
const MOST_BYTES = 1_000_000;

/** Writes text as HTML shows it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/**
 * A picture as an output.
 *
 * An image in a data URL survives what removes inline SVG: untrusted notebooks, exports, viewers
 * that run no scripts.
 */
export function pictureBundle(svg: string, title: string): MediaBundle {
  return {
    "text/html": imageOf(svg, title),
    "image/svg+xml": svg,
    "text/plain": `[${title}]`,
  };
}

/** What Observable Plot has drawn as an output. */
export function elementBundle({ tagName, outerHTML }: PlotElement): MediaBundle {
  if (tagName.toLowerCase() === "svg") return pictureBundle(standalone(outerHTML), "chart");
  const image = (svg: string) => imageOf(standalone(svg), "chart");
  const html = outerHTML.replaceAll(/<svg\b[^]*?<\/svg>/g, image);
  return {
    "text/html": `<div style="background:white;color:black">${html}</div>`,
    "text/plain": "[figure]",
  };
}

/** A drawing that needs no page around it. */
function standalone(drawing: string): string {
  const svg = drawing.includes("xmlns=")
    ? drawing
    : drawing.replace("<svg", `<svg xmlns="http://www.w3.org/2000/svg"`);
  const onWhite = svg.replace("<svg", `<svg style="background:white;color:black"`);
  return svg.includes(" style=") ? svg : onWhite;
}

function imageOf(svg: string, title: string): string {
  const source = new TextEncoder().encode(svg).toBase64();
  return `<img alt="${escapeHtml(title)}" style="max-width:100%;margin-right:.4em" ` +
    `src="data:image/svg+xml;base64,${source}">`;
}

/** What makes an output move: a function of the hub's client, and what it is called with. */
export interface Motion {
  /** The address of the hub, with its token; may be a path of the page's server. */
  readonly base: string;
  /** The function. */
  readonly name: "hydrate" | "hydratePart";
  /** Its arguments after the element and the address. */
  readonly args: readonly unknown[];
  /** A note that is shown once it moves; may be empty. */
  readonly note?: string;
}

/** Adds to an output what makes it move. Where the hub cannot be reached it stays as it is. */
export function moving(bundle: MediaBundle, { base, name, args, note = "" }: Motion): MediaBundle {
  const id = `tandem-${crypto.randomUUID().slice(0, 8)}`;
  const text = (value: unknown) => JSON.stringify(value);
  const given = args.map((arg) => `,${text(arg)}`).join("");
  const script = `const b=new URL(${text(base)},location.href).href;` +
    `import(b+"chart.js").then((c)=>{const e=document.getElementById(${text(id)});` +
    `c.${name}(e,b${given});e.nextElementSibling.hidden=false})` +
    `.catch((e)=>console.info("Tandem keeps the picture:",e.message))`;
  return {
    ...bundle,
    "text/html": `<div id="${id}">${bundle["text/html"]}</div>` +
      `<small hidden>${escapeHtml(note)}</small>` +
      `<script type="module" data-tandem>${script.replaceAll("</", "<\\/")}</script>`,
  };
}

/** How large an output is, in characters. */
export function byteCount(bundle: MediaBundle): number {
  return Object.values(bundle).reduce((sum, content) => sum + content.length, 0);
}

/**
 * Leaves out what is there twice, where the whole would be too large.
 *
 * @throws {RangeError} If that is not enough.
 */
export function bounded(bundle: MediaBundle): MediaBundle {
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
