import { atMost, sleep } from "../../streams/mod.ts";
import { AckWindow } from "../ack_window.ts";
import type { Delivery, SubscribeOptions } from "../bus.ts";
import { takenOver } from "../taken_over.ts";
import type { Connection, ConsumerInfo, JsMsg } from "./library.ts";
import { subjectOf } from "./streams.ts";

/**
 * How long one request for messages stays open, ms. Where half of it passes twice without a sign of
 * the server it counts as lost: also where it is this process that was held up, by a slow commit.
 */
const PULL_MS = 3_000;
/** A message that is not acknowledged for so long is delivered again, ns. */
const REDELIVER_NS = 60_000 * 1e6;
/** Between attempts to go on after something went wrong, ms. */
const RETRY_MS = 200;
/** How long the end waits for what was acknowledged to be known to the server, ms. */
const SETTLE_MS = 1_000;

/**
 * Reads a partition in order, also over lost connections: the server would deliver what was on its
 * way again, but after newer messages. So where its count of deliveries breaks off, its consumer is
 * made anew from the oldest message on that is not acknowledged.
 */
export class Subscription {
  readonly #connection: Connection;
  readonly #stream: string;
  readonly #options: SubscribeOptions;
  /** Marks the server's consumer as made by this one. */
  readonly #mark: string = crypto.randomUUID();
  readonly #onProblem: (message: string) => void;
  readonly #telling = new Set<Promise<unknown>>();
  /** Whether the server may not know of something that was acknowledged. */
  #isUnheard = false;

  constructor(
    connection: Connection,
    stream: string,
    options: SubscribeOptions,
    onProblem: (message: string) => void,
  ) {
    this.#connection = connection;
    this.#stream = stream;
    this.#options = options;
    this.#onProblem = onProblem;
  }

  /** Resolves when the server knows all that was acknowledged, or after a moment. */
  async settled(): Promise<void> {
    await atMost(SETTLE_MS, Promise.all(this.#telling));
  }

  /** The messages; ends with the signal. @throws {BusError} When another one has taken over. */
  async *deliveries(): AsyncGenerator<Delivery, void, undefined> {
    try {
      yield* this.#read();
    } finally {
      await this.settled();
    }
  }

  async *#read(): AsyncGenerator<Delivery, void, undefined> {
    const { signal, partition, mostInFlight = 64, name } = this.#options;
    const { manager } = this.#connection;
    let window: AckWindow | null = null;
    let isOwn = false;
    let isFailing = false;
    while (!signal.aborted) {
      try {
        const before = await this.#info();
        if (isOwn && before !== null && before.config.description !== this.#mark) {
          throw takenOver(name, partition);
        }
        const { last_seq: last } = (await manager.streams.info(this.#stream)).state;
        if (window !== null && window.deliveredTo > last) {
          this.#onProblem(`The log lost its newest messages of partition ${partition}`);
          window = new AckWindow(mostInFlight, last);
        }
        window ??= new AckWindow(mostInFlight, Math.min(last, this.#firstFloor(before)));
        const consumer = await this.#open(before, window.floor + 1, mostInFlight);
        isOwn = true;
        this.#isUnheard = false;
        if (isFailing) this.#onProblem(`Reads partition ${partition} again`);
        isFailing = false;
        let expected = 1;
        while (!signal.aborted) {
          await window.untilRoom(signal);
          if (this.#isUnheard) throw new Error("what was acknowledged was not heard");
          const pull = { max_messages: window.room, expires: PULL_MS };
          const messages = await consumer.fetch(pull);
          const stop = () => messages.stop();
          signal.addEventListener("abort", stop);
          try {
            for await (const message of messages) {
              const { streamSequence, deliverySequence, timestampNanos } = message.info;
              if (deliverySequence !== expected) throw new Error("deliveries are missing");
              expected++;
              if (!window.take(streamSequence, () => this.#tell(message))) continue;
              yield deliveryOf(message, partition, timestampNanos, window);
            }
          } finally {
            signal.removeEventListener("abort", stop);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        if ((error as { problem?: unknown }).problem === "taken") throw error;
        // Once: a server may be away for hours.
        if (!isFailing) {
          this.#onProblem(`Cannot read partition ${partition}: ${messageOf(error)}; trying again`);
        }
        isFailing = true;
        await sleep(RETRY_MS, signal).catch(() => {});
      }
    }
  }

  /** Acknowledges a message; where the server does not hear of it, its consumer is made anew. */
  #tell(message: JsMsg): void {
    const telling = message.ackAck().catch(() => this.#isUnheard = true)
      .finally(() => this.#telling.delete(telling));
    this.#telling.add(telling);
  }

  get #durable(): string {
    return `${this.#options.name}-${this.#options.partition}`;
  }

  #firstFloor(before: ConsumerInfo | null): number {
    const { fromSequence } = this.#options;
    if (fromSequence !== undefined) return fromSequence - 1;
    // The server tells 0 until the first is acknowledged, wherever its consumer began.
    const begunAfter = (before?.config.opt_start_seq ?? 1) - 1;
    return Math.max(before?.ack_floor.stream_seq ?? 0, begunAfter);
  }

  async #info(): Promise<ConsumerInfo | null> {
    try {
      return await this.#connection.manager.consumers.info(this.#stream, this.#durable);
    } catch (error) {
      if ((error as { code?: unknown }).code === CONSUMER_NOT_FOUND) return null;
      throw error;
    }
  }

  async #open(before: ConsumerInfo | null, fromSequence: number, mostInFlight: number) {
    const { manager, client } = this.#connection;
    if (before !== null) await manager.consumers.delete(this.#stream, this.#durable);
    const info = await manager.consumers.add(this.#stream, {
      durable_name: this.#durable,
      description: this.#mark,
      filter_subject: subjectOf(this.#stream, this.#options.partition),
      ack_policy: "explicit",
      deliver_policy: "by_start_sequence",
      opt_start_seq: Math.max(1, fromSequence),
      ack_wait: REDELIVER_NS,
      max_ack_pending: 2 * mostInFlight,
      max_deliver: -1,
    });
    return client.consumers.getConsumerFromInfo(info);
  }
}

/** The code with which the server says that there is no such consumer. */
const CONSUMER_NOT_FOUND = 10_014;

function deliveryOf(
  message: JsMsg,
  partition: number,
  timestampNs: number,
  window: AckWindow,
): Delivery {
  const sequence = message.seq;
  return {
    partition,
    sequence,
    storedMs: Math.floor(timestampNs / 1e6),
    payload: message.data,
    acknowledge: () => window.acknowledge(sequence),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
