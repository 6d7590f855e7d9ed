import type { Feed } from "../../feed/mod.ts";
import { hearingStatus, processStatus, storingStatus } from "../control/process_status.ts";
import type { IngestStatus } from "../control/status.ts";
import type { IngestOptions } from "../ingest.ts";
import type { Committer } from "./committer.ts";
import type { LoopDelay } from "./loop_delay.ts";
import type { SideRecorders } from "./side_recorders.ts";
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
  readonly beside: SideRecorders;
}

/** Tells everything about a running ingest. */
export function ingestStatus(parts: StatusParts): IngestStatus {
  return {
    role: "ingest",
    ...processStatus(parts),
    ...hearingStatus(parts.options, parts.feed),
    ...storingStatus(parts),
    recorded: parts.beside.status,
  };
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
