import { BoundedQueue } from "../../streams/mod.ts";
import type { FeedEvent } from "../feed.ts";
import type { Action, Frame } from "./follow.ts";

/**
 * What waits for the reader of a feed: a bounded number of frames, and between them the actions
 * that must happen in order with them. A frame without room is dropped and counted.
 */
export class Inbox implements AsyncIterable<(Frame | Action)[]> {
  readonly #queue: BoundedQueue<Frame | Action>;
  #dropped = 0;
  #told = 0;
  #lastDropMs = -Infinity;

  constructor(capacity: number) {
    this.#queue = new BoundedQueue(capacity);
  }

  /** When the last frame that was dropped had come, local ms. */
  get lastDropMs(): number {
    return this.#lastDropMs;
  }

  /** Adds a frame, or drops it if there is no room. */
  receive(frame: Frame): void {
    if (this.#queue.push(frame)) return;
    this.#dropped++;
    this.#lastDropMs = frame.receivedMs;
  }

  /** Adds an action; there is always room for one. */
  post(action: Action): void {
    this.#queue.pushAlways(action);
  }

  /** Adds an action and waits until the reader has done it. */
  perform(action: Action): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.post((out) => {
      action(out);
      resolve();
    });
    return promise;
  }

  /** Says how many frames were dropped since it last did. @returns Whether any were. */
  tellDropped(out: FeedEvent[]): boolean {
    const count = this.#dropped - this.#told;
    if (count === 0) return false;
    this.#told = this.#dropped;
    const message = `${count} frames were dropped as ${this.#queue.capacity} were waiting; ` +
      "their trades are gaps now";
    out.push({ kind: "status", status: "notice", message, symbols: [] });
    return true;
  }

  /** Takes nothing more; the reader ends after what waits. */
  close(): void {
    this.#queue.close();
  }

  /** Takes nothing more; the reader gets the error after what waits. */
  fail(error: unknown): void {
    this.#queue.fail(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<(Frame | Action)[]> {
    return this.#queue[Symbol.asyncIterator]();
  }
}
