import { type Labels, type Metric, type Sample, tradeMetrics } from "../../metrics/mod.ts";
import type {
  FeedStatus,
  HearingStatus,
  LogStatus,
  ProcessStatus,
  RoleStatus,
  StoreStatus,
  StoringStatus,
} from "../control/status.ts";

/** What a program tells Prometheus: names and units follow its conventions. */
export function roleMetrics(status: RoleStatus): Metric[] {
  const { role } = status;
  const name = role === "ingest" ? role : status.name;
  return [
    gauge("tandem_role_info", "Which program this is", { labels: { role, name }, value: 1 }),
    ...ofProcess(status),
    ...(role === "store" ? [] : ofHearing(status)),
    ...(role === "feed" ? ofFeed(status) : ofStoring(status)),
    ...(role === "ingest" ? [] : ofLog(status.log)),
    ...(role === "store" ? ofStore(status) : []),
  ];
}

function ofProcess(s: ProcessStatus): Metric[] {
  const { p50Ms, p99Ms } = s.loopDelay;
  return [
    counter("process_cpu_seconds_total", "Processor time taken", s.cpuMs / 1_000),
    gauge("process_resident_memory_bytes", "Memory of the process", { value: s.rssBytes }),
    gauge("process_start_time_seconds", "When it was started", { value: s.startedAtMs / 1_000 }),
    gauge(
      "tandem_loop_delay_seconds",
      "How late the event loop comes to what is due, since the start",
      ...quantiles({ p50Ms, p99Ms }),
    ),
  ];
}

function ofHearing(s: HearingStatus): Metric[] {
  const states = Object.values(s.streams);
  return [
    gauge(
      "tandem_streams",
      "Streams followed, by state",
      ...["live", "pending", "silent"].map((state) => ({
        labels: { state },
        value: states.filter((each) => each === state).length,
      })),
    ),
    gauge("tandem_connections", "Open connections to exchanges", { value: s.connections.length }),
    gauge(
      "tandem_exchange_latency_seconds",
      "From the exchange's event time to here, in the last minutes",
      ...(s.latency === null ? [] : quantiles(s.latency)),
    ),
    gauge("tandem_clock_skew_seconds", "Local clock minus exchange clock", {
      value: seconds(s.clock?.skewMs ?? null),
    }),
  ];
}

function ofStoring(s: StoringStatus): Metric[] {
  const { trades, stored, duplicates, late, quarantined } = s;
  const counts = {
    received: trades + duplicates,
    stored,
    duplicate: duplicates,
    late,
    quarantined,
  };
  return [
    ...tradeMetrics([{ labels: {}, counts }]),
    counter("tandem_bars_stored_total", "Bars stored, also anew", s.bars),
    counter("tandem_gaps_opened_total", "Gaps found in the trades", s.gaps),
    gauge("tandem_bars_closed_timestamp_seconds", "Exchange time up to which bars are closed", {
      value: seconds(s.watermarkMs),
    }),
    gauge("tandem_bars_lag_seconds", "How far that is behind the exchange's clock", {
      value: seconds(s.lagMs),
    }),
    gauge("tandem_storage_failing", "Whether nothing can be stored now", {
      value: s.storage === null ? 0 : 1,
    }),
  ];
}

function ofFeed(s: FeedStatus): Metric[] {
  return [
    counter("tandem_events_published_total", "Events that are in the log", s.published),
    counter("tandem_batches_published_total", "Batches that are in the log", s.batches),
    gauge("tandem_events_waiting", "Events that wait for the log", { value: s.waiting }),
  ];
}

function ofLog(s: LogStatus): Metric[] {
  return [
    gauge("tandem_log_connected", "Whether the log can be reached", {
      value: s.isConnected ? 1 : 0,
    }),
    gauge("tandem_log_messages", "Messages that the log keeps", {
      value: s.isConnected ? s.messages : null,
    }),
    gauge("tandem_log_bytes", "What they take", { value: s.isConnected ? s.bytes : null }),
    gauge(
      "tandem_log_behind_messages",
      "Messages that a reader has not acknowledged",
      ...Object.entries(s.behind).map(([reader, value]) => ({ labels: { reader }, value })),
    ),
  ];
}

function ofStore(s: StoreStatus): Metric[] {
  return [
    gauge("tandem_log_lag_seconds", "How long ago the log took what is stored now", {
      value: s.logLagMs / 1_000,
    }),
    gauge("tandem_partitions_held", "Partitions of the log that it stores", {
      value: s.partitions.length,
    }),
    gauge("tandem_partitions", "Partitions of the log", { value: s.partitionCount }),
    gauge("tandem_stores", "Stores at work on the database; 0 while this one stands by", {
      value: s.stores,
    }),
  ];
}

function counter(name: string, help: string, value: number): Metric {
  return { name, type: "counter", help, samples: [{ value }] };
}

function gauge(name: string, help: string, ...samples: Sample[]): Metric {
  return { name, type: "gauge", help, samples };
}

function quantiles({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }) {
  const of = (quantile: string): Labels => ({ quantile });
  return [
    { labels: of("0.5"), value: p50Ms / 1_000 },
    { labels: of("0.99"), value: p99Ms / 1_000 },
  ];
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
