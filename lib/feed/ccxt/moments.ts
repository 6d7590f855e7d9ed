import { sequenceId } from "../../market/mod.ts";

/** How far the ids of one millisecond are from those of the next. */
const PER_MS = sequenceId(1, 0) - sequenceId(0, 0);

/** The time of an id that was made of one, ms since the epoch. */
export function momentOf(id: number): number {
  return Math.floor((id - sequenceId(0, 0)) / PER_MS);
}

/** The last id of a millisecond. */
export function endOfMoment(timeMs: number): number {
  return sequenceId(timeMs, 0) + PER_MS - 1;
}
