/// <reference lib="dom" />
/**
 * What a browser loads: the live page, which starts by itself, and the charts of notebooks.
 *
 * @module
 */
import { startPage } from "./page.ts";

export { mount } from "./chart/chart.ts";
export { embed, push } from "./embedded.ts";
export { hydrate, hydratePart } from "./notebook.ts";

if (document.documentElement.dataset.tandem === "page") {
  Object.assign(globalThis, { tandem: startPage(document) });
}
