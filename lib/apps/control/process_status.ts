import process from "node:process";
import type { Feed, FeedHealth } from "../../feed/mod.ts";
import type { FeedSelection } from "../feed_options.ts";
import type { Committer } from "../ingest/committer.ts";
import type { LoopDelay } from "../ingest/loop_delay.ts";
import type { Pipeline } from "../ingest/pipeline.ts";
import { noTotals } from "../ingest/pipeline_totals.ts";
import type { Rate } from "../ingest/rate.ts";
import type { HearingStatus, ProcessStatus, StoringStatus } from "./status.ts";

/** When and for what a program was started. */
export interface ProcessParts {
  readonly startedAtMs: number;
  readonly simulated: boolean;
  readonly loopDelay: LoopDelay;
}

/** How this process is. */
export function processStatus({ startedAtMs, simulated, loopDelay }: ProcessParts): ProcessStatus {
  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    pid: Deno.pid,
    startedAtMs,
    nowMs: Date.now(),
    simulated,
    rssBytes: rss,
    heapBytes: heapUsed,
    cpuMs: Math.round((user + system) / 1_000),
    loopDelay: loopDelay.summary,
  };
}

/** How what it hears is. */
export function hearingStatus(
  { wsUrl, restUrl, streamKind }: Pick<FeedSelection, "wsUrl" | "restUrl" | "streamKind">,
  feed: Feed,
): HearingStatus {
  const { clock, connections, latency, streams } = feed.health();
  return {
    ...{ wsUrl, restUrl, streamKind },
    streams: Object.fromEntries(feed.streams()),
    ...{ clock, connections, latency },
    streamLatency: latencies(streams),
  };
}

/** How it is where nothing is stored. */
export const NOTHING_STORED: StoringStatus = {
  ...noTotals(),
  ...{ tradesPerSecond: 0, watermarkMs: null, lagMs: null, storage: null },
};

/** How what it stores is. */
export function storingStatus(
  { pipeline, committer, rate }: {
    readonly pipeline: Pipeline;
    readonly committer: Committer;
    readonly rate: Rate;
  },
): StoringStatus {
  return {
    ...pipeline.totals,
    tradesPerSecond: rate.perSecond,
    watermarkMs: pipeline.watermarkMs,
    lagMs: pipeline.lagMs(Date.now()),
    storage: committer.problem,
  };
}

function latencies(streams: FeedHealth["streams"]): HearingStatus["streamLatency"] {
  return Object.fromEntries(
    [...streams].flatMap(([symbol, { latency }]) => latency === null ? [] : [[symbol, latency]]),
  );
}
