/** A time in view and, for a drawing that will be moved along the time axis, the time it covers. */
export interface Reach {
  /** Left edge of what is in view, ms since the epoch. */
  readonly startMs: number;
  /** Right edge, ms since the epoch; > `startMs`. */
  readonly endMs: number;
  /** What is drawn, ms since the epoch. @default {what is in view} */
  readonly reach?: { readonly startMs: number; readonly endMs: number };
}

/**
 * Returns how wide a drawing is that covers more than what is in view.
 *
 * @example As much again after the time in view
 * ```ts
 * import { reachPixels } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const view = { startMs: 0, endMs: 10, reach: { startMs: 0, endMs: 20 } };
 * strictEqual(reachPixels(view, 600), 1_200);
 * ```
 *
 * @param view The time in view and the time drawn.
 * @param pixels The width of what is in view, CSS pixels.
 * @returns The width of what is drawn, CSS pixels.
 */
export function reachPixels({ startMs, endMs, reach }: Reach, pixels: number): number {
  if (reach === undefined) return pixels;
  return pixels * (reach.endMs - reach.startMs) / (endMs - startMs);
}

/**
 * Returns whether a time is in view.
 *
 * @example The edges are
 * ```ts
 * import { isInView } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(isInView(5, { startMs: 0, endMs: 5 }), true);
 * strictEqual(isInView(6, { startMs: 0, endMs: 5 }), false);
 * ```
 *
 * @param timeMs A time, ms since the epoch.
 * @param view The time in view.
 * @returns Whether it is.
 */
export function isInView(timeMs: number, view: Pick<Reach, "startMs" | "endMs">): boolean {
  return timeMs >= view.startMs && timeMs <= view.endMs;
}
