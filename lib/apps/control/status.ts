import type { FeedHealth, LatencySummary } from "../../feed/mod.ts";
import type { StorageProblem } from "../ingest/committer.ts";
import type { LoopDelaySummary } from "../ingest/loop_delay.ts";
import type { SideRecorders } from "../ingest/side_recorders.ts";
import type { PipelineTotals } from "../ingest/pipeline_totals.ts";

/** What every program that runs for long says of itself. */
export interface ProcessStatus {
  readonly pid: number;
  /** Local ms since the epoch. */
  readonly startedAtMs: number;
  readonly nowMs: number;
  readonly simulated: boolean;
  /** Memory of the process, bytes. */
  readonly rssBytes: number;
  /** How much of it holds JavaScript objects. */
  readonly heapBytes: number;
  /** Processor time it has taken, ms. */
  readonly cpuMs: number;
  /** How late its event loop comes to what is due. */
  readonly loopDelay: LoopDelaySummary;
}

/** What a program says that hears an exchange. */
export interface HearingStatus {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly streamKind: string;
  /** State of each symbol's stream: `pending`, `live` or `silent`. */
  readonly streams: Readonly<Record<string, string>>;
  /** The local clock and the exchange's; `null` before they were compared. */
  readonly clock: FeedHealth["clock"];
  readonly connections: FeedHealth["connections"];
  /** How long frames took from the exchange to here in the last minutes; `null` without any. */
  readonly latency: LatencySummary | null;
  /** The same per symbol, of those with frames. */
  readonly streamLatency: Readonly<Record<string, LatencySummary>>;
}

/** What a program says that stores trades. */
export interface StoringStatus extends PipelineTotals {
  readonly tradesPerSecond: number;
  /** Exchange time up to which bars are closed, ms; `null` before the first trade. */
  readonly watermarkMs: number | null;
  /** How far that is behind the exchange's clock, ms; `null` before both are known. */
  readonly lagMs: number | null;
  /** Why nothing can be stored now, and since when; `null` while all is well. */
  readonly storage: StorageProblem | null;
}

/** What a program says of the log that it shares with others. */
export interface LogStatus {
  /** Where its servers are: `host:port`, without a password. */
  readonly servers: readonly string[];
  /** Its name. */
  readonly log: string;
  /** Whether it could be reached a moment ago. */
  readonly isConnected: boolean;
  readonly messages: number;
  readonly bytes: number;
  /** How many messages each reader has not acknowledged, over all partitions. */
  readonly behind: Readonly<Record<string, number>>;
}

/** What a running ingest says of itself. */
export interface IngestStatus extends ProcessStatus, HearingStatus, StoringStatus {
  readonly role: "ingest";
  /** What it records beside the trades; absent of an older version, which told none. */
  readonly recorded?: Partial<SideRecorders["status"]>;
}

/** What a running feed says of itself. */
export interface FeedStatus extends ProcessStatus, HearingStatus {
  readonly role: "feed";
  readonly name: string;
  /** Events that are in the log, since the start. */
  readonly published: number;
  /** Batches of them. */
  readonly batches: number;
  /** Events that wait to be sent. */
  readonly waiting: number;
  readonly log: LogStatus;
}

/** What a running store says of itself. */
export interface StoreStatus extends ProcessStatus, StoringStatus {
  readonly role: "store";
  readonly name: string;
  /** The partitions of the log that it has, and how many messages of each it has not acknowledged. */
  readonly partitions: readonly { readonly partition: number; readonly behind: number }[];
  /** How many the log has. */
  readonly partitionCount: number;
  /** How many stores are at work on the database, on whichever machine; 0 while it stands by. */
  readonly stores: number;
  /** Why it stores nothing now, but is ready to; `null` while it does. */
  readonly standingBy: string | null;
  readonly log: LogStatus;
  /** How long ago the log took what is stored now, ms; 0 when nothing waits. */
  readonly logLagMs: number;
}

/** What a program says of itself that writes a database. */
export type WriterStatus = IngestStatus | StoreStatus;

/** What a program says of itself that `deno task status` finds. */
export type RoleStatus = WriterStatus | FeedStatus;
