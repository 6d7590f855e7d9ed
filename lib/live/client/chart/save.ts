/// <reference lib="dom" />
import { type ChartSpec, type Columns, composeSvg, DARK, LIGHT } from "../../../charts/mod.ts";
import { formatInterval } from "../../../market/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import type { TimeSpan } from "./viewport.ts";

/** What is saved: the part of a chart that is in view. */
export interface SavedView {
  readonly spec: ChartSpec;
  readonly columns: Columns;
  readonly span: TimeSpan;
  readonly hidden: ReadonlySet<string>;
  readonly width: number;
}

/** The kinds of files a chart can be saved as. */
export type FileKind = "PNG" | "SVG" | "CSV";

const PIXELS_PER_PIXEL = 2;

/** Saves what is in view as a file. */
export async function saveView(view: SavedView, kind: FileKind): Promise<void> {
  const blob = kind === "CSV"
    ? new Blob([csvOf(view)], { type: "text/csv" })
    : kind === "SVG"
    ? new Blob([svgOf(view)], { type: "image/svg+xml" })
    : await pngOf(svgOf(view));
  const href = URL.createObjectURL(blob);
  element("a", { href, download: `${nameOf(view.spec)}.${kind.toLowerCase()}` }).click();
  // The browser reads the blob after the click; a minute is plenty.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** The rows in view, one line each; an absent value is an empty cell. */
export function csvOf({ columns, span }: Pick<SavedView, "columns" | "span">): string {
  const names = Object.keys(columns).filter((name) => name !== "t");
  const lines = [["open_time_ms", "open_time_utc", ...names].join(",")];
  columns.t.forEach((timeMs, row) => {
    if (timeMs < span.startMs || timeMs >= span.endMs) return;
    const values = names.map((name) => columns[name]![row] ?? "");
    lines.push([timeMs, new Date(timeMs).toISOString(), ...values].join(","));
  });
  return lines.join("\r\n") + "\r\n";
}

function svgOf({ spec, columns, span, hidden, width }: SavedView): string {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = isDark ? DARK : LIGHT;
  return composeSvg(spec, columns, document, { width, theme, span, hidden, zone: clock.zone });
}

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = element("canvas", {
    width: image.width * PIXELS_PER_PIXEL,
    height: image.height * PIXELS_PER_PIXEL,
  });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error("Cannot save the picture: it is too large for this browser");
  return blob;
}

function nameOf({ title, intervalMs }: ChartSpec): string {
  return `${title} ${formatInterval(intervalMs)}`.replace(/[^\w.-]+/g, "-");
}
