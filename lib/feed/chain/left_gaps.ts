import type { Gap } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";
import { lostParts, repaired, tell } from "./gap_parts.ts";
import { deliver, type MissingIds, type Offer, type Sequenced, setAside } from "./sequenced.ts";

/** Into so many runs the missing ids of a symbol may fall; an id that makes more comes again. */
const MOST_RUNS = 2_000;

/** A gap as it was last told, and how many runs of it are still missing. */
interface LeftGap {
  gap: Gap;
  runs: number;
}

/** Ids of a gap that follow one another and are missing. */
interface MissingRun {
  readonly of: LeftGap;
  firstId: number;
  lastId: number;
}

/**
 * The gaps of one symbol that its live trades have gone past. Their ids are delivered as they come;
 * what is kept of them is only which are still missing.
 */
export class LeftGaps {
  /** In id order. */
  readonly #runs: MissingRun[] = [];

  /** @param gaps Open gaps in id order, of which every id is missing. */
  constructor(gaps: readonly Gap[]) {
    for (const gap of gaps) this.push(gap, gap.firstMissingId);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** Which of their ids are to be fetched next, or `null` when there are none. */
  get missing(): MissingIds | null {
    const [oldest] = this.#runs;
    if (oldest === undefined) return null;
    const { firstId, lastId } = oldest;
    return { firstId, lastId, untilId: this.#runs.at(-1)!.lastId };
  }

  /** What is still missing, as gaps in id order. */
  get rest(): Gap[] {
    return this.#runs.map(({ of: { gap }, firstId, lastId }) => ({
      ...{ ...gap, firstMissingId: firstId, lastMissingId: lastId },
    }));
  }

  /** Adds the newest one, of which the ids before `firstId` were delivered. */
  push(gap: Gap, firstId: number): void {
    this.#runs.push({ of: { gap, runs: 1 }, firstId, lastId: gap.lastMissingId });
  }

  /** Whether an id is missing in one of them. */
  lacks(id: number): boolean {
    const run = this.#runs[this.#place(id)];
    return run !== undefined && run.firstId <= id;
  }

  /** Takes an id; `null` when none of them lacks it. */
  offer(item: Sequenced, id: number, nowMs: number, out: FeedEvent[]): Offer | null {
    const at = this.#place(id);
    const run = this.#runs[at];
    if (run === undefined || id < run.firstId) return null;
    const { of, firstId, lastId } = run;
    if (id === firstId) run.firstId++;
    else if (id === lastId) run.lastId--;
    else {
      if (this.#runs.length >= MOST_RUNS) return setAside(item, out);
      run.lastId = id - 1;
      this.#runs.splice(at + 1, 0, { of, firstId: id + 1, lastId });
      of.runs++;
    }
    deliver(item, out);
    if (firstId === lastId) {
      this.#runs.splice(at, 1);
      if (--of.runs === 0) tell([repaired(of.gap, nowMs)], out);
    }
    return "delivered";
  }

  /** Gives up the first missing ids, up to `lastId`. */
  lose(lastId: number, nowMs: number, out: FeedEvent[]): void {
    const [run] = this.#runs;
    if (run === undefined || lastId < run.firstId) return;
    const { of } = run;
    const toId = Math.min(lastId, run.lastId);
    const parts = lostParts(of.gap, run.firstId, toId, nowMs);
    run.firstId = toId + 1;
    if (toId === run.lastId) {
      this.#runs.shift();
      of.runs--;
    }
    const rest = parts.at(-1)!;
    if (rest.state === "open") {
      of.gap = rest;
      if (of.runs === 0) parts[parts.length - 1] = repaired(rest, nowMs);
    }
    tell(parts, out);
  }

  /** The first place whose run ends at or after an id. */
  #place(id: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#runs[middle]!.lastId < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
