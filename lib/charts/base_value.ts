import type { Columns } from "./spec.ts";

/**
 * Returns the value that a panel of changes draws as 0 %: the first one in view.
 *
 * @example The view begins at the second row
 * ```ts
 * import { baseValue } from "tandem/charts";
 * import { strictEqual } from "node:assert/strict";
 *
 * const columns = { t: [0, 1, 2], y: [7, null, 9] };
 * strictEqual(baseValue(columns, "y", { from: 0, to: 3, startMs: 1 }), 9);
 * ```
 *
 * @param columns The rows of a chart.
 * @param key One of its columns.
 * @param view The rows in view, and the time from which on they count.
 * @returns The value, or `null` where there is none.
 */
export function baseValue(
  columns: Columns,
  key: string,
  view: { readonly from: number; readonly to: number; readonly startMs: number },
): number | null {
  for (let row = view.from; row < view.to; row++) {
    const value = columns[key]?.[row] ?? null;
    if (value !== null && columns.t[row]! >= view.startMs) return value;
  }
  return null;
}
