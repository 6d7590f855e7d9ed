/// <reference lib="dom" />
// @ts-types="@types/d3-array"
import { bisectLeft } from "d3-array";
import { type ChartSpec, type Columns, formatTime, MARGIN } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import type { PanelView } from "./panel_view.ts";
import type { TimeSpan } from "./viewport.ts";

/** Half the width of a letter of the label, CSS pixels. */
const HALF_LETTER = 3.1;

/** The rows, the time in view, and the width it is drawn on. */
export interface ReadRows {
  readonly columns: Columns;
  readonly span: TimeSpan;
  readonly width: number;
}

/** Reads out the row under the pointer, the one chosen by keyboard, or else the newest. */
export class Readout {
  /** The line through all panels. */
  readonly line: HTMLElement = element("div", { class: "cross", hidden: true });
  /** The time at its foot. */
  readonly time: HTMLElement = element("div", { class: "when", hidden: true });
  /** What is said to those who cannot see it. */
  readonly spoken: HTMLElement = element("p", { class: "spoken", "aria-live": "polite" });
  readonly #spec: ChartSpec;
  readonly #panels: readonly PanelView[];
  #pointerX: number | null = null;
  #chosenRow: number | null = null;

  constructor(spec: ChartSpec, panels: readonly PanelView[]) {
    this.#spec = spec;
    this.#panels = panels;
  }

  /** Follows the pointer; `null` when it left. */
  point(x: number | null): void {
    this.#pointerX = x;
    this.#chosenRow = null;
  }

  /** Moves by one row and says it. */
  step(rows: ReadRows, forward: boolean): void {
    const last = rows.columns.t.length - 1;
    const row = this.#chosenRow ?? this.#pointedRow(rows) ?? last;
    this.#chosenRow = Math.max(0, Math.min(last, row + (forward ? 1 : -1)));
    this.show(rows);
    const values = this.#panels.map((panel) => panel.spoken).join("; ");
    this.spoken.textContent = `${this.time.textContent}: ${values}`;
  }

  /** Shows values, line and time. */
  show(rows: ReadRows): void {
    const { columns, span, width } = rows;
    const chosen = this.#chosenRow ?? this.#pointedRow(rows);
    const row = chosen ?? columns.t.length - 1;
    const right = width - MARGIN.right;
    const share = ((columns.t[row] ?? 0) - span.startMs) / (span.endMs - span.startMs);
    const x = MARGIN.left + share * (right - MARGIN.left);
    const isShown = chosen !== null && x >= MARGIN.left && x <= right;
    for (const panel of this.#panels) panel.read(columns, row, isShown ? x : null);
    this.line.hidden = this.time.hidden = !isShown;
    if (!isShown) return;
    this.line.style.left = `${x}px`;
    const marks = this.#spec.marks.filter(({ key }) => columns[key]?.[row] === 1);
    const time = formatTime(columns.t[row]!, this.#spec.intervalMs, clock.zone);
    const decided = this.#panels.map((panel) => panel.decided(columns, row)).filter(Boolean);
    const said = [`${time} ${clock.label}`, ...decided, ...marks.map(({ label }) => label)];
    this.time.textContent = said.join(" · ");
    // Measuring the label would lay out the page anew at every move.
    const half = 10 + HALF_LETTER * this.time.textContent.length;
    this.time.style.left = `${Math.min(width - half, Math.max(half, x))}px`;
  }

  #pointedRow({ columns: { t }, span, width }: ReadRows): number | null {
    const x = this.#pointerX;
    const right = width - MARGIN.right;
    if (x === null || t.length === 0 || x < MARGIN.left || x > right) return null;
    const share = (x - MARGIN.left) / (right - MARGIN.left);
    const timeMs = span.startMs + share * (span.endMs - span.startMs);
    const after = Math.min(bisectLeft(t, timeMs), t.length - 1);
    return after > 0 && timeMs - t[after - 1]! < t[after]! - timeMs ? after - 1 : after;
  }
}
