/// <reference lib="dom" />
import { element } from "../dom.ts";
import type { Viewport } from "./viewport.ts";

const RANGES: readonly [label: string, lengthMs: number | null][] = [
  ["5m", 300_000],
  ["15m", 900_000],
  ["1h", 3_600_000],
  ["6h", 21_600_000],
  ["1d", 86_400_000],
  ["1w", 604_800_000],
  ["All", null],
];

/** Buttons for the newest part of the rows, and one that follows the newest row. */
export function rangeButtons(
  viewport: Viewport,
  redraw: () => void,
): { readonly root: HTMLElement; refresh(): void } {
  const press = (lengthMs: number | null) => () => {
    viewport.follow(lengthMs);
    redraw();
  };
  const ranges = RANGES.map(([label, lengthMs]) => ({
    lengthMs,
    button: element("button", { type: "button", onclick: press(lengthMs) }, label),
  }));
  const live = element("button", {
    type: "button",
    class: "live",
    onclick: () => press(viewport.span.endMs - viewport.span.startMs)(),
  }, "Live");
  const root = element(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Time in view" },
    ...ranges.map(({ button }) => button),
    live,
  );
  return {
    root,
    refresh() {
      const all = viewport.extent.endMs - viewport.extent.startMs;
      for (const { lengthMs, button } of ranges) {
        button.hidden = lengthMs !== null && lengthMs >= all;
        const isShown = viewport.follows && viewport.followedMs === lengthMs;
        button.setAttribute("aria-pressed", String(isShown));
      }
      live.setAttribute("aria-pressed", String(viewport.follows));
      live.title = viewport.follows ? "The newest bar is in view" : "Go back to the newest bar";
    },
  };
}
