import { counted } from "./counted.ts";
import { dirname } from "node:path";
import { openReader } from "../store/mod.ts";
import { controlClient, isIngestRunning } from "./control_client.ts";
import type { IngestStatus } from "./ingest/control.ts";
import { databaseOption, databasePath } from "./options.ts";
import type { Program } from "./program.ts";

interface StatusOptions {
  readonly database: string;
  readonly json: boolean;
}

/** `deno task status`: what the ingest of a database does. */
export const status: Program<StatusOptions> = {
  name: "status",
  describe(command) {
    command
      .description("Tell what the ingest of a database does, or what it left behind.")
      .addOption(databaseOption())
      .option("--json", "for programs")
      .addHelpText("after", "\nExamples:\n  deno task status\n  deno task status --json");
  },
  read(command, place) {
    const o = command.opts();
    return { database: databasePath(o.db, place), json: o.json === true };
  },
  permissions: ({ database }) => ({ net: ["127.0.0.1"], read: [dirname(database)] }),
  async run({ database, json }, { report }) {
    if (!isIngestRunning(database)) {
      using reader = openReader(database);
      const symbols = reader.symbols();
      const lastMs = Math.max(-Infinity, ...symbols.map((s) => s.lastTradeTimeMs ?? -Infinity));
      const last = Number.isFinite(lastMs) ? new Date(lastMs).toISOString() : null;
      report.print(
        json
          ? JSON.stringify({ running: false, symbols: symbols.length, lastTrade: last })
          : `No ingest is writing ${database}. It holds ${counted(symbols.length, "symbol")}` +
            (last === null ? "." : `; the last trade was at ${last}.`),
      );
      return;
    }
    const said = await (await controlClient(database)).status();
    report.print(json ? JSON.stringify({ running: true, ...said }) : describe(database, said));
  },
};

function describe(database: string, s: IngestStatus): string {
  const states = Object.entries(s.streams).map(([symbol, state]) => `${symbol} ${state}`);
  const shown = states.slice(0, 12).join(", ") +
    (states.length > 12 ? `, and ${states.length - 12} more` : "");
  const behind = s.watermarkMs === null
    ? "waiting for the first trade"
    : `bars closed up to ${new Date(s.watermarkMs).toISOString()}`;
  return [
    `Ingest (process ${s.pid}) has been writing ${database} since ${
      new Date(s.startedAtMs).toISOString()
    }`,
    `  source      ${s.wsUrl} ${s.streamKind}${s.simulated ? " (SIMULATED)" : ""}`,
    `  streams     ${shown}`,
    `  trades      ${s.stored} stored, ${Math.round(s.tradesPerSecond)} per second; ${behind}`,
    `  connections ${describeConnections(s)}`,
    `  latency     ${describeLatency(s)}`,
    `  quality     ${s.gaps} gaps, ${s.duplicates} duplicates, ${s.quarantined} quarantined`,
    ...(s.storage === null ? [] : [
      `  STORAGE     nothing since ${
        new Date(s.storage.sinceMs).toISOString()
      }: ${s.storage.message}`,
    ]),
    `  process     ${Math.round(s.rssBytes / 2 ** 20)} MB; late by ${s.loopDelay.p50Ms} ms ` +
    `(median), ${s.loopDelay.p99Ms} ms (p99)`,
  ].join("\n");
}

function describeConnections({ connections, nowMs }: IngestStatus): string {
  if (connections.length === 0) return "none now";
  const oldestMs = Math.min(...connections.map((c) => c.openedMs));
  return `${connections.length} open, the oldest for ${hours(nowMs - oldestMs)}`;
}

function describeLatency({ latency, streamLatency, clock }: IngestStatus): string {
  const skew = clock === null
    ? "the clocks have not been compared yet"
    : `clock ${Math.abs(Math.round(clock.skewMs))} ms ${
      clock.skewMs < 0 ? "behind" : "ahead of"
    } the exchange's`;
  if (latency === null) return skew;
  const [slowest] = Object.entries(streamLatency).toSorted(([, a], [, b]) => b.p99Ms - a.p99Ms);
  return `${latency.p50Ms} ms median, ${latency.p99Ms} ms at 99 %` +
    (slowest === undefined ? "" : ` (slowest: ${slowest[0]}, ${slowest[1].p99Ms} ms)`) +
    `; ${skew}`;
}

function hours(ms: number): string {
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
