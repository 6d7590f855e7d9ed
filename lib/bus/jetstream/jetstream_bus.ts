import { sleep } from "../../streams/mod.ts";
import type {
  Bus,
  BusHealth,
  Delivery,
  LogMessage,
  OutgoingMessage,
  Receipt,
  ReplayOptions,
  SubscribeOptions,
} from "../bus.ts";
import { BusError } from "../bus_error.ts";
import { Backlog } from "./backlog.ts";
import { type Connection, connectTo, parseAddress } from "./library.ts";
import { replayOf } from "./replay.ts";
import {
  keptStream,
  keySubject,
  type PreparedStreams,
  prepareStreams,
  subjectOf,
} from "./streams.ts";
import { Subscription } from "./subscription.ts";

/** How to connect to a log on a NATS server, and how it is made where it is not there. */
export interface JetStreamBusOptions {
  /** Where: `nats://host:4222`; with `user:password@` or `token@` before the host where needed. */
  readonly url: string;
  /** The name of the log: letters, digits, `_` and `-`. @default {"tandem"} */
  readonly name?: string;
  /** How many partitions. @default {those of the log; 8 where it has to be made} */
  readonly partitions?: number;
  /** The most bytes of the log on disk; older messages go then. @default {10 GB} */
  readonly mostBytes?: number;
  /** How old a message of the log may become, ms. @default {48 hours, as far as REST reaches back} */
  readonly mostAgeMs?: number;
  /** How long the log knows a message again by its id, ms. @default {120_000} */
  readonly duplicateMs?: number;
  /** How many messages its slowest subscriber may be behind before senders wait. @default {1_000_000} */
  readonly mostBehind?: number;
  /** Called with a sentence when something goes wrong that passes, and when it has passed. */
  readonly onProblem?: (message: string) => void;
}

/** Between attempts to send, ms. */
const RETRY_MS = 200;
/** The code with which the server says that a value is not the one that was expected. */
const WRONG_LAST_SEQUENCE = 10_071;
/** The library's word for a message that is larger than the server allows. */
const TOO_LARGE = /max.?payload/i;

/**
 * Connects to a log on a NATS server with JetStream (2.9 or newer), and makes it where needed. The
 * server may go away and come back later: senders and subscribers wait.
 *
 * @example Where no server answers
 * ```ts
 * import { BusError, jetStreamBus } from "tandem/bus";
 * import { rejects } from "node:assert/strict";
 *
 * await rejects(jetStreamBus({ url: "nats://127.0.0.1:1" }), BusError);
 * ```
 *
 * @param options Where, and what differs from the defaults.
 * @returns The bus; dispose it to disconnect.
 * @throws {BusError} If no server answers, it has no JetStream, or the log is divided otherwise.
 */
export async function jetStreamBus(options: JetStreamBusOptions): Promise<Bus> {
  const { url, name = "tandem" } = options;
  const place = parseAddress(url).servers.join(", ");
  const connection = await connectTo(url, name).catch((cause) => {
    throw new BusError(
      "unreachable",
      `Cannot use the bus at ${place}: ${cause.message}; start a nats-server with JetStream there (nats-server -js)`,
      { cause },
    );
  });
  try {
    const { partitions = 8, mostBytes = 10e9, mostAgeMs = 48 * 3_600_000 } = options;
    const { duplicateMs = 120_000 } = options;
    const settings = { name, partitions, mostBytes, mostAgeMs, duplicateMs };
    const isGiven = options.partitions !== undefined;
    const actual = await prepareStreams(connection.manager, settings, isGiven);
    return new JetStreamBus(connection, name, actual, options);
  } catch (cause) {
    await connection.connection.close();
    if (cause instanceof BusError) throw cause;
    throw new BusError(
      "refused",
      `Cannot make the log "${name}" at ${place}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

class JetStreamBus implements Bus {
  readonly partitions: number;
  readonly identity: string;
  readonly #connection: Connection;
  readonly #name: string;
  readonly #backlog: Backlog;
  readonly #onProblem: (message: string) => void;
  readonly #subscriptions: Subscription[] = [];
  /** Whether it was told that messages are not taken. */
  #isAway = false;

  constructor(
    connection: Connection,
    name: string,
    { partitions, created }: PreparedStreams,
    { mostBehind = 1_000_000, onProblem = () => {} }: JetStreamBusOptions,
  ) {
    this.#connection = connection;
    this.#name = name;
    this.partitions = partitions;
    this.identity = created;
    this.#backlog = new Backlog(connection.manager, name, mostBehind);
    this.#onProblem = onProblem;
  }

  async publish(
    { partition, id, payload }: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<Receipt> {
    return await this.#untilDone(signal, async () => {
      await this.#backlog.untilNear(signal);
      const { client } = this.#connection;
      const sent = await client.publish(subjectOf(this.#name, partition), payload, { msgID: id });
      return { sequence: sent.seq, isDuplicate: sent.duplicate === true };
    });
  }

  subscribe(options: SubscribeOptions): AsyncIterable<Delivery> {
    const subscription = new Subscription(
      this.#connection,
      this.#name,
      options,
      this.#onProblem,
    );
    this.#subscriptions.push(subscription);
    return subscription.deliveries();
  }

  replay(options: ReplayOptions): AsyncIterable<LogMessage> {
    return replayOf(this.#connection.manager, this.#name, options);
  }

  async keep(key: string, payload: Uint8Array, signal: AbortSignal): Promise<void> {
    const { client } = this.#connection;
    await this.#untilDone(signal, () => client.publish(keySubject(this.#name, key), payload));
  }

  async amend(
    key: string,
    change: (kept: Uint8Array | null) => Uint8Array | null,
    signal: AbortSignal,
  ): Promise<void> {
    const subject = keySubject(this.#name, key);
    let isKept = false;
    while (!isKept) {
      isKept = await this.#untilDone(signal, async () => {
        const before = await this.#keptMessage(key);
        const payload = change(before?.data ?? null);
        if (payload === null) return true;
        const expect = { lastSubjectSequence: before?.seq ?? 0 };
        try {
          await this.#connection.client.publish(subject, payload, { expect });
          return true;
        } catch (error) {
          // Somebody else kept something in between.
          if ((error as { code?: unknown }).code === WRONG_LAST_SEQUENCE) return false;
          throw error;
        }
      });
    }
  }

  async kept(key: string, signal: AbortSignal): Promise<Uint8Array | null> {
    return (await this.#untilDone(signal, () => this.#keptMessage(key)))?.data ?? null;
  }

  async health(): Promise<BusHealth> {
    if (this.#connection.connection.isClosed()) return UNREACHABLE;
    try {
      const { state } = await this.#connection.manager.streams.info(this.#name);
      const { messages, bytes } = state;
      return { isConnected: true, messages, bytes, subscribers: await this.#backlog.subscribers() };
    } catch {
      return UNREACHABLE;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What was acknowledged last is on its way.
    await Promise.all(this.#subscriptions.map((each) => each.settled()));
    await this.#connection.connection.close();
  }

  async #keptMessage(key: string) {
    const query = { last_by_subj: keySubject(this.#name, key) };
    return await this.#connection.manager.streams.getMessage(keptStream(this.#name), query);
  }

  /** Tries until it works; tells of the first failure, and when it has passed. */
  async #untilDone<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0;; failures++) {
      signal.throwIfAborted();
      try {
        const result = await attempt();
        if (this.#isAway) {
          this.#isAway = false;
          this.#onProblem("The bus takes messages again");
        }
        return result;
      } catch (cause) {
        signal.throwIfAborted();
        const { message } = cause as Error;
        if (TOO_LARGE.test(message)) throw new BusError("too large", message, { cause });
        if (this.#connection.connection.isClosed()) {
          throw new BusError("unreachable", `Cannot send as the bus was closed: ${message}`, {
            cause,
          });
        }
        // Of all that are under way the first one tells.
        if (failures === 0 && !this.#isAway) {
          this.#isAway = true;
          this.#onProblem(`The bus takes no messages now: ${message}`);
        }
        await sleep(RETRY_MS, signal);
      }
    }
  }
}

const UNREACHABLE: BusHealth = { isConnected: false, messages: 0, bytes: 0, subscribers: [] };
