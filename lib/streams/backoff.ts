/** How fast and how far the delays of `backoffDelaysMs()` grow. */
export interface BackoffOptions {
  /** The largest first delay, ms; > 0. */
  readonly baseMs: number;
  /** The largest delay of all, ms; >= `baseMs`. */
  readonly capMs: number;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/**
 * Yields the delays between attempts: exponential with full jitter, without end.
 *
 * The n-th delay is drawn uniformly from [0, min(capMs, baseMs · 2^n)), n = 0, 1, …, so that many
 * clients cut off at once do not come back at once (Brooker, AWS Architecture Blog, 2015).
 *
 * @example The upper bounds double up to the cap
 * ```ts
 * import { backoffDelaysMs } from "tandem/streams";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const delays = backoffDelaysMs({ baseMs: 500, capMs: 3_000, random: () => 0.5 });
 * deepStrictEqual(delays.take(5).toArray(), [250, 500, 1_000, 1_500, 1_500]);
 * ```
 *
 * @param options Base and cap in ms, and the source of randomness.
 * @returns An endless iterator of delays in ms, each in [0, `capMs`).
 * @throws {RangeError} On the first step, unless 0 < `baseMs` <= `capMs`.
 */
export function* backoffDelaysMs(options: BackoffOptions): Generator<number, never, void> {
  const { baseMs, capMs, random } = options;
  if (!(baseMs > 0) || !(capMs >= baseMs)) {
    throw new RangeError(
      `Cannot back off as 0 < "baseMs" <= "capMs" must hold: current values are ${baseMs} and ${capMs}`,
    );
  }
  let limitMs = baseMs;
  while (true) {
    yield random() * limitMs;
    limitMs = Math.min(capMs, limitMs * 2);
  }
}
