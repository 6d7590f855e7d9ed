/** Ids made from sequences begin here: above those made from times until the year 2112. */
const FIRST_SEQUENCE_ID = 2 ** 52;

/** So many ids are kept for the trades of one sequence number; the last one is never given. */
const PER_SEQUENCE = 2_048;

/**
 * Returns an id for a trade of a venue that numbers what its matching engine does and not the trades:
 * made from that number and the place of the trade among those that share it.
 *
 * The same trade gets the same id from whichever socket, answer or process it comes, and ids ascend
 * as the numbers do. Those of two numbers never follow each other, so that they never seem to prove
 * that a bar is complete.
 *
 * @example Two trades of one taker, and one of the next
 * ```ts
 * import { sequenceId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const ids = [sequenceId(549_792_210_006, 0), sequenceId(549_792_210_006, 1),
 *   sequenceId(549_792_210_007, 0)];
 * deepStrictEqual(ids.map((id) => id - ids[0]!), [0, 1, 2_048]);
 * ```
 *
 * @param sequence The venue's number, from 0 to 2.19e12.
 * @param place Its place among the trades with the same number, from 0 to 2,046.
 * @returns The id, or `NaN` where it cannot be made.
 */
export function sequenceId(sequence: number, place: number): number {
  const id = FIRST_SEQUENCE_ID + sequence * PER_SEQUENCE + place;
  const isPlaced = place >= 0 && place < PER_SEQUENCE - 1 && Number.isInteger(place);
  return isPlaced && sequence >= 0 && Number.isSafeInteger(sequence) && Number.isSafeInteger(id)
    ? id
    : NaN;
}

/**
 * Returns the first id of those that share the number of another.
 *
 * @example The third trade of one taker
 * ```ts
 * import { firstOfSequence, sequenceId } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(firstOfSequence(sequenceId(549_792_210_006, 2)), sequenceId(549_792_210_006, 0));
 * ```
 *
 * @param tradeId An id that `sequenceId()` made, or one between two such.
 * @returns The id of the place 0.
 */
export function firstOfSequence(tradeId: number): number {
  return tradeId - (tradeId - FIRST_SEQUENCE_ID) % PER_SEQUENCE;
}

/**
 * Returns whether an id was made by `sequenceId()`.
 *
 * @example A venue's id and one made from a sequence
 * ```ts
 * import { isSequenceId, sequenceId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([3_477_868_433, sequenceId(5, 0)].map(isSequenceId), [false, true]);
 * ```
 *
 * @param tradeId A trade id.
 * @returns `true` for an id made from a sequence.
 */
export function isSequenceId(tradeId: number): boolean {
  return tradeId >= FIRST_SEQUENCE_ID;
}
