/// <reference lib="dom" />
import * as Plot from "@observablehq/plot";
import {
  ADAPTIVE,
  baseValue,
  type ChartSpec,
  type Columns,
  DECISION_LOOKS,
  decisions,
  formatValue,
  isInView,
  m4,
  MARGIN,
  MOST_DECISIONS,
  panelPlot,
  type PanelSpec,
  reachPixels,
} from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import type { ChartMemory } from "./memory.ts";
import { decisionLegend, type PanelHead, panelHead } from "./panel_head.ts";
import type { RowBuffer } from "./row_buffer.ts";
import { Sliding } from "./sliding.ts";
import type { TimeSpan } from "./viewport.ts";

/** The rows and the time in view. */
export interface RowsInView extends TimeSpan {
  readonly columns: Columns;
  readonly from: number;
  readonly to: number;
  /** How often the rows have changed. */
  readonly revision: number;
  readonly width: number;
  /** The time to draw; while the reader pans more than is in view. */
  readonly reach?: TimeSpan;
  /** Whether the reader moves it right now, and it may be coarser. */
  readonly isMoving: boolean;
}

/**
 * Lines are nearly as wide, so nobody sees the difference, and it halves the work; in motion nobody
 * sees twice as much. Every extreme is drawn all the same.
 */
const PIXELS_PER_COLUMN = { atRest: 2, moving: 4 };

type Figure = ReturnType<typeof Plot.plot>;

/** What a panel shares with its chart. */
export interface PanelParts {
  readonly memory: ChartMemory;
  readonly rows: RowBuffer;
  readonly redraw: () => void;
}

/** One panel on the page: a header with legend and values, and the drawing below. */
export class PanelView {
  readonly root: HTMLElement;
  readonly plot: HTMLElement = element("div", { class: "plot" });
  readonly #spec: ChartSpec;
  readonly #panel: PanelSpec;
  readonly #memory: ChartMemory;
  readonly #rows: RowBuffer;
  readonly #head: PanelHead;
  readonly #dots = new Map<string, HTMLElement>();
  /** What the drawing shows as 0 % of each series. */
  readonly #bases = new Map<string, number>();
  #figure: Figure | null = null;
  #view: RowsInView | null = null;
  #sliding: Sliding | null = null;

  constructor(spec: ChartSpec, panel: PanelSpec, { memory, rows, redraw }: PanelParts) {
    this.#spec = spec;
    this.#panel = panel;
    this.#memory = memory;
    this.#rows = rows;
    this.#head = panelHead(panel, memory, redraw);
    for (const { key, color } of panel.series) {
      const dot = element("div", { class: "dot", hidden: true });
      dot.style.background = ADAPTIVE.color[color];
      this.#dots.set(key, dot);
    }
    this.root = element(
      "section",
      { class: "panel", "aria-label": panel.label },
      this.#head.root,
      this.plot,
    );
    this.plot.style.position = "relative";
  }

  /** Where marks of the whole chart are explained. */
  get head(): HTMLElement {
    return this.#head.root;
  }

  /** Draws the rows in view; `timeAxis` below the panel. */
  draw(view: RowsInView, timeAxis: boolean): void {
    this.#view = view;
    this.#bases.clear();
    this.plot.hidden = this.#isFolded;
    if (this.#isFolded) return;
    const plotWidth = reachPixels(view, view.width - MARGIN.left - MARGIN.right);
    const perColumn = PIXELS_PER_COLUMN[view.isMoving ? "moving" : "atRest"];
    const pixels = { ...view, ...view.reach, columns: Math.ceil(plotWidth / perColumn) };
    const figure = Plot.plot(panelPlot(this.#spec, this.#drawn, view.columns, {
      ...view,
      ...{ timeAxis, hidden: this.#memory.hidden, zone: clock.zone },
      sample: (values, range) =>
        m4(view.columns.t, values, range, pixels, this.#rows.blocksOf(values)),
      theme: ADAPTIVE,
      clip: true,
    }));
    for (const style of [...figure.querySelectorAll("style")]) style.remove();
    figure.setAttribute("aria-hidden", "true");
    this.#figure = figure;
    const { reach } = view;
    this.#sliding = reach === undefined ? null : new Sliding(figure, { ...view, reach });
    const window = this.#sliding === null ? [] : [this.#sliding.window];
    this.plot.replaceChildren(figure, ...window, ...this.#dots.values());
    const { signals } = this.#panel;
    if (signals === undefined) return;
    const count = decisions(view.columns, signals, view.from, view.to)
      .filter(({ row }) => isInView(view.columns.t[row]!, view)).length;
    decisionLegend(this.#head.decisions!, count, MOST_DECISIONS);
  }

  /** Whether it is coarser than at rest. */
  get isCoarse(): boolean {
    return !this.#isFolded && this.#view?.isMoving === true;
  }

  /** The time that can be slid to; `null` where there is nothing to slide. */
  get reach(): TimeSpan | null {
    return this.#isFolded ? null : this.#sliding?.reach ?? null;
  }

  /** Moves what is drawn to another time instead of drawing it; answers whether that can be. */
  slide(view: RowsInView): boolean {
    return this.#isFolded || (this.#sliding?.to(view) ?? false);
  }

  /** Whether the rows have changed since it was drawn. */
  isOld({ revision }: RowsInView): boolean {
    return !this.#isFolded && this.#view?.revision !== revision;
  }

  /** Writes the values of a row into the header; with `left`, also marks them on the drawing. */
  read(columns: Columns, row: number, left: number | null): void {
    for (const [key, output] of this.#head.values) {
      const text = formatValue(columns[key]?.[row]);
      if (output.value !== text) output.value = text;
      this.#placeDot(key, columns[key]?.[row] ?? null, left);
    }
  }

  /** What is decided at a row, in words; empty for nothing. */
  decided(columns: Columns, row: number): string {
    const { signals } = this.#panel;
    const [decision] = signals === undefined ? [] : decisions(columns, signals, row, row + 1);
    if (decision === undefined) return "";
    const { glyph, words } = DECISION_LOOKS[decision.kind];
    return `${glyph} ${words}`;
  }

  /** What the header says, for those who cannot see it. */
  get spoken(): string {
    return this.#panel.series.filter((series) => !this.#memory.hidden.has(series.key))
      .map((series) => `${series.label} ${this.#head.values.get(series.key)?.value}`).join(", ");
  }

  get #isFolded(): boolean {
    return this.#memory.folded.has(this.#panel.key);
  }

  get #drawn(): PanelSpec {
    return this.#memory.logarithmic.has(this.#panel.key)
      ? { ...this.#panel, scale: "log" }
      : this.#panel;
  }

  #drawnValue(key: string, value: number): number {
    const { values, scale } = this.#drawn;
    if (values === "level") return value;
    const base = this.#bases.getOrInsertComputed(
      key,
      () => baseValue(this.#view!.columns, key, this.#view!) ?? NaN,
    );
    return 100 * (scale === "log" ? Math.log(value / base) : value / base - 1);
  }

  #placeDot(key: string, value: number | null, left: number | null): void {
    const dot = this.#dots.get(key)!;
    if (left === null || value === null || this.#view === null || this.#isFolded) {
      dot.hidden = true;
      return;
    }
    const top = Number(this.#figure?.scale("y")?.apply(this.#drawnValue(key, value)));
    dot.hidden = !Number.isFinite(top) || this.#memory.hidden.has(key);
    dot.style.left = `${left}px`;
    dot.style.top = `${top}px`;
  }
}
