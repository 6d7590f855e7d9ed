/// <reference lib="dom" />
import { bindBoxSelect } from "./box_select.ts";
import { bindGestures, type PlotEdges, pressKey } from "./gestures.ts";
import type { ChartMemory } from "./memory.ts";
import type { Readout, ReadRows } from "./readout.ts";
import type { Viewport } from "./viewport.ts";

/** What pointers and keys act on. */
export interface InputTarget {
  /** The whole chart, which takes the focus. */
  readonly root: HTMLElement;
  /** The panels. */
  readonly area: HTMLElement;
  readonly viewport: Viewport;
  readonly memory: ChartMemory;
  readonly readout: Readout;
  readonly rows: () => ReadRows;
  readonly edges: () => PlotEdges;
  /** The reader changed what is in view. */
  readonly moved: () => void;
}

/** Lets pointers and keys zoom, pan, select and read. */
export function bindInput(target: InputTarget): void {
  const { root, area, viewport, memory, readout, rows, edges, moved } = target;
  const gestures = {
    ...{ host: area, viewport, edges, redraw: moved },
    isSelecting: () => memory.isSelecting,
    isFocused: () => root.matches(":focus-within"),
  };
  bindGestures(gestures);
  bindBoxSelect(gestures);
  const point = (event: PointerEvent) => {
    readout.point(event.clientX - area.getBoundingClientRect().left);
    readout.show(rows());
  };
  area.addEventListener("pointermove", point);
  area.addEventListener("pointerdown", point);
  area.addEventListener("pointerleave", (event) => {
    // A finger that is lifted has left: what it pointed at stays to be read.
    if (event.pointerType === "touch") return;
    readout.point(null);
    readout.show(rows());
  });
  root.addEventListener("keydown", (event) => {
    if (event.target !== root || event.ctrlKey || event.metaKey || event.altKey) return;
    const isArrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (event.shiftKey && isArrow) readout.step(rows(), event.key === "ArrowRight");
    else if (pressKey(viewport, event)) moved();
    else return;
    event.preventDefault();
  });
}
