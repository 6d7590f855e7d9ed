import type {
  FeedStatus,
  HearingStatus,
  IngestStatus,
  LogStatus,
  ProcessStatus,
  RoleStatus,
  StoreStatus,
  StoringStatus,
} from "../control/status.ts";
import { promiseOf, venuesOf } from "../venue_promises.ts";

/** So many streams are told one by one. */
const MOST_STREAMS = 12;

/** What a program says of itself, for a person. */
export function describeStatus(status: RoleStatus, database: string): string {
  switch (status.role) {
    case "ingest":
      return describeIngest(status, database);
    case "feed":
      return describeFeed(status);
    case "store":
      return describeStore(status, database);
  }
}

function describeIngest(s: IngestStatus, database: string): string {
  return [
    `Ingest (process ${s.pid}) has been writing ${database} since ${since(s)}`,
    ...hearing(s),
    ...storing(s),
    ...recorded(s),
    processLine(s),
  ].join("\n");
}

function describeFeed(s: FeedStatus): string {
  return [
    `Feed "${s.name}" (process ${s.pid}) has been telling the log "${s.log.log}" since ${since(s)}`,
    ...hearing(s),
    `  log         ${describeLog(s.log)}`,
    `  events      ${s.published} in the log, in ${s.batches} batches; ${s.waiting} wait`,
    processLine(s),
  ].join("\n");
}

function describeStore(s: StoreStatus, database: string): string {
  const does = s.standingBy === null ? "has been writing" : "stands by for";
  return [
    `Store "${s.name}" (process ${s.pid}) ${does} ${database} since ${since(s)}` +
    (s.simulated ? " (SIMULATED)" : ""),
    `  partitions  ${describePartitions(s)}`,
    `  log         ${describeLog(s.log)}; ` +
    (s.logLagMs === 0 ? "nothing waits" : `${(s.logLagMs / 1_000).toFixed(1)} s behind it`),
    ...storing(s),
    processLine(s),
  ].join("\n");
}

function describePartitions(
  { partitions, partitionCount, standingBy, stores }: StoreStatus,
): string {
  if (standingBy !== null) return `none, as ${standingBy}`;
  const own = partitions.toSorted((a, b) => a.partition - b.partition)
    .map(({ partition, behind }) =>
      behind === 0 ? `${partition}` : `${partition} (${behind} behind)`
    );
  return `${own.join(", ")} of ${partitionCount}` + (stores > 1 ? `; one of ${stores} stores` : "");
}

function since({ startedAtMs }: ProcessStatus): string {
  return new Date(startedAtMs).toISOString();
}

function hearing(s: HearingStatus & ProcessStatus): string[] {
  const states = Object.entries(s.streams).map(([symbol, state]) => `${symbol} ${state}`);
  const more = states.length - MOST_STREAMS;
  const shown = states.slice(0, MOST_STREAMS).join(", ") + (more > 0 ? `, and ${more} more` : "");
  return [
    `  source      ${s.wsUrl} ${s.streamKind}${s.simulated ? " (SIMULATED)" : ""}`,
    `  streams     ${shown}`,
    ...venuesOf(Object.keys(s.streams)).map((venue) => `  promised    ${promiseOf(venue)}`),
    `  connections ${describeConnections(s)}`,
    `  latency     ${describeLatency(s)}`,
  ];
}

function storing(s: StoringStatus): string[] {
  const behind = s.watermarkMs === null
    ? "waiting for the first trade"
    : `bars closed up to ${new Date(s.watermarkMs).toISOString()}`;
  return [
    `  trades      ${s.stored} stored, ${Math.round(s.tradesPerSecond)} per second; ${behind}`,
    `  quality     ${s.gaps} gaps, ${s.duplicates} duplicates, ${s.quarantined} quarantined`,
    ...(s.storage === null ? [] : [
      `  STORAGE     nothing since ${
        new Date(s.storage.sinceMs).toISOString()
      }: ${s.storage.message}`,
    ]),
  ];
}

function recorded({ recorded, nowMs }: IngestStatus): string[] {
  return (["marks", "quotes"] as const).flatMap((name) => {
    const status = recorded?.[name] ?? null;
    if (status === null) return [];
    const { symbols, stored, dropped, newestMs, silent } = status;
    return [
      `  ${name.padEnd(11)} ${stored} stored of ${symbols} symbols; ` +
      (newestMs === null
        ? "waiting for the first"
        : `the newest ${((nowMs - newestMs) / 1_000).toFixed(1)} s old`) +
      (dropped === 0 ? "" : `; ${dropped} LOST`) +
      (silent.length === 0 ? "" : `; ${silent.length} SILENT: ${silent.slice(0, 5).join(", ")}`),
    ];
  });
}

function processLine({ rssBytes, loopDelay }: ProcessStatus): string {
  return `  process     ${
    Math.round(rssBytes / 2 ** 20)
  } MB; late by ${loopDelay.p50Ms} ms (median), ${loopDelay.p99Ms} ms (p99)`;
}

function describeLog({ log, servers, isConnected, messages, bytes, behind }: LogStatus): string {
  const where = `"${log}" at ${servers.join(", ")}`;
  if (!isConnected) return `${where} CANNOT BE REACHED`;
  const readers = Object.entries(behind).map(([name, count]) => `${name} ${count} behind`);
  return `${where}, ${messages} messages, ${(bytes / 1e6).toFixed(1)} MB` +
    (readers.length === 0 ? ", nobody reads it" : `; ${readers.join(", ")}`);
}

function describeConnections({ connections, nowMs }: HearingStatus & ProcessStatus): string {
  if (connections.length === 0) return "none now";
  const oldestMs = Math.min(...connections.map((c) => c.openedMs));
  return `${connections.length} open, the oldest for ${hours(nowMs - oldestMs)}`;
}

function describeLatency({ latency, streamLatency, clock }: HearingStatus): string {
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
