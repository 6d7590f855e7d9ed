/** How to correct for the number of tests. */
export type Correction = "bonferroni" | "holm" | "benjamini-hochberg" | "benjamini-yekutieli";

/** p-values corrected for their number. */
export interface CorrectedPValues {
  /** Corrected p-values in the order given; `null` where the test was not available. */
  readonly adjusted: readonly (number | null)[];
  /** Whether each test is a discovery at `alpha`. */
  readonly rejected: readonly boolean[];
  /** How many are. */
  readonly discoveries: number;
  /** Tests available: what the correction is for. */
  readonly tests: number;
  /** How it was corrected. */
  readonly method: Correction;
  /** Level of the discoveries. */
  readonly alpha: number;
}

/**
 * Returns p-values corrected for the number of tests, and which are discoveries.
 *
 * With the sorted p-values p(1) <= … <= p(m):
 *
 * - `bonferroni`: m p; `holm`: (m - k + 1) p(k) made increasing (Holm, 1979). The probability of any
 *   false discovery is at most alpha.
 * - `benjamini-hochberg`: p(k) m / k made increasing (1995). At most the share alpha of the
 *   discoveries is expected to be false if the tests are independent or positively dependent.
 * - `benjamini-yekutieli`: that times sum 1 / i (2001), for any dependence.
 *
 * Give all tests that were made, not those that survived a filter. O(m log m).
 *
 * @example Four tests, one not available
 * ```ts
 * import { correctPValues } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { adjusted, rejected } = correctPValues([0.25, 0.01, NaN, 0.5], {
 *   method: "bonferroni",
 *   alpha: 0.05,
 * });
 * deepStrictEqual(adjusted, [0.75, 0.03, null, 1]);
 * deepStrictEqual(rejected, [false, true, false, false]);
 * ```
 *
 * @param pValues p-values in any order, inside [0, 1]; `NaN` marks a test that was not available.
 * @param options `method`; `alpha`, inside (0, 1).
 * @returns The corrected p-values in the order given.
 * @throws {RangeError} If a p-value or `alpha` is out of range.
 */
export function correctPValues(
  pValues: ArrayLike<number>,
  options: { readonly method: Correction; readonly alpha: number },
): CorrectedPValues {
  const { method, alpha } = options;
  if (!(alpha > 0 && alpha < 1)) {
    throw new RangeError(
      `Cannot correct p-values as "alpha" must be inside (0, 1): current value is ${alpha}`,
    );
  }
  const order = sortedPlaces(pValues);
  const m = order.length;
  const sorted = order.map((place) => pValues[place]!);
  const scale = scaleOf(method, m);
  const scaled = sorted.map((p, k) => p * scale(k));
  const discoveries = countDiscoveries(sorted, method, scale, alpha);
  if (method === "holm") {
    for (let k = 1; k < m; k++) scaled[k] = Math.max(scaled[k]!, scaled[k - 1]!);
  } else if (method !== "bonferroni") {
    for (let k = m - 2; k >= 0; k--) scaled[k] = Math.min(scaled[k]!, scaled[k + 1]!);
  }
  const adjusted = Array<number | null>(pValues.length).fill(null);
  const rejected = Array<boolean>(pValues.length).fill(false);
  order.forEach((place, k) => {
    adjusted[place] = Math.min(scaled[k]!, 1);
    rejected[place] = k < discoveries;
  });
  return { adjusted, rejected, discoveries, tests: m, method, alpha };
}

/** What the k-th smallest p-value (from 0) is multiplied by. */
function scaleOf(method: Correction, m: number): (k: number) => number {
  switch (method) {
    case "bonferroni":
      return () => m;
    case "holm":
      return (k) => m - k;
    case "benjamini-hochberg":
      return (k) => m / (k + 1);
    case "benjamini-yekutieli": {
      let harmonic = 0;
      for (let i = m; i >= 1; i--) harmonic += 1 / i;
      return (k) => m * harmonic / (k + 1);
    }
  }
}

/** Discoveries are the smallest p-values: up to the first failure (step down) or last success. */
function countDiscoveries(
  sorted: readonly number[],
  method: Correction,
  scale: (k: number) => number,
  alpha: number,
): number {
  const passes = (p: number, k: number) => p <= alpha / scale(k);
  if (method === "bonferroni" || method === "holm") {
    const failed = sorted.findIndex((p, k) => !passes(p, k));
    return failed === -1 ? sorted.length : failed;
  }
  return sorted.findLastIndex(passes) + 1;
}

function sortedPlaces(pValues: ArrayLike<number>): number[] {
  const places: number[] = [];
  for (let place = 0; place < pValues.length; place++) {
    const p = pValues[place]!;
    if (Number.isNaN(p)) continue;
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`Cannot correct p-values as each must be inside [0, 1]: one is ${p}`);
    }
    places.push(place);
  }
  return places.sort((a, b) => pValues[a]! - pValues[b]!);
}
