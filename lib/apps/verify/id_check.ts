import { type Gap, isMadeId } from "../../market/mod.ts";
import type { IdRun } from "../../store/mod.ts";
import { missingRuns, runsOf } from "../history/revise_gaps.ts";

/** Looks for ids that are missing between stored ones, and whether a record tells of them. */
export class IdCheck {
  #lastId: number | null = null;
  /** Ids between stored ones that are not stored. */
  missing = 0;
  /** How many of them are in a recorded gap or were set aside. */
  explained = 0;
  readonly #told: readonly IdRun[];

  /** @param setAside Ids that were set aside, ascending. */
  constructor(gaps: readonly Gap[], setAside: readonly number[]) {
    const runs = [
      ...gaps.map((g) => ({ firstId: g.firstMissingId, lastId: g.lastMissingId })),
      ...runsOf(setAside),
    ].sort((a, b) => a.firstId - b.firstId);
    const told: IdRun[] = [];
    for (const run of runs) {
      const last = told.at(-1);
      if (last === undefined || run.firstId > last.lastId + 1) told.push(run);
      else told[told.length - 1] = { ...last, lastId: Math.max(last.lastId, run.lastId) };
    }
    this.#told = told;
  }

  /** Takes the next stored id. */
  push(id: number): void {
    const last = this.#lastId;
    this.#lastId = id;
    // Made ids say nothing of each other.
    if (last === null || id <= last + 1 || isMadeId(id)) return;
    const count = id - last - 1;
    const untold = missingRuns(this.#toldFrom(last + 1), last + 1, id - 1)
      .reduce((sum, run) => sum + run.lastId - run.firstId + 1, 0);
    this.missing += count;
    this.explained += count - untold;
  }

  #toldFrom(id: number): readonly IdRun[] {
    let low = 0;
    let high = this.#told.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#told[middle]!.lastId < id) low = middle + 1;
      else high = middle;
    }
    return this.#told.slice(low);
  }
}
