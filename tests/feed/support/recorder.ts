import type { Feed } from "../../../lib/feed/mod.ts";
import type { FeedEvent, Gap, StatusEvent, Trade } from "../../../lib/market/mod.ts";

/** How long a test waits for what must come. */
const PATIENCE_MS = 10_000;

/** Reads a feed in the background and keeps what it delivers. */
export class Recorder {
  readonly events: FeedEvent[] = [];
  /** Fulfilled when the iteration has ended. */
  readonly ended: Promise<void>;
  readonly #countFrames: () => number;
  #gate = Promise.resolve();
  #open = () => {};

  constructor(feed: Feed, countFrames: () => number = () => 0) {
    this.#countFrames = countFrames;
    this.ended = this.#read(feed);
  }

  /** How many frames of trades have reached the feed's socket. */
  get frames(): number {
    return this.#countFrames();
  }

  /** Stops reading, as a slow consumer would, until `release()`. */
  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    this.#open = resolve;
  }

  release(): void {
    this.#open();
  }

  get trades(): Trade[] {
    return this.events.flatMap((e) => e.kind === "trade" ? e.trade : []);
  }

  /** Ids in the order of delivery. */
  ids(symbol: string): number[] {
    return this.trades.flatMap((t) => t.symbol === symbol ? t.tradeId : []);
  }

  /** Each gap event as `first-last state`. */
  get gaps(): string[] {
    return this.events.flatMap((e) => e.kind === "gap" ? text(e.gap) : []);
  }

  /** Each frame set aside as `reason`. */
  get quarantine(): string[] {
    return this.events.flatMap((e) => e.kind === "quarantine" ? e.frame.reason : []);
  }

  /** The text of each. */
  get quarantined(): string[] {
    return this.events.flatMap((e) => e.kind === "quarantine" ? e.frame.raw : []);
  }

  messages(status: StatusEvent["status"]): string[] {
    return this.events.flatMap((e) => e.kind === "status" && e.status === status ? e.message : []);
  }

  count(kind: FeedEvent["kind"]): number {
    return this.events.filter((e) => e.kind === kind).length;
  }

  /** Waits until something is so; fails with what came instead. */
  async until(what: string, isSo: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!isSo()) {
      if (Date.now() > deadline) {
        const seen = this.events.slice(-20).map((event) => JSON.stringify(event)).join("\n");
        throw new Error(`Waited in vain for ${what}; last events:\n${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #read(feed: Feed): Promise<void> {
    for await (const batch of feed) {
      this.events.push(...batch);
      await this.#gate;
    }
  }
}

function text(gap: Gap): string {
  return `${gap.firstMissingId}-${gap.lastMissingId} ${gap.state}`;
}
