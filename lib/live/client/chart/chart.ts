/// <reference lib="dom" />
import { type ChartSpec, type Columns, MARGIN } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import { chartFrame, clockButton, markLegend } from "./chart_frame.ts";
import { bindInput } from "./chart_input.ts";
import { chartStyle } from "./chart_style.ts";
import { chartTools } from "./chart_tools.ts";
import { type ChartMemory, freshMemory } from "./memory.ts";
import { PanelStack } from "./panel_stack.ts";
import { rangeButtons } from "./range_buttons.ts";
import { Readout, type ReadRows } from "./readout.ts";
import { RowBuffer } from "./row_buffer.ts";
import { saveView } from "./save.ts";
import { TableRegion } from "./table_region.ts";
import { Viewport } from "./viewport.ts";

/** What a chart shows right now. */
export interface ChartState {
  /** How many rows it holds. */
  readonly points: number;
  /** The time in view, ms since the epoch. */
  readonly domain: readonly [startMs: number, endMs: number];
  /** Whether the view moves with the newest row. */
  readonly follows: boolean;
  /** The length that is followed, ms; `null` for everything. */
  readonly followedMs: number | null;
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

/** How a chart begins, and who is told of what a reader does with it. */
export interface ChartOptions {
  /** What was chosen before. @default {nothing} */
  readonly memory?: ChartMemory;
  /** Called when what is in view changes by the reader's doing. */
  readonly moved?: (state: ChartState) => void;
}

const LEAST_WIDTH = 280;

/** A chart that the reader has not moved for so long is drawn finely again. */
const REST_MS = 150;

/**
 * Puts a chart into an element: zooms with the wheel (with Ctrl, Shift, Meta, or the focus) or a
 * dragged box, pans by dragging, follows new rows until zoomed or panned, and reads out the row
 * under the pointer.
 */
export function mount(
  host: HTMLElement,
  spec: ChartSpec,
  columns: Columns,
  options: ChartOptions = {},
): Chart {
  return new MountedChart(host, spec, columns, options);
}

class MountedChart implements Chart {
  readonly spec: ChartSpec;
  readonly #options: ChartOptions;
  readonly #memory: ChartMemory;
  readonly #rows: RowBuffer;
  readonly #viewport: Viewport;
  readonly #root: HTMLElement;
  readonly #area: HTMLElement;
  readonly #stack: PanelStack;
  readonly #empty = element("div", { class: "empty" }, "Waiting for the first bars …");
  readonly #table = new TableRegion();
  readonly #zone = clockButton();
  readonly #readout: Readout;
  readonly #range: ReturnType<typeof rangeButtons>;
  readonly #resized: ResizeObserver;
  readonly #unwatch: () => void;
  #width = LEAST_WIDTH;
  #frame = 0;
  #pace: "still" | "moving" | "settling" = "still";
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, spec: ChartSpec, columns: Columns, options: ChartOptions) {
    this.spec = spec;
    this.#options = options;
    const memory = this.#memory = options.memory ?? freshMemory();
    this.#rows = new RowBuffer(columns, spec.breakAfterMs);
    this.#viewport = new Viewport(spec.intervalMs);
    const redraw = () => this.#schedule("still");
    this.#stack = new PanelStack(spec, { memory, rows: this.#rows, redraw });
    const { panels } = this.#stack;
    panels[0]?.head.append(...markLegend(spec));
    this.#readout = new Readout(spec, panels);
    const { line, time } = this.#readout;
    this.#range = rangeButtons(this.#viewport, () => this.#moved());
    const tools = chartTools({ memory, changed: redraw, save: (kind) => this.#save(kind) });
    this.#area = element(
      "div",
      { class: "panels" },
      ...[...panels.map(({ root }) => root), this.#zone.root, line, time, this.#empty],
    );
    const body = [this.#area, this.#table.root, this.#readout.spoken];
    this.#root = chartFrame({ spec, tools: [this.#range.root, tools], body });
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [chartStyle()];
    shadow.replaceChildren(this.#root);
    bindInput({
      ...{ root: this.#root, area: this.#area, viewport: this.#viewport, memory },
      readout: this.#readout,
      rows: () => this.#readRows,
      edges: () => ({ left: MARGIN.left, right: this.#width - MARGIN.right }),
      moved: () => this.#moved(),
    });
    this.#unwatch = clock.watch(redraw);
    this.#resized = new ResizeObserver(() => {
      this.#measure();
      this.#schedule("still");
    });
    this.#resized.observe(this.#root);
    this.#measure();
    this.#dataChanged();
    this.#restore();
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
    const { span, follows, followedMs } = this.#viewport;
    return {
      points: this.#rows.length,
      domain: [span.startMs, span.endMs],
      ...{ follows, followedMs, draws: this.#stack.draws },
    };
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#resting);
    this.#unwatch();
    this.#resized.disconnect();
    this.#table.destroy();
    this.#root.remove();
  }

  /** Asked for once per change: asking while drawing would lay out the page each time. */
  #measure(): void {
    this.#width = Math.max(LEAST_WIDTH, this.#root.clientWidth);
  }

  get #readRows(): ReadRows {
    return { columns: this.columns, span: this.#viewport.span, width: this.#width };
  }

  #dataChanged(): void {
    const { t } = this.#rows.columns;
    this.#empty.hidden = t.length > 0;
    if (t.length > 0) this.#viewport.setRows(t[0]!, t.at(-1)!);
    this.#schedule(this.#pace === "moving" ? "moving" : "still");
  }

  /** The reader changed what is in view. */
  #moved(): void {
    const { span, follows, followedMs } = this.#viewport;
    this.#memory.view = follows ? { followedMs } : span;
    this.#options.moved?.(this.state());
    clearTimeout(this.#resting);
    this.#schedule("moving");
  }

  /** Counted from a drawing: where one takes long, the reader has not stopped all the same. */
  #restSoon(): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#schedule("settling"), REST_MS);
  }

  #restore(): void {
    const { view } = this.#memory;
    if ("followedMs" in view) this.#viewport.follow(view.followedMs);
    else this.#viewport.show(view);
  }

  #save(kind: Parameters<typeof saveView>[1]): void {
    const { hidden } = this.#memory;
    const { spec, columns } = this;
    const width = Math.max(640, this.#width);
    saveView({ spec, columns, span: this.#viewport.span, hidden, width }, kind);
  }

  #schedule(pace: "still" | "moving" | "settling"): void {
    this.#pace = pace;
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const { columns } = this;
    const { span } = this.#viewport;
    const pace = this.#pace;
    const isLeft = this.#stack.draw({ span, width: this.#width, pace });
    if (pace === "moving") this.#restSoon();
    else if (isLeft) this.#schedule("settling");
    this.#area.classList.toggle("selecting", this.#memory.isSelecting);
    this.#zone.refresh();
    this.#range.refresh();
    this.#readout.show(this.#readRows);
    this.#table.show(this.#memory.isTableOpen, () => [this.spec, columns, span]);
  }
}
