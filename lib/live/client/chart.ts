/// <reference lib="dom" />
// @ts-types="@types/d3-array"
import { bisectLeft, bisectRight } from "d3-array";
import { type ChartSpec, type Columns, MARGIN } from "../../charts/mod.ts";
import { CHART_STYLE } from "./chart_style.ts";
import { element } from "./dom.ts";
import { bindGestures, pressKey } from "./gestures.ts";
import { PanelView } from "./panel_view.ts";
import { rangeButtons } from "./range_buttons.ts";
import { Readout, type ReadRows } from "./readout.ts";
import { RowBuffer } from "./row_buffer.ts";
import { Viewport } from "./viewport.ts";

/** What a chart shows right now. */
export interface ChartState {
  /** How many rows it holds. */
  readonly points: number;
  /** The time in view, ms since the epoch. */
  readonly domain: readonly [startMs: number, endMs: number];
  /** Whether the view moves with the newest row. */
  readonly follows: boolean;
  /** The number of drawings so far. */
  readonly draws: number;
}

/** A chart on a page. */
export interface Chart {
  /** What it draws. */
  readonly spec: ChartSpec;
  /** Adds rows at the end. */
  append(rows: Columns): void;
  /** Replaces all rows from a time on. */
  amend(fromMs: number, rows: Columns): void;
  /** Starts over with other rows; what is in view stays if it can. */
  replace(columns: Columns): void;
  /** The rows. */
  readonly columns: Columns;
  /** What it shows right now. */
  state(): ChartState;
  /** Takes it off the page. */
  destroy(): void;
}

const LEAST_WIDTH = 280;
let style: CSSStyleSheet | undefined;

/**
 * Puts a chart into an element: zooms with the wheel (with Ctrl, Shift, Meta, or the focus), pans
 * by dragging, follows new rows until zoomed or panned, and reads out the row under the pointer.
 */
export function mount(host: HTMLElement, spec: ChartSpec, columns: Columns): Chart {
  return new MountedChart(host, spec, columns);
}

class MountedChart implements Chart {
  readonly spec: ChartSpec;
  readonly #rows: RowBuffer;
  readonly #viewport: Viewport;
  readonly #root: HTMLElement;
  readonly #area: HTMLElement;
  readonly #panels: PanelView[];
  readonly #empty = element("div", { class: "empty" }, "Waiting for the first bars …");
  readonly #readout: Readout;
  readonly #range: ReturnType<typeof rangeButtons>;
  readonly #resized: ResizeObserver;
  #frame = 0;
  #draws = 0;

  constructor(host: HTMLElement, spec: ChartSpec, columns: Columns) {
    this.spec = spec;
    this.#rows = new RowBuffer(columns);
    this.#viewport = new Viewport(spec.intervalMs);
    const redraw = () => this.#schedule();
    this.#panels = spec.panels.map((panel) => new PanelView(spec, panel, redraw));
    this.#readout = new Readout(spec, this.#panels);
    this.#range = rangeButtons(this.#viewport, redraw);
    const { line, time } = this.#readout;
    const panels = this.#panels.map((panel) => panel.root);
    this.#area = element("div", { class: "panels" }, ...panels, line, time, this.#empty);
    this.#root = this.#makeRoot();
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    style ??= makeStyle();
    shadow.adoptedStyleSheets = [style];
    shadow.replaceChildren(this.#root);
    this.#listen();
    this.#resized = new ResizeObserver(redraw);
    this.#resized.observe(this.#root);
    this.#dataChanged();
    this.#draw();
  }

  get columns(): Columns {
    return this.#rows.columns;
  }

  append(rows: Columns): void {
    this.#rows.append(rows);
    this.#dataChanged();
  }

  amend(fromMs: number, rows: Columns): void {
    this.#rows.amend(fromMs, rows);
    this.#dataChanged();
  }

  replace(columns: Columns): void {
    this.#rows.replace(columns);
    this.#dataChanged();
  }

  state(): ChartState {
    const { span, follows } = this.#viewport;
    return {
      points: this.#rows.length,
      domain: [span.startMs, span.endMs],
      follows,
      draws: this.#draws,
    };
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#resized.disconnect();
    this.#root.remove();
  }

  #makeRoot(): HTMLElement {
    const { title, subtitle, marks } = this.spec;
    const legend = marks.map(({ label, color }) => {
      const swatch = element("i");
      swatch.style.background = `var(--tandem-${color})`;
      return element("span", { class: "marks" }, swatch, label);
    });
    this.#panels[0]?.root.querySelector(".head")?.append(...legend);
    const titles = element(
      "div",
      {},
      element("h2", {}, title),
      element("p", { class: "subtitle" }, subtitle),
    );
    return element(
      "div",
      {
        class: "chart",
        tabindex: 0,
        role: "group",
        "aria-label":
          `Chart: ${title}. Arrow keys move, plus and minus zoom, 0 shows everything, ` +
          `Shift with an arrow key reads values.`,
      },
      element("div", { class: "bar" }, titles, this.#range.root),
      this.#area,
      this.#readout.spoken,
    );
  }

  #listen(): void {
    bindGestures({
      host: this.#area,
      viewport: this.#viewport,
      isFocused: () => this.#root.matches(":focus-within"),
      edges: () => ({ left: MARGIN.left, right: this.#width - MARGIN.right }),
      redraw: () => this.#schedule(),
    });
    this.#area.addEventListener("pointermove", (event) => {
      this.#readout.point(event.clientX - this.#area.getBoundingClientRect().left);
      this.#readout.show(this.#readRows);
    });
    this.#area.addEventListener("pointerleave", () => {
      this.#readout.point(null);
      this.#readout.show(this.#readRows);
    });
    this.#root.addEventListener("keydown", (event) => {
      if (event.target !== this.#root || event.ctrlKey || event.metaKey || event.altKey) return;
      const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
      if (event.shiftKey && isArrow) {
        this.#readout.step(this.#readRows, event.key === "ArrowRight");
      } else if (pressKey(this.#viewport, event)) this.#schedule();
      else return;
      event.preventDefault();
    });
  }

  get #width(): number {
    return Math.max(LEAST_WIDTH, this.#root.clientWidth);
  }

  get #readRows(): ReadRows {
    return { columns: this.columns, span: this.#viewport.span, width: this.#width };
  }

  #dataChanged(): void {
    const { t } = this.#rows.columns;
    this.#empty.hidden = t.length > 0;
    if (t.length > 0) this.#viewport.setRows(t[0]!, t.at(-1)!);
    this.#schedule();
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { columns } = this.#rows;
    const { startMs, endMs } = this.#viewport.span;
    const from = Math.max(0, bisectLeft(columns.t, startMs) - 1);
    const to = Math.min(columns.t.length, bisectRight(columns.t, endMs) + 1);
    const view = { columns, from, to, startMs, endMs, width: this.#width };
    for (const panel of this.#panels) panel.draw(view);
    this.#range.refresh();
    this.#draws++;
    this.#readout.show(this.#readRows);
  }
}

function makeStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CHART_STYLE);
  return sheet;
}
