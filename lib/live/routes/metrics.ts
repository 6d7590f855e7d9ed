import type { SymbolQuality } from "../../store/mod.ts";
import { SAFE_HEADERS } from "../respond.ts";
import type { Route } from "./route.ts";

type Counter = Exclude<
  keyof SymbolQuality,
  "venue" | "symbol" | "lastTradeTimeMs" | "clockSkewMs"
>;

const COUNTERS: readonly [field: Counter, name: string, help: string][] = [
  ["received", "trades_received_total", "Trades received"],
  ["stored", "trades_stored_total", "Trades stored"],
  ["duplicate", "trades_duplicate_total", "Trades dropped because they were stored already"],
  ["late", "trades_late_total", "Trades that amended a closed bar"],
  ["quarantined", "frames_quarantined_total", "Frames set aside"],
  ["reconnects", "reconnects_total", "Times the stream was opened again"],
];

const GAUGES: readonly [field: Counter, state: string][] = [
  ["gapsOpen", "open"],
  ["gapsRepaired", "repaired"],
  ["gapsLost", "lost"],
];

/** Counters and gauges as Prometheus text (exposition format 0.0.4). */
export const metrics: Route = ({ source, book, connections }) => {
  const quality = source.read((reader) => reader.quality());
  const lines: string[] = [];
  const add = (
    name: string,
    type: "counter" | "gauge",
    help: string,
    samples: readonly [labels: string, value: number | null][],
  ) => {
    lines.push(`# HELP tandem_${name} ${help}`, `# TYPE tandem_${name} ${type}`);
    for (const [labels, value] of samples) {
      if (value !== null) {
        lines.push(`tandem_${name}${labels === "" ? "" : `{${labels}}`} ${value}`);
      }
    }
  };
  for (const [field, name, help] of COUNTERS) {
    add(name, "counter", help, quality.map((q) => [labelsOf(q), q[field]]));
  }
  add(
    "gaps",
    "gauge",
    "Known gaps in the trades",
    quality.flatMap((q) =>
      GAUGES.map((
        [field, state],
      ): [string, number] => [`${labelsOf(q)},state="${state}"`, q[field]])
    ),
  );
  const seconds = (ms: number | null) => ms === null ? null : ms / 1_000;
  add(
    "last_trade_timestamp_seconds",
    "gauge",
    "Exchange time of the newest stored trade",
    quality.map((q) => [labelsOf(q), seconds(q.lastTradeTimeMs)]),
  );
  add(
    "clock_skew_seconds",
    "gauge",
    "Local clock minus exchange clock",
    quality.map((q) => [labelsOf(q), seconds(q.clockSkewMs)]),
  );
  add("hub_connections", "gauge", "Open WebSocket connections", [["", connections]]);
  add("hub_feeds", "gauge", "Different charts that are looked at", [["", book.size]]);
  const headers = { ...SAFE_HEADERS, "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return new Response(lines.join("\n") + "\n", { headers });
};

function labelsOf({ venue, symbol }: SymbolQuality): string {
  return `venue="${escape(venue)}",symbol="${escape(symbol)}"`;
}

function escape(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
}
