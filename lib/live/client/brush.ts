/// <reference lib="dom" />
import { MARGIN } from "../../charts/mod.ts";
import type { SelectedSpan } from "../part_content.ts";
import type { Chart } from "./chart/chart.ts";
import { element } from "./dom.ts";

const LEAST_PIXELS = 3;

/**
 * Selects a stretch of time in a mounted chart: with **Select** pressed, dragging selects instead
 * of moving; a click clears. The key `s` selects what is in view, Escape clears.
 */
export class Brush {
  readonly #host: HTMLElement;
  readonly #selected: (span: SelectedSpan | null) => void;
  readonly #layer = element("div", { class: "brush", hidden: true });
  readonly #band = element("div", { class: "band", hidden: true });
  readonly #button: HTMLButtonElement;
  readonly #redrawn = new MutationObserver(() => this.#place());
  #chart: Chart | null = null;
  #span: SelectedSpan | null = null;
  #dragMs: number | null = null;

  constructor(host: HTMLElement, selected: (span: SelectedSpan | null) => void) {
    this.#host = host;
    this.#selected = selected;
    this.#button = element("button", {
      class: "select",
      type: "button",
      "aria-pressed": "false",
      title: "Drag to select rows for the notebook (s selects what is in view, Escape clears)",
      onclick: () => this.#toggle(),
    }, "Select");
    this.#layer.style.cssText =
      "position:absolute;inset:0;z-index:2;cursor:col-resize;touch-action:none";
    this.#band.style.cssText = "position:absolute;top:0;bottom:0;pointer-events:none;z-index:1;" +
      "background:color-mix(in srgb,var(--tandem-accent) 14%,transparent);" +
      "border:solid var(--tandem-accent);border-width:0 1px";
    this.#listen();
  }

  /** Follows a chart that was drawn into the host, also one that took the place of another. */
  attach(chart: Chart): void {
    this.#chart = chart;
    const panels = this.#host.shadowRoot?.querySelector(".panels");
    if (!panels || panels === this.#layer.parentElement) return;
    panels.append(this.#band, this.#layer);
    const tools = panels.parentElement?.querySelector(".toolbars > :last-child");
    (tools ?? panels.parentElement)?.prepend(this.#button);
    this.#redrawn.disconnect();
    this.#redrawn.observe(panels, { childList: true, subtree: true });
    panels.parentElement?.addEventListener(
      "keydown",
      (event) => this.#press(event as KeyboardEvent),
    );
    this.#place();
  }

  /** Shows what is selected. */
  set span(span: SelectedSpan | null) {
    if (this.#dragMs !== null) return;
    this.#span = span;
    this.#place();
  }

  /** Ends it. */
  destroy(): void {
    this.#redrawn.disconnect();
    for (const node of [this.#layer, this.#band, this.#button]) node.remove();
  }

  #toggle(): void {
    this.#layer.hidden = !this.#layer.hidden;
    this.#button.setAttribute("aria-pressed", String(!this.#layer.hidden));
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#chart === null) return;
    if (event.key === "s") {
      const [fromMs, toMs] = this.#chart.state().domain;
      this.#select({ fromMs, toMs });
    } else if (event.key === "Escape" && this.#span !== null) this.#select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #listen(): void {
    // What moves the chart must not hear of it.
    for (const type of ["mousedown", "touchstart", "dblclick", "pointerdown"]) {
      this.#layer.addEventListener(type, (event) => event.stopPropagation());
    }
    this.#layer.addEventListener("pointerdown", (event) => {
      this.#layer.setPointerCapture(event.pointerId);
      this.#dragMs = this.#timeAt(event);
    });
    this.#layer.addEventListener("pointermove", (event) => {
      if (this.#dragMs === null) return;
      this.#span = this.#dragged(event);
      this.#place();
    });
    const end = (event: PointerEvent) => {
      if (this.#dragMs === null) return;
      const span = this.#dragged(event);
      this.#dragMs = null;
      const [startMs, endMs] = this.#chart!.state().domain;
      const pixels = (span.toMs - span.fromMs) / (endMs - startMs) * this.#plotWidth;
      this.#select(pixels < LEAST_PIXELS ? null : span);
    };
    this.#layer.addEventListener("pointerup", end);
    this.#layer.addEventListener("pointercancel", end);
  }

  #select(span: SelectedSpan | null): void {
    this.#span = span;
    this.#place();
    this.#selected(span);
  }

  #dragged(event: PointerEvent): SelectedSpan {
    const [a, b] = [this.#dragMs!, this.#timeAt(event)];
    return { fromMs: Math.min(a, b), toMs: Math.max(a, b) };
  }

  get #plotWidth(): number {
    const width = this.#layer.parentElement?.clientWidth ?? 0;
    return Math.max(1, width - MARGIN.left - MARGIN.right);
  }

  #timeAt(event: PointerEvent): number {
    const left = this.#layer.parentElement!.getBoundingClientRect().left;
    const share = (event.clientX - left - MARGIN.left) / this.#plotWidth;
    const [startMs, endMs] = this.#chart!.state().domain;
    return startMs + Math.min(1, Math.max(0, share)) * (endMs - startMs);
  }

  #place(): void {
    const [startMs, endMs] = this.#chart?.state().domain ?? [0, 1];
    const span = this.#span;
    const share = (ms: number) => Math.min(1, Math.max(0, (ms - startMs) / (endMs - startMs)));
    this.#band.hidden = span === null || span.toMs <= startMs || span.fromMs >= endMs;
    if (span === null) return;
    this.#band.style.left = `${MARGIN.left + share(span.fromMs) * this.#plotWidth}px`;
    this.#band.style.width = `${(share(span.toMs) - share(span.fromMs)) * this.#plotWidth}px`;
  }
}
