/// <reference lib="dom" />
import type { Columns } from "../../../charts/mod.ts";
import type { ChartState } from "../chart/chart.ts";
import type { ExportOffer, ExportRange } from "../export_menu.ts";
import { type Settings, toQuery } from "./settings.ts";

/** What of a pair can be exported: what is measured, and what of each leg is stored. */
export function pairOffers(settings: Settings): ExportOffer[] {
  const { y, x, interval } = settings;
  if (y === "" || x === "") return [];
  const readings = new URLSearchParams(toQuery(settings));
  readings.delete("limit");
  return [
    { what: "readings", label: `Readings of ${y} and ${x}`, query: readings },
    ...[y, x].map((symbol): ExportOffer => ({
      what: "bars",
      label: `Bars of ${symbol}, ${interval}`,
      query: new URLSearchParams({ symbol, interval }),
    })),
    ...[y, x].map((symbol): ExportOffer => ({
      what: "trades",
      label: `Trades of ${symbol}`,
      query: new URLSearchParams({ symbol }),
    })),
  ];
}

/** Which stretches of time can be exported beside a chart. */
export function pairRanges(state: ChartState | null, columns: Columns | null): ExportRange[] {
  const firstMs = columns?.t[0];
  const [startMs, endMs] = state?.domain ?? [];
  return [
    ...(typeof firstMs === "number" ? [{ label: "In the chart", fromMs: firstMs }] : []),
    ...(startMs !== undefined && endMs !== undefined
      ? [{ label: "In view", fromMs: startMs, toMs: endMs + 1 }]
      : []),
    { label: "All that is stored" },
  ];
}
