import { type Chart, renderSvg } from "../charts/mod.ts";
import { sleep } from "../streams/mod.ts";
import { bounded, byteCount, elementBundle, pictureBundle, type PlotElement } from "./bundle.ts";
import { display, type MediaBundle } from "./kernel.ts";

/** The method of an object that a notebook shows in its own way (the same as Deno's kernel asks). */
export const output: unique symbol = Symbol.for("Jupyter.display") as typeof output;

/** Something that knows how a notebook shows it. */
export interface Showable {
  /** Returns media type -> content. */
  [output](): MediaBundle | Promise<MediaBundle>;
}

/** The method of an object that goes on once its output is below the cell. */
export const afterwards: unique symbol = Symbol("tandem.afterwards");

/** What can be shown: charts, tables, inputs, and what Observable Plot has drawn. */
export type Shown = Showable | Chart | PlotElement;

/** Whether something is a chart as a value. */
export function isChart(value: Shown): value is Chart {
  return "spec" in value && "columns" in value;
}

/** What is stored of something that is shown. */
export async function toBundle(value: Shown): Promise<MediaBundle> {
  if (output in value) return await value[output]();
  if (!isChart(value)) return elementBundle(value);
  return pictureBundle(await renderSvg(value.spec, value.columns), value.spec.title);
}

/**
 * Shows a chart, a table, inputs or what Observable Plot has drawn, below the cell.
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
 * @param value A chart, a table, inputs, or an element that Observable Plot has drawn.
 * @returns A promise that is fulfilled when it is shown.
 * @throws {RangeError} If it is larger than a notebook can bear.
 */
export async function show(value: Shown): Promise<void> {
  const bundle = bounded(await toBundle(value));
  await display(bundle);
  if (afterwards in value) await (value[afterwards] as () => Promise<void>)();
  // The kernel may call a cell done before its outputs have left.
  await sleep(15 + byteCount(bundle) / 20_000);
}
