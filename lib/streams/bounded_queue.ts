/** So many items that come in one go are waited for, to be taken together. */
const TOGETHER = 64;

/**
 * A queue with a capacity between many writers and one reader.
 *
 * The reader iterates over batches: each step takes everything that waits. A writer is told when
 * there is no room and decides what that means; nothing is ever dropped in silence. Closing lets
 * the reader finish what was accepted.
 *
 * @example The reader takes what has gathered
 * ```ts
 * import { BoundedQueue } from "tandem/streams";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const queue = new BoundedQueue<string>(10);
 * queue.push("a");
 * queue.push("b");
 * setTimeout(() => {
 *   queue.push("c");
 *   queue.close();
 * });
 * deepStrictEqual(await Array.fromAsync(queue), [["a", "b"], ["c"]]);
 * ```
 */
export class BoundedQueue<T> implements AsyncIterable<T[]> {
  /** How many items may wait. */
  readonly capacity: number;
  #items: T[] = [];
  #closed = false;
  #error: { readonly reason: unknown } | null = null;
  #wake: (() => void) | null = null;

  /**
   * Makes an empty queue.
   *
   * @param capacity How many items may wait; a whole number >= 1.
   * @throws {RangeError} If `capacity` is not such a number.
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(
        `Cannot make a queue as "capacity" must be a whole number >= 1: current value is ${capacity}`,
      );
    }
    this.capacity = capacity;
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.length;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Adds an item if there is room.
   *
   * @param item The item.
   * @returns `false` when the queue is full or closed: the item was not taken.
   */
  push(item: T): boolean {
    return this.#items.length < this.capacity && this.pushAlways(item);
  }

  /**
   * Adds an item even when the queue is full, for the few that must not be lost.
   *
   * @param item The item.
   * @returns `false` when the queue is closed: the item was not taken.
   */
  pushAlways(item: T): boolean {
    if (this.#closed) return false;
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /**
   * Takes everything that waits.
   *
   * @returns The items, oldest first; empty when none wait.
   */
  takeAll(): T[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** Refuses further items; the reader ends after those that wait. Closing twice is fine. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /**
   * Closes the queue; the reader gets the error after the items that wait.
   *
   * @param reason What the reader's iteration throws.
   */
  fail(reason: unknown): void {
    this.#error ??= { reason };
    this.close();
  }

  /**
   * Iterates over batches of at least one item, until the queue is closed and empty. There may be
   * one reader at a time.
   *
   * @returns The iterator; leaving the loop early closes the queue.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T[], void, undefined> {
    try {
      while (true) {
        if (this.#items.length > 0) {
          await this.#gather();
          yield this.takeAll();
        } else if (!this.#closed) {
          await new Promise<void>((resolve) => this.#wake = resolve);
          this.#wake = null;
        } else if (this.#error !== null) {
          throw this.#error.reason;
        } else {
          return;
        }
      }
    } finally {
      this.close();
    }
  }

  /**
   * Lets items come that come in one go, each in a microtask of its own: a batch costs its reader
   * several times as much as an item, and nothing else is done meanwhile.
   */
  async #gather(): Promise<void> {
    const enough = Math.min(TOGETHER, this.capacity / 2);
    let size = 0;
    while (size < this.#items.length && this.#items.length < enough) {
      size = this.#items.length;
      await null;
    }
  }
}
