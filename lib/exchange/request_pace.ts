/** How many requests an address may send in a time; who sends more is refused. */
export class RequestPace {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #times = new Map<string, number[]>();

  /** Allows `most` requests of one key in any `windowMs`. */
  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Counts a request; gives whether it is one too many. */
  isTooFast(key: string): boolean {
    const now = performance.now();
    const times = this.#times.getOrInsertComputed(key, () => []);
    while (now - (times[0] ?? now) >= this.#windowMs) times.shift();
    if (times.length >= this.#most) return true;
    times.push(now);
    return false;
  }
}
