/// <reference lib="dom" />
// @ts-types="@types/d3-array"
import { bisectLeft, bisectRight } from "d3-array";
import type { ChartSpec, Columns } from "../../../charts/mod.ts";
import { type PanelParts, PanelView } from "./panel_view.ts";
import { beyond, DRAWN_EVERY } from "./sliding.ts";
import type { TimeSpan } from "./viewport.ts";

/** What the panels are to show. */
export interface StackView {
  readonly columns: Columns;
  readonly span: TimeSpan;
  readonly width: number;
  /** Whether the reader moves it right now. */
  readonly isMoving: boolean;
}

/** The panels of a chart, one below the other over the same time. */
export class PanelStack {
  /** The panels from the top. */
  readonly panels: readonly PanelView[];
  readonly #spec: ChartSpec;
  readonly #parts: PanelParts;
  #drawn: TimeSpan = { startMs: 0, endMs: 0 };
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

  /** Draws all panels; while the reader pans only some of them, and the others slide along. */
  draw({ columns, span, width, isMoving }: StackView): void {
    const beyondMs = isMoving ? beyond(this.#drawn, span) : 0;
    const view = {
      ...{ columns, ...span, width, isMoving, beyondMs },
      from: Math.max(0, bisectLeft(columns.t, span.startMs - beyondMs) - 1),
      to: Math.min(columns.t.length, bisectRight(columns.t, span.endMs + beyondMs) + 1),
    };
    const { folded } = this.#parts.memory;
    const lowest = this.#spec.panels.findLastIndex(({ key }) => !folded.has(key));
    this.panels.forEach((panel, k) => {
      const isDue = !isMoving || k % DRAWN_EVERY === this.#draws % DRAWN_EVERY;
      if (isDue || !panel.slide(view)) panel.draw(view, k === lowest);
    });
    this.#drawn = span;
    this.#draws++;
  }
}
