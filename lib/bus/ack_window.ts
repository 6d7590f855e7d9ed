import { abortable } from "../streams/mod.ts";

/** The messages that are with a subscriber and not acknowledged, oldest first, and room for more. */
export class AckWindow {
  readonly #most: number;
  readonly #waiting = new Map<number, () => void>();
  #freed = Promise.withResolvers<void>();
  /** Every message up to here is acknowledged, or was never to come. */
  #floor: number;
  #deliveredTo: number;

  /**
   * @param most How many may be in it; >= 1.
   * @param floor The place in the log before the first message wanted.
   */
  constructor(most: number, floor: number) {
    this.#most = most;
    this.#floor = floor;
    this.#deliveredTo = floor;
  }

  /** The place in the log up to which all is acknowledged. */
  get floor(): number {
    return this.#floor;
  }

  /** The newest place in the log that was delivered. */
  get deliveredTo(): number {
    return this.#deliveredTo;
  }

  /** How many more may be delivered now. */
  get room(): number {
    return Math.max(0, this.#most - this.#waiting.size);
  }

  /** Waits until there is room. @throws The signal's reason. */
  async untilRoom(signal: AbortSignal): Promise<void> {
    while (this.room === 0) await abortable(this.#freed.promise, signal);
  }

  /**
   * Takes a message that comes from the log.
   *
   * @param acknowledge Tells the log.
   * @returns Whether it is to be delivered; one that was before is not.
   */
  take(sequence: number, acknowledge: () => void): boolean {
    if (sequence <= this.#deliveredTo) {
      // It came again: what it is acknowledged by is new.
      if (this.#waiting.has(sequence)) this.#waiting.set(sequence, acknowledge);
      else acknowledge();
      return false;
    }
    this.#deliveredTo = sequence;
    this.#waiting.set(sequence, acknowledge);
    return true;
  }

  /** Acknowledges a message; twice is the same as once. */
  acknowledge(sequence: number): void {
    const acknowledge = this.#waiting.get(sequence);
    if (acknowledge === undefined) return;
    this.#waiting.delete(sequence);
    const [oldest] = this.#waiting.keys();
    this.#floor = oldest === undefined ? this.#deliveredTo : oldest - 1;
    acknowledge();
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }
}
