/// <reference lib="dom" />
// @ts-types="@types/d3-array"
import { bisectLeft, bisectRight } from "d3-array";
import type { ChartSpec } from "../../../charts/mod.ts";
import { type PanelParts, PanelView, type RowsInView } from "./panel_view.ts";
import { reachOf } from "./sliding.ts";
import type { TimeSpan } from "./viewport.ts";

/** What the panels are to show. */
export interface StackView {
  readonly span: TimeSpan;
  readonly width: number;
  /**
   * `still` draws every panel; `moving` slides what was drawn as long as it reaches; `settling`
   * draws a panel that has slid and leaves the others for the frames to come.
   */
  readonly pace: "still" | "moving" | "settling";
}

/** The panels of a chart, one below the other over the same time. */
export class PanelStack {
  /** The panels from the top. */
  readonly panels: readonly PanelView[];
  readonly #spec: ChartSpec;
  readonly #parts: PanelParts;
  #shown: TimeSpan = { startMs: 0, endMs: 0 };
  #draws = 0;

  constructor(spec: ChartSpec, parts: PanelParts) {
    this.#spec = spec;
    this.#parts = parts;
    this.panels = spec.panels.map((panel) => new PanelView(spec, panel, parts));
  }

  /** Number of drawings so far. */
  get draws(): number {
    return this.#draws;
  }

  /** Shows the rows of a stretch of time; answers whether panels are left to settle. */
  draw({ span, width, pace }: StackView): boolean {
    const before = this.#shown;
    this.#shown = span;
    this.#draws++;
    const view = this.#rowsOf(before, { span, width, pace });
    const stepMs = span.startMs - before.startMs;
    const coarse = this.panels.filter((panel) => panel.isCoarse);
    const due = {
      still: () => this.panels,
      moving: () => this.#due(view, stepMs),
      settling: () => coarse.slice(0, 1),
    };
    for (const panel of due[pace]()) this.#drawOne(panel, view);
    return pace === "settling" && coarse.length > 1;
  }

  /** The panels that cannot slide there and one that shows old rows, or else one that soon cannot. */
  #due(view: RowsInView, stepMs: number): PanelView[] {
    const stuck = this.panels.filter((panel) => !panel.slide(view));
    // Never put off for the stuck ones: a reader who turns to and fro can leave some in every frame.
    const old = this.panels.find((panel) => panel.isOld(view) && !stuck.includes(panel));
    const due = old === undefined ? stuck : [...stuck, old];
    if (due.length > 0) return due;
    const spareMs = ({ reach }: PanelView) =>
      reach === null
        ? Infinity
        : stepMs < 0
        ? view.startMs - reach.startMs
        : reach.endMs - view.endMs;
    const next = this.panels.reduce((a, b) => spareMs(b) < spareMs(a) ? b : a);
    // Each panel gets a frame of its own before the first one is out of reach.
    return spareMs(next) < (this.panels.length + 1) * Math.abs(stepMs) ? [next] : [];
  }

  #drawOne(panel: PanelView, view: RowsInView): void {
    const { folded } = this.#parts.memory;
    const lowest = this.#spec.panels.findLastIndex(({ key }) => !folded.has(key));
    panel.draw(view, panel === this.panels[lowest]);
  }

  #rowsOf(before: TimeSpan, { span, width, pace }: StackView): RowsInView {
    const { columns, revision } = this.#parts.rows;
    const isMoving = pace === "moving";
    const reach = isMoving ? reachOf(before, span) : null;
    const { startMs, endMs } = reach ?? span;
    return {
      ...{ columns, revision, ...span, width, isMoving },
      ...(reach === null ? {} : { reach }),
      from: Math.max(0, bisectLeft(columns.t, startMs) - 1),
      to: Math.min(columns.t.length, bisectRight(columns.t, endMs) + 1),
    };
  }
}
