/// <reference lib="dom" />
import type { ChartMemory } from "./chart/memory.ts";

/** The views of the page. */
export type ViewName = "pair" | "universe" | "backtest" | "data" | "alerts" | "files";

const VIEWS: readonly ViewName[] = ["pair", "universe", "backtest", "data", "alerts", "files"];

/** The view an address names. */
export function viewOf(search: string): ViewName {
  const named = new URLSearchParams(search).get("view");
  return VIEWS.find((view) => view === named) ?? "pair";
}

/** What an address says is in view of a chart: a stretch of time, or so much of the newest. */
export function spanOf(search: string): ChartMemory["view"] {
  const params = new URLSearchParams(search);
  const [startMs, endMs] = ["from", "to"].map((name) => Date.parse(params.get(name) ?? ""));
  if (startMs! < endMs!) return { startMs: startMs!, endMs: endMs! };
  const seconds = Number(params.get("last"));
  return { followedMs: seconds > 0 ? 1_000 * seconds : null };
}

/** Writes what is in view into the parameters of an address. */
export function writeSpan(params: URLSearchParams, view: ChartMemory["view"]): void {
  if ("startMs" in view) {
    params.set("from", new Date(view.startMs).toISOString());
    params.set("to", new Date(view.endMs).toISOString());
  } else if (view.followedMs !== null) {
    params.set("last", String(Math.round(view.followedMs / 1_000)));
  }
}
