/** What is known of how long frames took to arrive. */
export interface LatencySummary {
  /** How many frames. */
  readonly count: number;
  /** Half of them took at most so long, ms. */
  readonly p50Ms: number;
  /** 99 of 100 took at most so long, ms. */
  readonly p99Ms: number;
  /** The longest, ms. */
  readonly maxMs: number;
}

/** Up to so many ms each has a bucket of its own; above, every doubling has as many. */
const FINE_MS = 32;
const FINE_BITS = 5;

/** The longest time that is told apart, about 12 days; it fits a shift of 32 bits. */
const MOST_MS = 2 ** 30 - 1;
const BUCKETS = FINE_MS * (30 - FINE_BITS + 1);

/**
 * How times are distributed, in bounded memory: 3.3 kB however many there are.
 *
 * Times up to 32 ms are kept to the millisecond, longer ones to within 1/32 (3 %): a quantile is
 * never below the true one of the times rounded down to whole ms, and above it by no more than
 * that. Negative times, of clocks that disagree, count as 0.
 *
 * @example Ninety-nine quick ones and a slow one
 * ```ts
 * import { LatencyHistogram } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const latency = new LatencyHistogram();
 * for (let k = 1; k <= 99; k++) latency.record(20);
 * latency.record(5_000);
 * deepStrictEqual(latency.summary(), { count: 100, p50Ms: 20, p99Ms: 20, maxMs: 5_000 });
 * ```
 */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #maxMs = 0;

  /** How many times were recorded. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a time, rounded down to whole ms.
   *
   * @param ms The time, ms.
   */
  record(ms: number): void {
    const whole = ms > 0 ? Math.floor(Math.min(ms, MOST_MS)) : 0;
    if (whole > this.#maxMs) this.#maxMs = whole;
    this.#counts[bucketOf(whole)]!++;
    this.#count++;
  }

  /**
   * Takes all the times of another histogram.
   *
   * @param other The other one, which stays as it is.
   */
  add(other: LatencyHistogram): void {
    for (let k = 0; k < BUCKETS; k++) this.#counts[k]! += other.#counts[k]!;
    this.#count += other.#count;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** Forgets all times. */
  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#maxMs = 0;
  }

  /**
   * Returns the time that a share of all stays within.
   *
   * @param share In (0, 1].
   * @returns The upper end of the bucket it falls into, ms, at most the longest time; `null`
   *   without times.
   */
  quantileMs(share: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.#count));
    let k = 0;
    while ((left -= this.#counts[k]!) > 0) k++;
    return Math.min(upperEnd(k), this.#maxMs);
  }

  /** Returns count, median, 99th percentile and maximum, or `null` without times. */
  summary(): LatencySummary | null {
    const p50Ms = this.quantileMs(0.5);
    const p99Ms = this.quantileMs(0.99);
    if (p50Ms === null || p99Ms === null) return null;
    return { count: this.#count, p50Ms, p99Ms, maxMs: this.#maxMs };
  }
}

/** The bucket of a whole number of ms. */
function bucketOf(ms: number): number {
  if (ms < FINE_MS) return ms;
  const shift = 31 - Math.clz32(ms) - FINE_BITS;
  return FINE_MS * (shift + 1) + (ms >> shift) - FINE_MS;
}

/** The longest time of a bucket, ms. */
function upperEnd(bucket: number): number {
  if (bucket < FINE_MS) return bucket;
  const shift = Math.floor(bucket / FINE_MS) - 1;
  return ((FINE_MS + bucket % FINE_MS + 1) << shift) - 1;
}
