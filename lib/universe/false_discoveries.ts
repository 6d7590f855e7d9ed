import { mackinnonP } from "../stats/mod.ts";

/** Above this p-value the table's two polynomials meet and p is not monotone. */
const MONOTONE_BELOW = 0.2;
const FAR_LEFT = -30;

/** MacKinnon's p-value of one direction of a pair. */
function directionP(statistic: number): number {
  return mackinnonP(statistic, "c", 2);
}

/** Twice the smaller p-value of the two directions, at most 1. */
export function doubledMinimumP(a: number, b: number): number {
  const p = directionP(Math.min(a, b));
  const smaller = p < MONOTONE_BELOW ? p : Math.min(p, directionP(Math.max(a, b)));
  return Math.min(1, 2 * smaller);
}

/** The largest t-ratio whose doubled p-value is at most `alpha`; Infinity where none is excluded. */
export function candidateBound(alpha: number): number {
  if (alpha / 2 >= MONOTONE_BELOW) return Infinity;
  let [low, high] = [FAR_LEFT, 0];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (directionP(middle) <= alpha / 2) low = middle;
    else high = middle;
  }
  return high;
}

const EULER = 0.5772156649015329;

/** 1 + 1/2 + … + 1/n; from 100 on by its asymptotic series, exact to rounding. */
function harmonicNumber(n: number): number {
  if (n >= 100) {
    const square = n * n;
    return Math.log(n) + EULER + 1 / (2 * n) - (1 / 12 - 1 / (120 * square)) / square;
  }
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  return sum;
}

/** What the corrections say of one candidate. */
export interface Corrected {
  readonly benjaminiHochberg: number;
  readonly benjaminiYekutieli: number;
  readonly isDiscovery: boolean;
  readonly isDiscoveryByAnyDependence: boolean;
}

/**
 * The largest p-value that is a discovery of Benjamini and Hochberg (with `scale` = m) and how many
 * are: k, the number of p <= k alpha / scale, falls from all candidates to its fixed point.
 */
function lastDiscovery(pValues: Float64Array, scale: number, alpha: number) {
  const left = pValues.slice();
  let count = left.length;
  while (count > 0) {
    const bound = alpha / (scale / count);
    // The bound only falls: what is above it is out for good.
    let below = 0;
    for (let k = 0; k < count; k++) if (left[k]! <= bound) left[below++] = left[k]!;
    if (below === count) return { count, bound };
    count = below;
  }
  return { count, bound: -1 };
}

/** Corrections for the number of tests, over the p-values that may be small. */
export class FalseDiscoveries {
  readonly #pValues: Float64Array;
  readonly #tests: number;
  readonly #harmonic: number;
  readonly #hochberg: { readonly count: number; readonly bound: number };
  readonly #yekutieli: { readonly count: number; readonly bound: number };
  #table: { readonly sorted: Float64Array; readonly adjusted: Float64Array } | null = null;

  /**
   * Corrects.
   *
   * @param pValues Of the candidates, in any order; every other test counts as p = 1.
   * @param tests Number of all tests.
   * @param alpha Level of the discoveries.
   */
  constructor(pValues: Float64Array, tests: number, alpha: number) {
    this.#pValues = pValues;
    this.#tests = tests;
    this.#harmonic = harmonicNumber(tests);
    this.#hochberg = lastDiscovery(pValues, tests, alpha);
    this.#yekutieli = lastDiscovery(pValues, tests * this.#harmonic, alpha);
  }

  /** Discoveries by Benjamini and Hochberg. */
  get benjaminiHochberg(): number {
    return this.#hochberg.count;
  }

  /** Discoveries by Benjamini and Yekutieli. */
  get benjaminiYekutieli(): number {
    return this.#yekutieli.count;
  }

  /** Whether a candidate is a discovery by Benjamini and Hochberg. */
  isDiscovery(pValue: number): boolean {
    return pValue <= this.#hochberg.bound;
  }

  /** The `rank`-th smallest p-value of the candidates, from 1; -1 for rank 0. */
  smallest(rank: number): number {
    return (this.#table ??= this.#adjust()).sorted[rank - 1] ?? -1;
  }

  /** The corrected p-values of a candidate, and whether it is a discovery. */
  of(pValue: number): Corrected {
    const { sorted, adjusted } = this.#table ??= this.#adjust();
    let [low, high] = [0, sorted.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < pValue) low = middle + 1;
      else high = middle;
    }
    return {
      benjaminiHochberg: adjusted[low]!,
      benjaminiYekutieli: Math.min(1, adjusted[low]! * this.#harmonic),
      isDiscovery: this.isDiscovery(pValue),
      isDiscoveryByAnyDependence: pValue <= this.#yekutieli.bound,
    };
  }

  #adjust() {
    const sorted = this.#pValues.toSorted();
    const adjusted = new Float64Array(sorted.length);
    let smallest = 1;
    for (let k = sorted.length - 1; k >= 0; k--) {
      smallest = Math.min(smallest, sorted[k]! * (this.#tests / (k + 1)));
      adjusted[k] = smallest;
    }
    return { sorted, adjusted };
  }
}
