import { HubError } from "./hub_error.ts";
import type { PartContent } from "./part_content.ts";

/**
 * A piece of a notebook's output that talks with its kernel: inputs, what was selected in a chart,
 * or what is drawn from either. Any number of pages may look at it.
 */
export interface Part {
  /** Tells a page what there is, now and whenever it changes, until it is disposed. */
  watch(tell: (content: PartContent) => void): Disposable;
  /**
   * Takes what a page says.
   *
   * @throws {HubError} 400 if it makes no sense.
   */
  take(value: unknown): void;
}

/** Finds a part by its name, or `undefined`. */
export type FindPart = (name: string) => Part | undefined;

/** The parts that one page looks at, by the ids of its subscriptions. */
export class PartSubscriptions implements Disposable {
  readonly #find: FindPart;
  readonly #send: (id: string, content: PartContent) => void;
  readonly #isFull: () => boolean;
  readonly #watched = new Map<string, { readonly part: Part; readonly watching: Disposable }>();
  /** What could not be sent yet; only the newest counts. */
  readonly #waiting = new Map<string, PartContent>();

  constructor(
    find: FindPart,
    send: (id: string, content: PartContent) => void,
    isFull: () => boolean,
  ) {
    this.#find = find;
    this.#send = send;
    this.#isFull = isFull;
  }

  /** How many there are. */
  get size(): number {
    return this.#watched.size;
  }

  /**
   * Begins to look at a part.
   *
   * @throws {HubError} 404 if there is none of that name.
   */
  watch(id: string, name: string): void {
    const part = this.#find(name);
    if (part === undefined) {
      throw new HubError(
        404,
        "unknown_part",
        "The kernel no longer knows this: run its cell again",
      );
    }
    const watching = part.watch((content) => {
      if (this.#isFull()) this.#waiting.set(id, content);
      else {
        this.#waiting.delete(id);
        this.#send(id, content);
      }
    });
    this.#watched.set(id, { part, watching });
  }

  /**
   * Passes on what a page says.
   *
   * @throws {HubError} If the page does not look at that part, or says what makes no sense.
   */
  take(id: string, value: unknown): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) {
      throw new HubError(404, "unknown_part", `Cannot tell "${id}" as it is not subscribed`);
    }
    watched.part.take(value);
  }

  /** Sends what had to wait. */
  catchUp(): void {
    for (const [id, content] of this.#waiting) {
      if (this.#isFull()) return;
      this.#waiting.delete(id);
      this.#send(id, content);
    }
  }

  /** No longer looks at a part. */
  drop(id: string): void {
    this.#watched.get(id)?.watching[Symbol.dispose]();
    this.#watched.delete(id);
    this.#waiting.delete(id);
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#watched.keys()]) this.drop(id);
  }
}
