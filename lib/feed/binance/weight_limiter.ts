import { sleep } from "../../streams/mod.ts";

const WINDOW_MS = 60_000;

/**
 * Keeps REST requests within the exchange's request weight: so much per minute of UTC, for all
 * that share an address.
 *
 * Counts what was charged here and believes the exchange's own count where that is higher, but
 * only within the minute in which it was charged. Owns no clock: times are arguments.
 *
 * @example Two requests of a budget of 30
 * ```ts
 * import { WeightLimiter } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const limiter = new WeightLimiter(30);
 * const waits = [limiter.charge(20, 59_000), limiter.charge(20, 59_000), limiter.charge(20, 60_000)];
 * deepStrictEqual(waits, [0, 1_000, 0]);
 * ```
 */
export class WeightLimiter {
  readonly #budget: number;
  #minute = -1;
  #used = 0;
  #pausedUntilMs = -Infinity;

  /**
   * Makes a limiter.
   *
   * @param budget Weight that may be used per minute; the default leaves a tenth of the exchange's
   *   2,400 to others.
   */
  constructor(budget = 2_160) {
    this.#budget = budget;
  }

  /**
   * Charges a request if there is weight left for it.
   *
   * @param weight The request's weight; one heavier than the budget may have a minute of its own.
   * @param nowMs The time, ms since the epoch.
   * @returns 0 when it was charged and may be sent; else how long to wait before asking again, ms.
   */
  charge(weight: number, nowMs: number): number {
    this.#enter(nowMs);
    if (nowMs < this.#pausedUntilMs) return this.#pausedUntilMs - nowMs;
    if (this.#used > 0 && this.#used + weight > this.#budget) {
      return (this.#minute + 1) * WINDOW_MS - nowMs;
    }
    this.#used += weight;
    return 0;
  }

  /**
   * Charges a request as soon as there is weight left for it.
   *
   * @param weight The request's weight.
   * @param now Tells the time, ms since the epoch.
   * @param signal Ends the wait.
   * @throws The signal's reason.
   */
  async acquire(weight: number, now: () => number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    while (true) {
      const waitMs = this.charge(weight, now());
      if (waitMs === 0) return;
      await sleep(waitMs, signal);
    }
  }

  /**
   * Takes note of the exchange's own count.
   *
   * @param usedWeight What the exchange says was used in the minute of the request.
   * @param chargedAtMs When the request was charged, ms since the epoch.
   * @param nowMs The time, ms since the epoch.
   */
  observe(usedWeight: number, chargedAtMs: number, nowMs: number): void {
    this.#enter(nowMs);
    if (minuteOf(chargedAtMs) === this.#minute) this.#used = Math.max(this.#used, usedWeight);
  }

  /**
   * Lets nothing pass before a time, as the exchange demands with 429.
   *
   * @param untilMs The time, ms since the epoch.
   */
  pause(untilMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, untilMs);
  }

  #enter(nowMs: number): void {
    const minute = minuteOf(nowMs);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#used = 0;
  }
}

function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / WINDOW_MS);
}
