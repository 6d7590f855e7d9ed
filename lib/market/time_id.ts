/** Ids made from times begin here: no venue has counted that far, and all fit 2^53. */
const FIRST_TIME_ID = 1e15;

/** Ids made from sequences begin here, see `sequenceId()`. */
const END_OF_TIME_IDS = 2 ** 52;

/** So many trades of one symbol within one millisecond can be told apart. */
const PER_MS = 500;

/**
 * Returns an id for a trade that has none, made from its time and its place within the millisecond.
 *
 * The same file gives the same ids again, and they ascend with time. No two follow each other, so
 * that they never seem to prove that a bar is complete.
 *
 * @example Two trades of one millisecond
 * ```ts
 * import { timeId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const timeMs = 1_721_347_020_000;
 * deepStrictEqual([timeId(timeMs, 0), timeId(timeMs, 1)], [1_721_347_020_000_000, 1_721_347_020_000_002]);
 * ```
 *
 * @param timeMs Time of the trade, ms since the epoch; >= 1e12, which is in 2001.
 * @param place Its place among the trades of the same symbol and millisecond, from 0.
 * @returns The id, or `NaN` where it cannot be made.
 */
export function timeId(timeMs: number, place: number): number {
  const id = timeMs * 1_000 + 2 * place;
  return place < PER_MS && id >= FIRST_TIME_ID && id < END_OF_TIME_IDS && Number.isInteger(id)
    ? id
    : NaN;
}

/**
 * Returns whether an id was made by `timeId()`.
 *
 * @example A venue's id and one made from a time
 * ```ts
 * import { isTimeId, timeId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([3_477_868_433, timeId(1_721_347_020_000, 0)].map(isTimeId), [false, true]);
 * ```
 *
 * @param tradeId A trade id.
 * @returns `true` for an id made from a time.
 */
export function isTimeId(tradeId: number): boolean {
  return tradeId >= FIRST_TIME_ID && tradeId < END_OF_TIME_IDS;
}

/**
 * Returns whether an id was made, from a time or from a sequence: nothing follows from ids that are
 * missing between such ones.
 *
 * @example A venue's id and two made ones
 * ```ts
 * import { isMadeId, sequenceId, timeId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const ids = [3_477_868_433, timeId(1_721_347_020_000, 0), sequenceId(5, 0)];
 * deepStrictEqual(ids.map(isMadeId), [false, true, true]);
 * ```
 *
 * @param tradeId A trade id.
 * @returns `true` for a made id.
 */
export function isMadeId(tradeId: number): boolean {
  return tradeId >= FIRST_TIME_ID;
}
