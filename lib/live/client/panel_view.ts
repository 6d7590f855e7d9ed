/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import {
  ADAPTIVE,
  baseValue,
  type ChartSpec,
  type Columns,
  formatValue,
  m4,
  MARGIN,
  panelPlot,
  type PanelSpec,
} from "../../charts/mod.ts";
import { element } from "./dom.ts";
import type { TimeSpan } from "./viewport.ts";

/** The rows and the time in view. */
export interface RowsInView extends TimeSpan {
  readonly columns: Columns;
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** The lines are nearly as wide, so nobody sees the difference, and it halves the work. */
const PIXELS_PER_COLUMN = 2;

type Figure = ReturnType<typeof Plot.plot>;

/** One panel on the page: a header with legend and values, and the drawing below. */
export class PanelView {
  readonly root: HTMLElement;
  readonly plot: HTMLElement = element("div", { class: "plot" });
  readonly #spec: ChartSpec;
  readonly #panel: PanelSpec;
  readonly #timeAxis: boolean;
  readonly #values = new Map<string, HTMLOutputElement>();
  readonly #dots = new Map<string, HTMLElement>();
  readonly #hidden = new Set<string>();
  #figure: Figure | null = null;
  #view: RowsInView | null = null;

  constructor(spec: ChartSpec, panel: PanelSpec, redraw: () => void) {
    this.#spec = spec;
    this.#panel = panel;
    this.#timeAxis = panel === spec.panels.at(-1);
    const head = element(
      "div",
      { class: "head" },
      element("span", { class: "name" }, panel.label),
      ...(panel.unit === "" ? [] : [element("span", { class: "unit" }, panel.unit)]),
    );
    for (const series of panel.series) head.append(this.#legend(series, redraw));
    this.root = element("section", { class: "panel", "aria-label": panel.label }, head, this.plot);
    this.plot.style.position = "relative";
  }

  /** Draws the rows in view. */
  draw(view: RowsInView): void {
    const plotWidth = view.width - MARGIN.left - MARGIN.right;
    const pixels = { ...view, columns: Math.ceil(plotWidth / PIXELS_PER_COLUMN) };
    const figure = Plot.plot(panelPlot(this.#spec, this.#panel, view.columns, {
      ...view,
      timeAxis: this.#timeAxis,
      hidden: this.#hidden,
      sample: (values, range) => m4(view.columns.t, values, range, pixels),
      theme: ADAPTIVE,
      clip: true,
    }));
    for (const style of [...figure.querySelectorAll("style")]) style.remove();
    figure.setAttribute("aria-hidden", "true");
    this.#figure = figure;
    this.#view = view;
    this.plot.replaceChildren(figure, ...this.#dots.values());
  }

  /** Writes the values of a row into the header; with `left`, also marks them on the drawing. */
  read(columns: Columns, row: number, left: number | null): void {
    for (const [key, output] of this.#values) {
      output.value = formatValue(columns[key]?.[row]);
      this.#placeDot(key, columns[key]?.[row] ?? null, left);
    }
  }

  /** What the header says, for those who cannot see it. */
  get spoken(): string {
    return this.#panel.series.filter((series) => !this.#hidden.has(series.key))
      .map((series) => `${series.label} ${this.#values.get(series.key)?.value}`).join(", ");
  }

  #legend(series: PanelSpec["series"][number], redraw: () => void): HTMLElement {
    const output = element("output");
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = ADAPTIVE.color[series.color];
    const dot = element("div", { class: "dot", hidden: true });
    dot.style.background = ADAPTIVE.color[series.color];
    this.#values.set(series.key, output);
    this.#dots.set(series.key, dot);
    const label = element("span", {}, series.label);
    const button = element(
      "button",
      {
        class: "key",
        type: "button",
        title: `Show or hide ${series.label}`,
        "aria-pressed": "true",
        onclick: () => {
          if (!this.#hidden.delete(series.key)) this.#hidden.add(series.key);
          button.setAttribute("aria-pressed", String(!this.#hidden.has(series.key)));
          redraw();
        },
      },
      swatch,
      ...(this.#panel.series.length > 1 ? [label] : []),
      output,
    );
    return button;
  }

  #drawnValue(key: string, value: number): number {
    if (this.#panel.values === "level") return value;
    return 100 * (value / (baseValue(this.#view!.columns, key, this.#view!) ?? NaN) - 1);
  }

  #placeDot(key: string, value: number | null, left: number | null): void {
    const dot = this.#dots.get(key)!;
    const scale = this.#figure?.scale("y");
    const drawn = value === null || this.#view === null ? null : this.#drawnValue(key, value);
    const top = drawn === null || scale === undefined ? NaN : Number(scale.apply(drawn));
    dot.hidden = left === null || !Number.isFinite(top) || this.#hidden.has(key);
    dot.style.left = `${left}px`;
    dot.style.top = `${top}px`;
  }
}
