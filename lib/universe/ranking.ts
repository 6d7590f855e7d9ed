import type { FalseDiscoveries } from "./false_discoveries.ts";
import type { FinalTests } from "./final_tests.ts";

/** Comes after every p-value. */
const NO_TEST = 2;

/**
 * Places of candidates in the order of their rank: p-value, then the smaller t-ratio.
 *
 * @param final The tests of all candidates.
 * @param found What the corrections say of them.
 * @param onlyDiscoveries Whether to rank discoveries only.
 * @param most At most so many, the first: sorting all of them would cost as much as testing them.
 */
export function rankCandidates(
  { pValues, forward, backward }: FinalTests,
  found: FalseDiscoveries,
  onlyDiscoveries: boolean,
  most: number,
): { readonly order: readonly number[]; readonly wanted: number } {
  const wanted = onlyDiscoveries ? found.benjaminiHochberg : pValues.length;
  // A pair without a test counts as p = 1, so that no bound below 1 lets it pass.
  const last = most < wanted ? found.smallest(most) : 1;
  const bound = last < 1 ? last : Infinity;
  const places: number[] = [];
  for (let k = 0; k < pValues.length; k++) {
    const p = pValues[k]!;
    if (p <= bound && (!onlyDiscoveries || found.isDiscovery(p))) places.push(k);
  }
  const smaller = (k: number) => Math.min(forward[k]!, backward[k]!);
  const key = (k: number) => Number.isNaN(smaller(k)) ? NO_TEST : pValues[k]!;
  places.sort((a, b) => key(a) - key(b) || smaller(a) - smaller(b) || a - b);
  return { order: places.slice(0, most), wanted };
}
