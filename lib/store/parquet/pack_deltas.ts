import type { ByteWriter } from "hyparquet-writer";
import { deltaBinaryPack } from "hyparquet-writer/src/delta.js";

/** Differences per block, and the parts of a block that have a width of their own. */
const BLOCK = 128;
const PARTS = 4;
const PART = BLOCK / PARTS;

/** Within this range no difference, and no difference of differences, is rounded. */
const EXACT_RANGE = 2 ** 52;

/** So many bits are put down at a time: with 7 that may wait they fit into 32. */
const CHUNK_BITS = 24;

/**
 * Writes whole numbers as their differences, DELTA_BINARY_PACKED of an INT64 column: ids and times
 * take a few bits each. The library does the same with a `BigInt` per number; here they stay
 * doubles, and it is asked only where those would not be exact.
 *
 * @param to Where to.
 * @param numbers The numbers, each a safe integer.
 */
export function packDeltas(to: ByteWriter, numbers: Float64Array): void {
  if (numbers.length === 0 || !isNarrow(numbers)) {
    return deltaBinaryPack(to, BigInt64Array.from(numbers, BigInt), "INT64");
  }
  to.appendVarInt(BLOCK);
  to.appendVarInt(PARTS);
  to.appendVarInt(numbers.length);
  to.appendZigZag(BigInt(numbers[0]!));
  const deltas = new Float64Array(BLOCK);
  const widths = new Uint8Array(PARTS);
  for (let from = 1; from < numbers.length; from += BLOCK) {
    const length = Math.min(BLOCK, numbers.length - from);
    let least = Infinity;
    for (let k = 0; k < length; k++) {
      const delta = numbers[from + k]! - numbers[from + k - 1]!;
      deltas[k] = delta;
      if (delta < least) least = delta;
    }
    for (let k = 0; k < length; k++) deltas[k] = deltas[k]! - least;
    deltas.fill(0, length);
    for (let part = 0; part < PARTS; part++) widths[part] = widthOf(deltas, part * PART);
    to.appendZigZag(BigInt(least));
    to.appendBytes(widths);
    for (let part = 0; part < PARTS; part++) {
      if (widths[part]! > 0) to.appendBytes(packed(deltas, part * PART, widths[part]!));
    }
  }
}

function isNarrow(numbers: Float64Array): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < numbers.length; k++) {
    const number = numbers[k]!;
    if (number < least) least = number;
    if (number > most) most = number;
  }
  return most - least <= EXACT_RANGE;
}

/** How many bits the largest number of a part has. */
function widthOf(numbers: Float64Array, from: number): number {
  let most = 0;
  for (let k = from; k < from + PART; k++) if (numbers[k]! > most) most = numbers[k]!;
  const high = Math.floor(most / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(most);
}

/** A part in so many bits per number, the lowest bits first. */
function packed(numbers: Float64Array, from: number, width: number): Uint8Array {
  const bytes = new Uint8Array(PART * width / 8);
  let at = 0;
  let waiting = 0;
  let waitingBits = 0;
  for (let k = from; k < from + PART; k++) {
    let rest = numbers[k]!;
    for (let left = width; left > 0; left -= CHUNK_BITS) {
      const high = Math.floor(rest / 2 ** CHUNK_BITS);
      waiting |= (rest - high * 2 ** CHUNK_BITS) << waitingBits;
      waitingBits += Math.min(left, CHUNK_BITS);
      rest = high;
      for (; waitingBits >= 8; waitingBits -= 8) {
        bytes[at++] = waiting;
        waiting >>>= 8;
      }
    }
  }
  return bytes;
}
