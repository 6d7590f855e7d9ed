/** A socket lags when it did so in this many windows in a row, together as long as the limit. */
const WINDOWS = 5;

/** An event time so far ahead of the clock is wrong and says nothing, ms. */
const AHEAD_MS = 60_000;

/** Nor does one so far behind: no buffer on the way holds as much, the clocks are of two worlds, ms. */
const BEHIND_MS = 1_800_000;

/**
 * Notices that the frames of one socket come late although they come: the path, or this program, is
 * slower than the exchange, and what waits grows older. Pure: times come in, a verdict goes out.
 *
 * Judged by the fastest frame of each window, a fifth of the limit, so that neither a late trade nor
 * the wait of an aggregate counts, and with the difference of the clocks taken out.
 */
export class LagWatch {
  readonly #limitMs: number;
  #leastMs = Infinity;
  #fromMs = -Infinity;
  #late = 0;
  #lagMs: number | null = null;

  /** Makes a watch that calls it lagging when it was beyond a limit for as long, ms. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** By how much the socket lagged in the last window with frames, ms; `null` before. */
  get lagMs(): number | null {
    return this.#lagMs;
  }

  /** Takes note of a frame: local time of receipt less its event time, ms. */
  see(behindMs: number): void {
    if (behindMs < this.#leastMs) this.#leastMs = behindMs;
  }

  /**
   * Looks at what has come since the last look, once per window.
   *
   * @param nowMs Local time, ms.
   * @param skewMs Local clock less the exchange's, ms.
   * @returns Whether the socket has lagged beyond the limit for several windows in a row.
   */
  isLagging(nowMs: number, skewMs: number): boolean {
    if (nowMs - this.#fromMs >= this.#limitMs / WINDOWS) {
      const lagMs = this.#leastMs - skewMs;
      this.#fromMs = nowMs;
      this.#leastMs = Infinity;
      // Without a frame nothing is known; a socket that is silent altogether has another watchdog.
      if (lagMs < BEHIND_MS && lagMs > -AHEAD_MS) {
        this.#lagMs = lagMs;
        this.#late = lagMs > this.#limitMs ? this.#late + 1 : 0;
      }
    }
    return this.#late >= WINDOWS;
  }
}
