import { abortable } from "./sleep.ts";

/**
 * Lets a bounded number of jobs run at once; of those that wait, the smallest rank goes first and,
 * of equal ranks, the one that has waited longest.
 *
 * @example Small jobs overtake large ones that wait
 * ```ts
 * import { PrioritySlots } from "tandem/streams";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const slots = new PrioritySlots(1);
 * const { signal } = new AbortController();
 * const order: number[] = [];
 * const job = (rank: number) => slots.run(rank, signal, async () => void order.push(rank));
 * await Promise.all([job(5), job(9), job(1)]);
 * deepStrictEqual(order, [5, 1, 9]);
 * ```
 */
export class PrioritySlots {
  #free: number;
  #waiting: { readonly rank: () => number; readonly start: () => void }[] = [];

  /**
   * Makes the slots.
   *
   * @param count How many jobs may run at once; a whole number >= 1.
   * @throws {RangeError} If `count` is not such a number.
   */
  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) {
      throw new RangeError(
        `Cannot make slots as "count" must be a whole number >= 1: current value is ${count}`,
      );
    }
    this.#free = count;
  }

  /**
   * Runs a job as soon as there is a slot for it.
   *
   * @param rank The smaller, the sooner; a function is asked whenever a slot is free.
   * @param signal Ends the wait for a slot; the job looks after itself once it runs.
   * @param job What to run.
   * @returns What the job returns.
   * @throws What the job throws, or the signal's reason if it is aborted while waiting.
   */
  async run<T>(
    rank: number | (() => number),
    signal: AbortSignal,
    job: () => Promise<T>,
  ): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#turn(typeof rank === "number" ? () => rank : rank, signal);
    try {
      return await job();
    } finally {
      this.#release();
    }
  }

  async #turn(rank: () => number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { rank, start: resolve };
    this.#waiting.push(waiter);
    try {
      await abortable(promise, signal);
    } catch (error) {
      // A slot may have been handed over in the very moment of the abort: pass it on.
      const index = this.#waiting.indexOf(waiter);
      if (index === -1) this.#release();
      else this.#waiting.splice(index, 1);
      throw error;
    }
  }

  #release(): void {
    const ranks = this.#waiting.map(({ rank }) => rank());
    const best = ranks.indexOf(Math.min(...ranks));
    const [next] = best < 0 ? [] : this.#waiting.splice(best, 1);
    if (next === undefined) this.#free++;
    else next.start();
  }
}
