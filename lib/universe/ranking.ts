import type { FinalTests } from "./final_tests.ts";

/** Comes after every p-value. */
const NO_TEST = 2;

/**
 * Places of candidates in the order of their rank: p-value, then the smaller t-ratio.
 *
 * @param final The tests of all candidates.
 * @param isWanted Whether to rank a candidate with this p-value.
 * @param most At most so many, the first: sorting all of them would cost more than testing them.
 */
export function rankCandidates(
  { pValues, forward, backward }: FinalTests,
  isWanted: (pValue: number) => boolean,
  most: number,
): { readonly order: readonly number[]; readonly wanted: number } {
  const smaller = (k: number) => Math.min(forward[k]!, backward[k]!);
  const keys = pValues.map((p, k) => Number.isNaN(forward[k]! + backward[k]!) ? NO_TEST : p);
  let places: number[] = [];
  pValues.forEach((p, k) => {
    if (isWanted(p)) places.push(k);
  });
  const wanted = places.length;
  if (most < wanted) {
    const last = most === 0 ? -1 : Float64Array.from(places, (k) => keys[k]!).sort()[most - 1]!;
    places = places.filter((k) => keys[k]! <= last);
  }
  places.sort((a, b) => keys[a]! - keys[b]! || smaller(a) - smaller(b) || a - b);
  return { order: places.slice(0, most), wanted };
}
