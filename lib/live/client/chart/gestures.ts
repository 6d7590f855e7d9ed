/// <reference lib="dom" />
// @ts-types="@types/d3-selection"
import { select } from "d3-selection";
// @ts-types="@types/d3-zoom"
import { type D3ZoomEvent, zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";
import { beginsSelection } from "./box_select.ts";
import type { TimeSpan, Viewport } from "./viewport.ts";

/** The horizontal place of a plot on its host, in CSS pixels. */
export interface PlotEdges {
  readonly left: number;
  readonly right: number;
}

/** What gestures act on. */
export interface GestureTarget {
  readonly host: HTMLElement;
  readonly viewport: Viewport;
  /** Whether dragging selects instead of panning. */
  readonly isSelecting: () => boolean;
  /** Whether the wheel zooms without a modifier key: the chart has the focus. */
  readonly isFocused: () => boolean;
  readonly edges: () => PlotEdges;
  readonly redraw: () => void;
}

type Zooming = D3ZoomEvent<HTMLElement, unknown>;

/**
 * Wheel and pinch zoom around the pointer, drag pans, a double click shows everything.
 *
 * The viewport is the one truth: each gesture begins at what is in view and is forgotten when it
 * ends, so that keys, buttons and new rows need not tell d3 anything.
 */
export function bindGestures(target: GestureTarget): void {
  const { host, viewport, isSelecting, isFocused, edges, redraw } = target;
  let began: { readonly span: TimeSpan; readonly transform: ZoomTransform } | null = null;
  const behavior = zoom<HTMLElement, unknown>()
    .filter((event: MouseEvent | WheelEvent | TouchEvent) => {
      if (event.target instanceof Element && event.target.closest("button, summary")) return false;
      if (beginsSelection(event, isSelecting()) && !isPinch(event)) return false;
      if (event.type !== "wheel") return !("button" in event) || event.button === 0;
      return event.ctrlKey || event.metaKey || event.shiftKey || isFocused();
    })
    .wheelDelta((event: WheelEvent) => {
      const lines = event.deltaMode === 1 ? 0.05 : event.deltaMode === 2 ? 1 : 0.002;
      return -(event.deltaY || event.deltaX) * lines * (event.ctrlKey ? 5 : 1);
    })
    .on("start", ({ transform }: Zooming) => {
      began = { span: viewport.span, transform };
    })
    .on("zoom", ({ transform, sourceEvent }: Zooming) => {
      if (began === null) return;
      host.classList.toggle("dragged", sourceEvent?.type === "mousemove");
      move(viewport, began.span, relative(began.transform, transform), edges());
      redraw();
    })
    .on("end", () => {
      began = null;
      host.classList.remove("dragged");
      Object.assign(host, { __zoom: zoomIdentity });
    });
  select(host).call(behavior).on("dblclick.zoom", () => {
    viewport.follow(null);
    redraw();
  });
}

/** A change of scale and place: a pixel at `p` moves to `p * k + x`. */
interface Change {
  readonly k: number;
  readonly x: number;
}

function isPinch(event: MouseEvent | WheelEvent | TouchEvent): boolean {
  return "touches" in event && event.touches.length > 1;
}

function relative(from: ZoomTransform, to: ZoomTransform): Change {
  const k = to.k / from.k;
  return { k, x: to.x - from.x * k };
}

function move(viewport: Viewport, span: TimeSpan, { k, x }: Change, edges: PlotEdges): void {
  const msPerPixel = (span.endMs - span.startMs) / Math.max(1, edges.right - edges.left);
  const timeAt = (pixel: number) => span.startMs + ((pixel - x) / k - edges.left) * msPerPixel;
  const startMs = timeAt(edges.left);
  const endMs = timeAt(edges.right);
  const isPan = Math.abs(k - 1) < 1e-9;
  if (isPan && endMs >= viewport.extent.endMs) viewport.follow(span.endMs - span.startMs);
  else viewport.show({ startMs, endMs });
}

/** The keys of a focused chart; answers whether the key meant something. */
export function pressKey(viewport: Viewport, event: KeyboardEvent): boolean {
  const { startMs, endMs } = viewport.span;
  const middleMs = (startMs + endMs) / 2;
  const step = (endMs - startMs) / 8;
  switch (event.key) {
    case "ArrowLeft":
      viewport.pan(-step);
      return true;
    case "ArrowRight":
      viewport.pan(step);
      return true;
    case "+":
    case "=":
    case "ArrowUp":
      viewport.zoom(1.5, middleMs);
      return true;
    case "-":
    case "_":
    case "ArrowDown":
      viewport.zoom(1 / 1.5, middleMs);
      return true;
    case "0":
    case "Home":
      viewport.follow(null);
      return true;
    case "End":
      viewport.follow(endMs - startMs);
      return true;
    default:
      return false;
  }
}
