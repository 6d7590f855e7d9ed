/// <reference lib="dom" />
import { element } from "../dom.ts";
import type { PlotEdges } from "./gestures.ts";
import type { Viewport } from "./viewport.ts";

/** Shorter drags are clicks. */
const LEAST_PIXELS = 5;

/** What a selection acts on. */
export interface SelectTarget {
  readonly host: HTMLElement;
  readonly viewport: Viewport;
  /** Whether dragging selects without the Shift key. */
  readonly isSelecting: () => boolean;
  readonly edges: () => PlotEdges;
  readonly redraw: () => void;
}

/** Whether a press begins a selection rather than a pan. */
export function beginsSelection(
  event: { readonly shiftKey: boolean; readonly type: string },
  isSelecting: boolean,
): boolean {
  return event.type !== "wheel" && (event.shiftKey || isSelecting);
}

/** Dragging with Shift, or always if so chosen, marks a stretch of time and then shows it alone. */
export function bindBoxSelect(target: SelectTarget): void {
  const { host, viewport, isSelecting, edges, redraw } = target;
  const box = element("div", { class: "selection", hidden: true });
  host.append(box);
  let fromX: number | null = null;
  const xOf = (event: PointerEvent) => {
    const { left, right } = edges();
    return Math.max(left, Math.min(right, event.clientX - host.getBoundingClientRect().left));
  };
  const end = () => {
    fromX = null;
    box.hidden = true;
  };
  const draw = (x: number) => {
    box.hidden = Math.abs(x - fromX!) < LEAST_PIXELS;
    box.style.left = `${Math.min(x, fromX!)}px`;
    box.style.width = `${Math.abs(x - fromX!)}px`;
  };
  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !beginsSelection(event, isSelecting())) return;
    if (event.target instanceof Element && event.target.closest("button, summary")) return;
    fromX = xOf(event);
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    if (fromX !== null) draw(xOf(event));
  });
  host.addEventListener("pointercancel", end);
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  host.addEventListener("pointerup", (event) => {
    if (fromX === null) return;
    const { left, right } = edges();
    const { startMs, endMs } = viewport.span;
    const timeAt = (x: number) => startMs + (x - left) / (right - left) * (endMs - startMs);
    const [a, b] = [fromX, xOf(event)];
    end();
    if (Math.abs(a - b) < LEAST_PIXELS) return;
    viewport.show({ startMs: timeAt(Math.min(a, b)), endMs: timeAt(Math.max(a, b)) });
    redraw();
  });
}
