import { abortable } from "../streams/mod.ts";
import type { FeedEvent } from "../market/mod.ts";
import type { Bus } from "./bus.ts";
import { encodeBatch } from "./codec/batch.ts";
import { EventSplitter } from "./split_events.ts";

/** A batch is sent when it has so many events … */
const MOST_EVENTS = 8_192;
/** … or, without its trades, about so many bytes: a server takes 1 MB by default. */
const MOST_EXTRA_BYTES = 300_000;

/** Who publishes, and how. */
export interface EventPublisherOptions {
  /** The name of the feed: different from that of every other one at work. */
  readonly feed: string;
  /** When it was started, local ms since the epoch: with the name it tells its batches apart. */
  readonly startedAtMs: number;
  /** How long the first event of a batch waits for others, ms. @default {50} */
  readonly lingerMs?: number;
  /** How many events may wait, over all partitions, before `publish()` does. @default {100_000} */
  readonly mostWaiting?: number;
  /** Called with the events of a batch once the log has it for good. */
  readonly onSent?: (events: readonly FeedEvent[], partition: number) => void;
  /** Gives up what waits. */
  readonly signal: AbortSignal;
}

/** What waits for one partition. */
interface Lane {
  events: FeedEvent[];
  number: number;
  isRunning: boolean;
}

/**
 * Sends feed events in batches, those of a symbol in order: of each partition one batch is on its
 * way at a time, and what comes meanwhile waits for the next. So batches grow as the load does, and
 * who publishes waits when too much does.
 *
 * @example Two events in one batch
 * ```ts
 * import { EventPublisher, localBus } from "tandem/bus";
 * import { strictEqual } from "node:assert/strict";
 *
 * await using bus = localBus({ partitions: 1 });
 * const { signal } = new AbortController();
 * const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 0, signal });
 * await publisher.publish([
 *   { kind: "clock", skewMs: 3, roundTripMs: 20 },
 *   { kind: "watermark", symbols: ["BTCUSDT"], timeMs: 1_721_347_020_000 },
 * ]);
 * await publisher.flush();
 * strictEqual((await bus.health()).messages, 1);
 * ```
 */
export class EventPublisher {
  readonly #bus: Bus;
  readonly #options: EventPublisherOptions;
  readonly #mostWaiting: number;
  readonly #lingerMs: number;
  readonly #splitter: EventSplitter;
  readonly #lanes: readonly Lane[];
  /** What ends the waiting of each lane that waits for more events. */
  readonly #lingering = new Set<() => void>();
  #failure: { readonly error: unknown } | null = null;
  #waiting = 0;
  #isHurried = 0;
  #freed = Promise.withResolvers<void>();

  /**
   * Makes a publisher.
   *
   * @param bus Where to.
   * @param options Who publishes, and how.
   */
  constructor(bus: Bus, options: EventPublisherOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#mostWaiting = options.mostWaiting ?? 100_000;
    this.#lingerMs = options.lingerMs ?? 50;
    this.#splitter = new EventSplitter(bus.partitions);
    this.#lanes = Array.from(
      { length: bus.partitions },
      () => ({ events: [], number: 0, isRunning: false }),
    );
    options.signal.addEventListener("abort", () => this.#hurry(), { once: true });
  }

  /** How many events wait to be sent. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes events; resolves when there is room for more.
   *
   * @param events In the order of the feed.
   * @throws {BusError} If a batch can never be sent.
   * @throws The signal's reason.
   */
  async publish(events: readonly FeedEvent[]): Promise<void> {
    for (const event of events) {
      this.#splitter.split(event, (partition, part) => {
        this.#lanes[partition]!.events.push(part);
        this.#waiting++;
      });
    }
    this.#lanes.forEach((lane, partition) => this.#start(lane, partition));
    while (this.#waiting >= this.#mostWaiting) await this.#untilFreed();
  }

  /** Sends what waits; resolves once the log has it. @throws As `publish()`. */
  async flush(): Promise<void> {
    this.#isHurried++;
    this.#hurry();
    try {
      while (this.#waiting > 0) await this.#untilFreed();
    } finally {
      this.#isHurried--;
    }
  }

  async #untilFreed(): Promise<void> {
    if (this.#failure === null) await abortable(this.#freed.promise, this.#options.signal);
    if (this.#failure !== null) throw this.#failure.error;
  }

  #free(): void {
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }

  #hurry(): void {
    for (const end of this.#lingering) end();
  }

  /** Waits for more events. What ends it is forgotten afterwards: it happens all the time. */
  async #linger(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#lingerMs);
    this.#lingering.add(resolve);
    await promise;
    this.#lingering.delete(resolve);
    clearTimeout(timer);
  }

  #start(lane: Lane, partition: number): void {
    if (lane.isRunning || lane.events.length === 0) return;
    lane.isRunning = true;
    this.#run(lane, partition).catch((error) => {
      this.#failure = { error };
      this.#free();
    });
  }

  async #run(lane: Lane, partition: number): Promise<void> {
    const { feed, startedAtMs, signal, onSent } = this.#options;
    try {
      while (lane.events.length > 0) {
        if (lane.events.length < MOST_EVENTS && this.#isHurried === 0) await this.#linger();
        signal.throwIfAborted();
        const events = lane.events.splice(0, batchLength(lane.events));
        const origin = { feed, startedAtMs, number: lane.number };
        const id = `${feed}.${startedAtMs}.${partition}.${lane.number++}`;
        await this.#bus.publish(
          { partition, id, payload: encodeBatch({ origin, events }) },
          signal,
        );
        onSent?.(events, partition);
        this.#waiting -= events.length;
        this.#free();
      }
    } finally {
      // In the same breath as the last look: what comes from now on starts another run.
      lane.isRunning = false;
    }
  }
}

/** How many of the events that wait make the next batch. */
function batchLength(events: readonly FeedEvent[]): number {
  let bytes = 0;
  for (let k = 0; k < events.length; k++) {
    const event = events[k]!;
    if (event.kind !== "trade") bytes += extraBytes(event);
    // A frame that was set aside stays with its id, which follows it.
    const mayEnd = events[k + 1]?.kind !== "skipped";
    if (mayEnd && (k + 1 >= MOST_EVENTS || bytes >= MOST_EXTRA_BYTES)) return k + 1;
  }
  return events.length;
}

function extraBytes(event: Exclude<FeedEvent, { kind: "trade" }>): number {
  switch (event.kind) {
    case "quarantine":
      return 200 + 6 * event.frame.raw.length;
    case "watermark":
    case "status":
      return 200 + 20 * event.symbols.length;
    default:
      return 200;
  }
}
