import { type Gap, isMadeId } from "../../market/mod.ts";
import type { IdRun } from "../../store/mod.ts";

/** What a store knows of the ids of one symbol. */
export interface KnownIds {
  /** The last known id. */
  readonly lastId: number;
  /** The ids in a range that are neither stored nor set aside. */
  readonly missingRuns: (fromId: number, toId: number) => readonly IdRun[];
  /** Exchange time of the last trade, ms since the epoch; `null` where none is stored. */
  readonly lastTimeMs: number | null;
}

/**
 * Cuts open gaps by what is stored of them, when the feed that opened them has ended: what is there
 * is `repaired`, what lacks stays `open`. Everything between the last known id and the last one that
 * was seen is missing: what waited there went with its feed. Where ids are not counted, nothing
 * follows from what is stored: gaps stay as they are.
 *
 * @param gaps Open gaps of one symbol, in id order.
 * @returns The gaps to store in their place.
 */
export function settledGaps(gaps: readonly Gap[], known: KnownIds): Gap[] {
  const { lastId, missingRuns } = known;
  if (isMadeId(lastId)) return [...gaps];
  const settled: Gap[] = [];
  for (const gap of gaps) {
    const closedAtMs = Math.max(known.lastTimeMs ?? gap.openedAtMs, gap.openedAtMs);
    const toId = Math.min(gap.lastMissingId, lastId);
    let next = gap.firstMissingId;
    const repair = (until: number) => {
      if (until < next) return;
      const ids = { firstMissingId: next, lastMissingId: until };
      settled.push({ ...gap, ...ids, closedAtMs, state: "repaired" });
    };
    for (const run of missingRuns(next, toId)) {
      repair(run.firstId - 1);
      settled.push({ ...gap, firstMissingId: run.firstId, lastMissingId: run.lastId });
      next = run.lastId + 1;
    }
    repair(toId);
  }
  const first = gaps.find((gap) => gap.lastMissingId > lastId);
  if (first === undefined) return settled;
  const ids = { firstMissingId: lastId + 1, lastMissingId: gaps.at(-1)!.lastMissingId };
  return [...settled, { ...first, ...ids }];
}
