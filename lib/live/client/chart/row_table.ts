/// <reference lib="dom" />
import {
  type ChartSpec,
  type Columns,
  formatCount,
  formatTime,
  formatValue,
} from "../../../charts/mod.ts";
import { element } from "../dom.ts";
import { clock } from "../preferences.ts";
import type { TimeSpan } from "./viewport.ts";

const ROWS = 200;

/** The newest rows in view as a table, newest first. */
export function rowTable(spec: ChartSpec, columns: Columns, span: TimeSpan): HTMLTableElement {
  const series = spec.panels.flatMap((panel) => panel.series);
  const last = columns.t.findLastIndex((timeMs) => timeMs < span.endMs);
  const rows: HTMLTableRowElement[] = [];
  for (let row = last; row >= 0 && row > last - ROWS && columns.t[row]! >= span.startMs; row--) {
    const marks = spec.marks.filter(({ key }) => columns[key]?.[row] === 1);
    const cells = [
      formatTime(columns.t[row]!, spec.intervalMs, clock.zone),
      ...series.map(({ key }) => formatValue(columns[key]?.[row])),
      marks.map(({ label }) => label).join(", "),
    ];
    rows.push(element("tr", {}, ...cells.map((text) => element("td", {}, text))));
  }
  const names = [`Time (${clock.label})`, ...series.map(({ label }) => label), "Marks"];
  const heads = names.map((name) => element("th", { scope: "col" }, name));
  return element(
    "table",
    {},
    element(
      "caption",
      {},
      `${spec.title}, ${spec.subtitle}: the newest ${formatCount(rows.length, "row")} in view`,
    ),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows),
  );
}
