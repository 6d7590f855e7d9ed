/// <reference lib="dom" />
import { MARGIN, STILL } from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import type { TimeSpan } from "./viewport.ts";

/** How far a panel is drawn beyond what is in view while the reader pans, as a share of it. */
const BEYOND = { ahead: 0.5, behind: 0.1 };

/** Labels of the time axis this close to the edge of the plot are still its own, CSS pixels. */
const EDGE = 0.5;

/**
 * The time to draw for a reader who came from `before`: most of it lies where the pan goes. `null`
 * for a zoom, which no drawing can follow.
 */
export function reachOf(before: TimeSpan, now: TimeSpan): TimeSpan | null {
  if (!isAsLong(before, now)) return null;
  const lengthMs = now.endMs - now.startMs;
  const isBack = now.startMs < before.startMs;
  return {
    startMs: now.startMs - lengthMs * BEYOND[isBack ? "ahead" : "behind"],
    endMs: now.endMs + lengthMs * BEYOND[isBack ? "behind" : "ahead"],
  };
}

/** Whether two stretches of time are drawn at the same scale. */
function isAsLong(a: TimeSpan, b: TimeSpan): boolean {
  const lengthMs = b.endMs - b.startMs;
  return Math.abs(a.endMs - a.startMs - lengthMs) <= 1e-6 * lengthMs;
}

/**
 * A drawing that reaches beyond what is in view and can be moved along the time axis. What moves
 * is a layer of its own, which the browser shifts without painting it anew.
 */
export class Sliding {
  /** What is seen of the layer that moves; it belongs above the drawing. */
  readonly window: HTMLElement;
  /** The time that is drawn. */
  readonly reach: TimeSpan;
  readonly #span: TimeSpan;
  readonly #width: number;
  readonly #layer: SVGElement;
  readonly #axis: readonly SVGElement[];
  readonly #transforms: readonly string[];
  readonly #labels: readonly (readonly [label: SVGElement, x: number])[];

  /**
   * Takes what moves out of a drawing.
   *
   * @param figure The drawing.
   * @param drawn The time in view, the time drawn, and how wide it is.
   */
  constructor(
    figure: Element,
    { startMs, endMs, reach, width }: TimeSpan & {
      readonly reach: TimeSpan;
      readonly width: number;
    },
  ) {
    this.reach = reach;
    this.#span = { startMs, endMs };
    this.#width = width;
    this.#layer = figure.cloneNode(false) as SVGElement;
    this.#layer.setAttribute("class", "moving");
    // What moves is clipped by the window instead, where it is seen.
    for (const clipped of figure.querySelectorAll(":scope > g[clip-path]")) {
      if (clipped.querySelector(`:scope > g.${STILL}`) !== null) continue;
      clipped.removeAttribute("clip-path");
      this.#layer.append(clipped);
    }
    this.window = element("div", { class: "window" });
    this.window.append(this.#layer);
    this.#axis = [...figure.querySelectorAll<SVGElement>(`:scope > g[aria-label^="x-axis"]`)];
    this.#transforms = this.#axis.map((part) => part.getAttribute("transform") ?? "");
    this.#labels = this.#axis.flatMap((part) =>
      [...part.querySelectorAll<SVGElement>("text")].map((text) => [text, placeOf(text)] as const)
    );
    this.#shift(0);
  }

  /** Moves it to another time; answers whether it reaches that far. */
  to(view: TimeSpan & { readonly width: number }): boolean {
    const { startMs, endMs, width } = view;
    const isInReach = startMs >= this.reach.startMs && endMs <= this.reach.endMs;
    if (!isInReach || width !== this.#width || !isAsLong(this.#span, view)) return false;
    const pixelsPerMs = (width - MARGIN.left - MARGIN.right) / (endMs - startMs);
    this.#shift((this.#span.startMs - startMs) * pixelsPerMs);
    return true;
  }

  #shift(pixels: number): void {
    const whole = Math.round(pixels * devicePixelRatio) / devicePixelRatio;
    this.#layer.style.transform = `translateX(${whole}px)`;
    this.#axis.forEach((part, k) =>
      part.setAttribute("transform", `translate(${whole},0) ${this.#transforms[k]}`)
    );
    const right = this.#width - MARGIN.right + EDGE;
    for (const [label, x] of this.#labels) {
      const at = x + whole;
      const display = at >= MARGIN.left - EDGE && at <= right ? "" : "none";
      if (label.style.display !== display) label.style.display = display;
    }
  }
}

/** Where a label stands, CSS pixels from the left of its drawing. */
function placeOf(label: SVGElement): number {
  return Number(/translate\(([-\d.e]+)/.exec(label.getAttribute("transform") ?? "")?.[1] ?? 0);
}
