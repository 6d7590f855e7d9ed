/**
 * Returns a quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan,
 * 1996; the default of R and numpy).
 *
 * O(n) time: the values are selected, not sorted.
 *
 * @example Quartiles of five numbers
 * ```ts
 * import { quantile } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([0.25, 0.5, 0.9].map((p) => quantile([5, 1, 4, 2, 3], p)), [2, 3, 4.6]);
 * ```
 *
 * @param values Values in any order; `NaN` marks a missing one and is left out.
 * @param probability Share of the values below, inside [0, 1].
 * @returns The quantile in the unit of the values, or `null` without a value.
 * @throws {RangeError} If `probability` is outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, probability: number): number | null {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot take a quantile as "probability" must be inside [0, 1]: current value is ${probability}`,
    );
  }
  return quantileInPlace(present(values), probability);
}

/**
 * Returns the median, the middle value or the mean of the two middle values.
 *
 * @example Four numbers
 * ```ts
 * import { median } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(median([4, 1, 100, 2]), 3);
 * ```
 *
 * @param values Values in any order; `NaN` marks a missing one and is left out.
 * @returns The median in the unit of the values, or `null` without a value.
 */
export function median(values: ArrayLike<number>): number | null {
  return medianInPlace(present(values));
}

/** The third quartile of the standard normal: scales a median deviation to a standard deviation. */
export const NORMAL_QUARTILE = 0.6744897501960817;

/**
 * Returns the median absolute deviation, `median |x - median x| / 0.6745`.
 *
 * The divisor, the third quartile of the normal, makes it estimate the standard deviation of a
 * normal sample; half of the values may be arbitrarily wrong (Hampel, 1974).
 *
 * @example An outlier changes nothing
 * ```ts
 * import { medianAbsoluteDeviation } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(medianAbsoluteDeviation([1, 2, 3, 4, 5]), medianAbsoluteDeviation([1, 2, 3, 4, 1e9]));
 * ```
 *
 * @param values Values in any order; `NaN` marks a missing one and is left out.
 * @returns The deviation in the unit of the values, >= 0, or `null` without a value.
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number | null {
  const kept = present(values);
  const middle = medianInPlace(kept);
  if (middle === null) return null;
  for (let i = 0; i < kept.length; i++) kept[i] = Math.abs(kept[i]! - middle);
  return medianInPlace(kept)! / NORMAL_QUARTILE;
}

/** The median of an array that may be reordered; `null` if it is empty. */
export function medianInPlace(values: Float64Array): number | null {
  const n = values.length;
  if (n === 0) return null;
  const upper = selectInPlace(values, n >> 1);
  if (n % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < n >> 1; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}

function quantileInPlace(values: Float64Array, probability: number): number | null {
  const n = values.length;
  if (n === 0) return null;
  const position = (n - 1) * probability;
  const below = Math.floor(position);
  const low = selectInPlace(values, below);
  if (below === position) return low;
  let high = Infinity;
  for (let i = below + 1; i < n; i++) if (values[i]! < high) high = values[i]!;
  return low + (position - below) * (high - low);
}

/**
 * Puts the value of rank `k` (from 0) at place `k`, smaller ones before it and larger ones after
 * it (Hoare's selection, pivot the median of three), and returns it.
 */
export function selectInPlace(values: Float64Array, k: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const middle = (left + right) >> 1;
    const a = values[left]!;
    const b = values[middle]!;
    const c = values[right]!;
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}

function present(values: ArrayLike<number>): Float64Array {
  return new Float64Array(values).filter((value) => !Number.isNaN(value));
}
