/**
 * Async plumbing that knows no trades: a bounded queue, delays, pacing. Imports nothing and owns
 * neither clock nor randomness.
 *
 * ```ts
 * import { BoundedQueue } from "tandem/streams";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const queue = new BoundedQueue<number>(2);
 * const taken = [queue.push(1), queue.push(2), queue.push(3)];
 * deepStrictEqual(taken, [true, true, false]);
 *
 * queue.close();
 * deepStrictEqual(await Array.fromAsync(queue), [[1, 2]]);
 * ```
 *
 * @module
 */
export * from "./backoff.ts";
export * from "./bounded_queue.ts";
export * from "./pacer.ts";
export * from "./priority_slots.ts";
export * from "./sleep.ts";
