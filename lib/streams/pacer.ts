import { sleep } from "./sleep.ts";

/**
 * Lets those who ask go one after the other, a fixed time apart.
 *
 * @example The second waits, the first does not
 * ```ts
 * import { Pacer } from "tandem/streams";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const pacer = new Pacer(1_000, () => 5_000);
 * deepStrictEqual([pacer.reserve(), pacer.reserve(), pacer.reserve()], [0, 1_000, 2_000]);
 * ```
 */
export class Pacer {
  readonly #spacingMs: number;
  readonly #now: () => number;
  #nextMs = -Infinity;

  /**
   * Makes a pacer that nobody has passed yet.
   *
   * @param spacingMs The least time between two, ms; >= 0.
   * @param now Tells the time, ms since any origin.
   */
  constructor(spacingMs: number, now: () => number) {
    this.#spacingMs = spacingMs;
    this.#now = now;
  }

  /**
   * Takes the next free turn.
   *
   * @returns How long it is until then, ms; 0 for at once.
   */
  reserve(): number {
    const nowMs = this.#now();
    const turnMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = turnMs + this.#spacingMs;
    return turnMs - nowMs;
  }

  /**
   * Takes the next free turn and waits for it.
   *
   * @param signal Ends the wait; the turn is used up all the same.
   * @throws The signal's reason.
   */
  async turn(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const waitMs = this.reserve();
    if (waitMs > 0) await sleep(waitMs, signal);
  }
}
