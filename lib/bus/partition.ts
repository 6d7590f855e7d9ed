const encoder = new TextEncoder();

/**
 * Returns the partition of a symbol: the same on every machine, in every version (FNV-1a of its
 * UTF-8 bytes, 32 bits, modulo the number of partitions).
 *
 * @example Two symbols of four partitions
 * ```ts
 * import { partitionOf } from "tandem/bus";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(["ETHUSDT", "SOLUSDT"].map((symbol) => partitionOf(symbol, 4)), [0, 1]);
 * ```
 *
 * @param symbol The symbol as the venue writes it.
 * @param partitions How many there are; a whole number >= 1.
 * @returns A whole number in [0, `partitions`).
 */
export function partitionOf(symbol: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(symbol)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}
