import { exposition, EXPOSITION_TYPE, type Metric, tradeMetrics } from "../../metrics/mod.ts";
import type { SymbolQuality } from "../../store/mod.ts";
import { SAFE_HEADERS } from "../respond.ts";
import type { Route } from "./route.ts";

/** What `/metrics` tells: counters per symbol of the database, and how the hub is. */
export const metrics: Route = ({ source, book, connections }) => {
  const quality = source.read((reader) => reader.quality());
  const text = exposition([
    ...tradeMetrics(quality.map((q) => ({ labels: labelsOf(q), counts: q }))),
    {
      name: "tandem_reconnects_total",
      type: "counter",
      help: "Times the stream was opened again",
      samples: quality.map((q) => ({ labels: labelsOf(q), value: q.reconnects })),
    },
    {
      name: "tandem_gaps",
      type: "gauge",
      help: "Known gaps in the trades",
      samples: quality.flatMap((q) => [
        { labels: { ...labelsOf(q), state: "open" }, value: q.gapsOpen },
        { labels: { ...labelsOf(q), state: "repaired" }, value: q.gapsRepaired },
        { labels: { ...labelsOf(q), state: "lost" }, value: q.gapsLost },
      ]),
    },
    {
      name: "tandem_last_trade_timestamp_seconds",
      type: "gauge",
      help: "Exchange time of the newest stored trade",
      samples: quality.map((q) => ({ labels: labelsOf(q), value: seconds(q.lastTradeTimeMs) })),
    },
    {
      name: "tandem_clock_skew_seconds",
      type: "gauge",
      help: "Local clock minus exchange clock",
      samples: quality.map((q) => ({ labels: labelsOf(q), value: seconds(q.clockSkewMs) })),
    },
    gauge("tandem_hub_connections", "Open WebSocket connections", connections),
    gauge("tandem_hub_feeds", "Different charts that are looked at", book.size),
  ]);
  return new Response(text, { headers: { ...SAFE_HEADERS, "content-type": EXPOSITION_TYPE } });
};

function gauge(name: string, help: string, value: number): Metric {
  return { name, type: "gauge", help, samples: [{ value }] };
}

function labelsOf({ venue, symbol }: SymbolQuality) {
  return { venue, symbol };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
