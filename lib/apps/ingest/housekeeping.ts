import { type RetentionPolicy, type RetentionReport, StoreError } from "../../store/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import type { Context } from "../program.ts";
import type { RetentionOptions } from "../retention_options.ts";

/** How long after its start an ingest looks for the first time, in ms … */
const FIRST_MS = 5_000;
/** … and how often then: days are what moves, so this is often enough. */
const INTERVAL_MS = 600_000;

/** What housekeeping needs of an ingest. */
export interface HousekeepingOptions {
  readonly writer: StoreWriter;
  readonly retention: RetentionOptions;
  /** The time of the exchange, ms since the epoch; `null` before the first trade. */
  exchangeMs(): number | null;
}

/** Moves and deletes what the options ask for, again and again, until the signal; never throws. */
export async function keepHouse(options: HousekeepingOptions, context: Context): Promise<void> {
  const { writer, retention, exchangeMs } = options;
  const { signal, report } = context;
  if (Object.values(retention).every((value) => value === null)) return;
  let told = "";
  for (let waitMs = FIRST_MS; !signal.aborted; waitMs = INTERVAL_MS) {
    await sleep(waitMs, signal).catch(() => {});
    const nowMs = exchangeMs();
    if (signal.aborted || nowMs === null) continue;
    // A time in the future would delete everything: ours is the later one it can be.
    const policy: RetentionPolicy = { ...retention, nowMs: Math.min(nowMs, Date.now()) };
    const problems: string[] = [];
    try {
      const done = await writer.housekeep(policy, signal);
      problems.push(...done.problems);
      const changed = done.days + done.deletedTrades + done.deletedBars + done.deletedSeconds;
      if (changed > 0) report.info(describe(done));
    } catch (error) {
      problems.push(error instanceof StoreError ? error.message : `Cannot tidy up: ${error}`);
    }
    // The same as the last time is no news.
    const problem = [...new Set(problems)].join("; ");
    if (problem !== told && problem !== "") report.warn(problem);
    told = problem;
  }
}

function describe(done: RetentionReport): string {
  const parts = [
    done.days === 0 ? "" : `${done.movedTrades} trades of ${done.days} days moved to Parquet`,
    done.deletedTrades === 0 ? "" : `${done.deletedTrades} trades deleted`,
    done.deletedBars === 0 ? "" : `${done.deletedBars} bars deleted`,
    done.deletedSeconds === 0 ? "" : `${done.deletedSeconds} marks and quotes deleted`,
  ].filter((part) => part !== "");
  return `${parts.join(", ")}; database and files take ${(done.usedBytes / 1e6).toFixed(1)} MB`;
}
