/// <reference lib="dom" />
import type { Columns } from "../../charts/mod.ts";
import type { ServerMessage } from "../protocol.ts";
import { type Chart, mount } from "./chart/chart.ts";

/** Rows that an output carries itself. */
export type EmbeddedRows = Pick<Extract<ServerMessage, { op: "snapshot" }>, "spec" | "columns">;

interface Embedded {
  readonly chart: Chart;
  /** The number of the next push; an older one is a stored output that was shown again. */
  next: number;
}

const embedded = new Map<string, Embedded>();

/**
 * Draws a chart from the rows its output carries, where the kernel cannot be reached; more rows are
 * pushed through outputs of the kernel.
 *
 * @param output The element around the picture.
 * @param name Names it for `push()`.
 * @param rows What it carries.
 */
export function embed(output: HTMLElement, name: string, { spec, columns }: EmbeddedRows): void {
  embedded.get(name)?.chart.destroy();
  embedded.set(name, { chart: mount(output, spec, columns), next: 0 });
  output.dataset.tandem = "embedded";
}

/**
 * Takes what changed since the last push.
 *
 * @param name The chart.
 * @param number Counts the pushes, from 0.
 * @param messages What the hub has said.
 */
export function push(name: string, number: number, messages: readonly ServerMessage[]): void {
  const entry = embedded.get(name);
  if (entry === undefined || entry.next !== number) return;
  entry.next++;
  for (const message of messages) take(entry.chart, message);
}

function take(chart: Chart, message: ServerMessage): void {
  const rows: Columns | undefined = "rows" in message ? message.rows : undefined;
  if (message.op === "append" && rows) chart.append(rows);
  else if (message.op === "amend" && rows) chart.amend(message.fromMs, rows);
  else if (message.op === "snapshot") chart.replace(message.columns);
}
