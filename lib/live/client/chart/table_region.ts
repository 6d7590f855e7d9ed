/// <reference lib="dom" />
import type { ChartSpec, Columns } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { rowTable } from "./row_table.ts";
import type { TimeSpan } from "./viewport.ts";

/** A table that follows a fast chart at a pace at which it can be read. */
const REFRESH_MS = 1_000;

/** The rows in view as a table below the drawing; empty while it is not asked for. */
export class TableRegion {
  readonly root: HTMLElement = element("div", {
    ...{ class: "rows", tabindex: 0, role: "region", "aria-label": "The rows in view" },
    hidden: true,
  });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Shows rows, now if it was closed, else within a second. */
  show(isOpen: boolean, rows: () => [ChartSpec, Columns, TimeSpan]): void {
    const wasOpen = !this.root.hidden;
    this.root.hidden = !isOpen;
    if (!isOpen) return this.root.replaceChildren();
    const draw = () => {
      this.#timer = undefined;
      if (!this.root.hidden) this.root.replaceChildren(rowTable(...rows()));
    };
    if (!wasOpen) draw();
    else this.#timer ??= setTimeout(draw, REFRESH_MS);
  }

  /** Ends it. */
  destroy(): void {
    clearTimeout(this.#timer);
  }
}
