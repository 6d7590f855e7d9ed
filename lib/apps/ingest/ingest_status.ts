import type { Feed, FeedHealth } from "../../feed/mod.ts";
import type { IngestOptions } from "../ingest.ts";
import type { Committer } from "./committer.ts";
import type { IngestStatus } from "./control.ts";
import type { LoopDelay } from "./loop_delay.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Rate } from "./rate.ts";

/** The parts of a running ingest that know how it is. */
export interface StatusParts {
  readonly options: IngestOptions;
  readonly feed: Feed;
  readonly pipeline: Pipeline;
  readonly committer: Committer;
  readonly rate: Rate;
  readonly loopDelay: LoopDelay;
  readonly startedAtMs: number;
  readonly simulated: boolean;
}

/** Tells everything about a running ingest. */
export function ingestStatus(parts: StatusParts): IngestStatus {
  const { options, feed, pipeline, committer, rate, loopDelay, startedAtMs, simulated } = parts;
  const { rss, heapUsed } = Deno.memoryUsage();
  const { streamKind, wsUrl, restUrl } = options;
  const { trades, stored, duplicates, quarantined, gaps } = pipeline.totals;
  const { clock, connections, latency, streams } = feed.health();
  return {
    pid: Deno.pid,
    startedAtMs,
    nowMs: Date.now(),
    simulated,
    wsUrl,
    restUrl,
    streamKind,
    streams: Object.fromEntries(feed.streams()),
    tradesPerSecond: rate.perSecond,
    trades,
    stored,
    duplicates,
    quarantined,
    gaps,
    watermarkMs: pipeline.watermarkMs,
    storage: committer.problem,
    clock,
    connections,
    latency,
    streamLatency: latencies(streams),
    rssBytes: rss,
    heapBytes: heapUsed,
    loopDelay: loopDelay.summary,
  };
}

function latencies(streams: FeedHealth["streams"]): IngestStatus["streamLatency"] {
  return Object.fromEntries(
    [...streams].flatMap(([symbol, { latency }]) => latency === null ? [] : [[symbol, latency]]),
  );
}

/** Says in a line how an ingest gets on. */
export function progressLine({ feed, pipeline, committer, rate }: StatusParts): string {
  const states = [...feed.streams().values()];
  const live = states.filter((state) => state === "live").length;
  const { stored, gaps, quarantined } = pipeline.totals;
  return `${live}/${states.length} streams live, ${stored} trades stored, ${
    Math.round(rate.perSecond)
  }/s, ${gaps} gaps, ${quarantined} quarantined${
    committer.problem === null ? "" : ", STORING NOTHING"
  }`;
}
