/// <reference lib="dom" />
import { MARGIN, STILL } from "../../../charts/mod.ts";
import type { TimeSpan } from "./viewport.ts";

/** While the reader pans, a panel is drawn in every third frame and slides in between. */
export const DRAWN_EVERY = 3;

/** More than this share of what is in view is not drawn beyond its edges. */
const MOST_BEYOND = 0.3;

const SLIDING = `:scope > g[clip-path] > g:not(.${STILL}), :scope > g[aria-label^="x-axis"]`;

/** How far beyond its edges to draw so that a panel can slide until it is drawn again, ms. */
export function beyond(before: TimeSpan, now: TimeSpan): number {
  const lengthMs = now.endMs - now.startMs;
  return Math.min(DRAWN_EVERY * Math.abs(now.startMs - before.startMs), MOST_BEYOND * lengthMs);
}

/** A drawing that can be moved along the time axis: that costs a tenth of drawing it anew. */
export class Sliding {
  readonly #span: TimeSpan;
  readonly #width: number;
  readonly #beyondMs: number;
  readonly #parts: readonly (readonly [part: Element, transform: string])[];

  /**
   * @param figure The drawing.
   * @param drawn The time it was drawn for, how wide, and how far beyond its edges.
   */
  constructor(
    figure: Element,
    drawn: TimeSpan & { readonly width: number; readonly beyondMs: number },
  ) {
    this.#span = drawn;
    this.#width = drawn.width;
    this.#beyondMs = drawn.beyondMs;
    this.#parts = [...figure.querySelectorAll(SLIDING)]
      .map((part) => [part, part.getAttribute("transform") ?? ""]);
  }

  /** Moves it to another time; answers whether it reaches that far. */
  to({ startMs, endMs, width }: TimeSpan & { readonly width: number }): boolean {
    const lengthMs = endMs - startMs;
    const byMs = this.#span.startMs - startMs;
    const isStretched = Math.abs(this.#span.endMs - endMs - byMs) > 1e-6 * lengthMs;
    if (isStretched || width !== this.#width || Math.abs(byMs) > this.#beyondMs) return false;
    const pixels = byMs / lengthMs * (width - MARGIN.left - MARGIN.right);
    for (const [part, transform] of this.#parts) {
      part.setAttribute("transform", `translate(${pixels},0) ${transform}`);
    }
    return true;
  }
}
