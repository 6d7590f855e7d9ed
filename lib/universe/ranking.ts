import type { FinalTests } from "./final_tests.ts";

/** Places of the candidates in the order of their rank: p-value, then the smaller t-ratio. */
export function rankCandidates({ pValues, forward, backward }: FinalTests): Uint32Array {
  const smaller = (k: number) => Math.min(forward[k]!, backward[k]!);
  const keys = pValues.map((p, k) => Number.isNaN(smaller(k)) ? 2 : p);
  return Uint32Array.from(keys, (_, k) => k).sort((a, b) =>
    keys[a]! - keys[b]! || smaller(a) - smaller(b) || a - b
  );
}
