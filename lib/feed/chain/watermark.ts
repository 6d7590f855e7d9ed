/** A time so far ahead of all others must be confirmed by another one, ms. */
const LEAP_MS = 60_000;

/**
 * How far the exchange time of one connection has come, and what was last told of it.
 *
 * Pure: the times of frames and of the exchange's clock come in, the watermark goes out. A time
 * more than a minute ahead of all before it counts only when the next one is as late: a single
 * frame with a wrong time must not close the bars of a whole market.
 *
 * @example The largest time counts, less the grace
 * ```ts
 * import { Watermark } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const watermark = new Watermark(500);
 * watermark.see(10_000);
 * watermark.see(9_000);
 * deepStrictEqual([watermark.advance(), watermark.advance()], [9_500, null]);
 * ```
 */
export class Watermark {
  readonly #graceMs: number;
  #newestMs = -Infinity;
  #toldMs = -Infinity;
  #leapMs = Infinity;

  /**
   * Makes a watermark that has not started.
   *
   * @param graceMs How long a trade may lag behind the newest exchange time, ms; >= 0.
   */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** The newest exchange time seen, ms since the epoch; `-Infinity` before the first. */
  get newestMs(): number {
    return this.#newestMs;
  }

  /**
   * Takes note of an exchange time.
   *
   * @param timeMs The event time of a frame or the exchange's clock, ms since the epoch.
   */
  see(timeMs: number): void {
    if (timeMs <= this.#newestMs + LEAP_MS || this.#newestMs === -Infinity) {
      this.#leapMs = Infinity;
      if (timeMs > this.#newestMs) this.#newestMs = timeMs;
    } else {
      if (timeMs >= this.#leapMs) this.#newestMs = this.#leapMs;
      this.#leapMs = timeMs;
    }
  }

  /**
   * Returns the watermark if it is worth telling: once per tenth of a second of exchange time.
   *
   * @returns The time before which no trade will come, ms since the epoch, or `null`.
   */
  advance(): number | null {
    const timeMs = this.#newestMs - this.#graceMs;
    if (!(timeMs - this.#toldMs >= 100)) return null;
    this.#toldMs = timeMs;
    return timeMs;
  }
}
