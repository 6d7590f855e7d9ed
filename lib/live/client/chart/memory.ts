import type { TimeSpan } from "./viewport.ts";

/** What a reader has chosen for a chart; it outlives the chart when its specification changes. */
export interface ChartMemory {
  /** Keys of series that are not drawn. */
  readonly hidden: Set<string>;
  /** Keys of panels of which only the header is shown. */
  readonly folded: Set<string>;
  /** Keys of panels on a logarithmic scale. */
  readonly logarithmic: Set<string>;
  /** Whether dragging selects a stretch of time to zoom to, instead of panning. */
  isSelecting: boolean;
  /** Whether the rows are shown as a table as well. */
  isTableOpen: boolean;
  /** What was in view, to begin with: a stretch of time, or so many newest ms. */
  view: TimeSpan | { readonly followedMs: number | null };
}

/** The memory of a chart of which nothing has been chosen yet. */
export function freshMemory(): ChartMemory {
  return {
    ...{ hidden: new Set(), folded: new Set(), logarithmic: new Set() },
    ...{ isSelecting: false, isTableOpen: false, view: { followedMs: null } },
  };
}
