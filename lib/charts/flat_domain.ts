import type { PanelView } from "./panel_plot.ts";
import type { Columns, PanelSpec } from "./spec.ts";

/** Values that differ by less, relative to their size, differ by rounding alone. */
const ROUNDING = 1e-9;
/** How far the values of a panel reach around one that stands still, relative to it. */
const AROUND = 0.01;

/**
 * The values that a panel of lines covers where its lines stand still but for rounding, as those of
 * two legs with the same prices do: drawn as they are, the rounding would fill it.
 *
 * @returns Lowest and highest value; `null` where the lines move, or other marks give the scale.
 */
export function flatDomain(
  panel: PanelSpec,
  columns: Columns,
  { from, to, hidden }: Pick<PanelView, "from" | "to" | "hidden">,
): [number, number] | null {
  const { rules, scale, series, values } = panel;
  if (scale === "log" || values === "change" || rules.length > 0) return null;
  let [least, most] = [Infinity, -Infinity];
  const take = (value: number) => {
    if (value < least) least = value;
    if (value > most) most = value;
  };
  for (const each of series) {
    if (each.kind !== "line") return null;
    const line = columns[each.key] ?? [];
    for (let row = hidden.has(each.key) ? to : from; row < to; row++) {
      const value = line[row] ?? null;
      if (value !== null) take(value);
    }
  }
  for (const { center, width, times } of panel.bands) {
    for (let row = from; row < to; row++) {
      const [middle, half] = [columns[center]?.[row] ?? null, columns[width]?.[row] ?? null];
      if (middle === null || half === null) continue;
      take(middle - times * half);
      take(middle + times * half);
    }
  }
  const size = Math.max(Math.abs(least), Math.abs(most));
  if (least > most || most - least > ROUNDING * size) return null;
  const around = size === 0 ? 1 : AROUND * size;
  return [least - around, most + around];
}
