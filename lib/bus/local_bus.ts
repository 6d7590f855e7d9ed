import { abortable } from "../streams/mod.ts";
import { AckWindow } from "./ack_window.ts";
import type {
  Bus,
  BusHealth,
  Delivery,
  LogMessage,
  OutgoingMessage,
  Receipt,
  ReplayOptions,
  SubscribeOptions,
} from "./bus.ts";
import { takenOver } from "./taken_over.ts";

/** How a bus in this process is made. */
export interface LocalBusOptions {
  /** How many partitions. @default {8} */
  readonly partitions?: number;
  /** How many messages its slowest subscriber may be behind before senders wait. @default {1_000} */
  readonly mostBehind?: number;
  /** The time now, ms since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** Where a name has come to in a partition, and who holds it. */
interface Position {
  floor: number;
  holder: object;
}

/**
 * Returns a bus within this process, for programs of one process and for tests: its log is in
 * memory, whole, and gone with the process.
 *
 * @example A message, sent and received
 * ```ts
 * import { localBus } from "tandem/bus";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * await using bus = localBus({ partitions: 1 });
 * const { signal } = new AbortController();
 * await bus.publish({ partition: 0, id: "a", payload: Uint8Array.of(1, 2) }, signal);
 * for await (const message of bus.subscribe({ name: "reader", partition: 0, signal })) {
 *   deepStrictEqual([...message.payload], [1, 2]);
 *   message.acknowledge();
 *   break;
 * }
 * ```
 *
 * @param options What differs from the defaults.
 * @returns The bus.
 */
export function localBus(options: LocalBusOptions = {}): Bus {
  return new LocalBus(options);
}

class LocalBus implements Bus {
  readonly identity: string = crypto.randomUUID();
  readonly partitions: number;
  readonly #mostBehind: number;
  readonly #now: () => number;
  readonly #logs: LogMessage[][];
  readonly #sequences = new Map<string, number>();
  readonly #positions = new Map<string, Position>();
  readonly #kept = new Map<string, Uint8Array>();
  #last = 0;
  #changed = Promise.withResolvers<void>();

  constructor({ partitions = 8, mostBehind = 1_000, now = Date.now }: LocalBusOptions) {
    this.partitions = partitions;
    this.#mostBehind = mostBehind;
    this.#now = now;
    this.#logs = Array.from({ length: partitions }, () => []);
  }

  async publish(
    { partition, id, payload }: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<Receipt> {
    while (this.#behind().some(({ behind }) => behind >= this.#mostBehind)) {
      await abortable(this.#changed.promise, signal);
    }
    signal.throwIfAborted();
    const known = this.#sequences.get(id);
    if (known !== undefined) return { sequence: known, isDuplicate: true };
    const sequence = ++this.#last;
    this.#sequences.set(id, sequence);
    const copy = payload.slice();
    this.#logs[partition]!.push({ partition, sequence, storedMs: this.#now(), payload: copy });
    this.#change();
    return { sequence, isDuplicate: false };
  }

  async *subscribe(options: SubscribeOptions): AsyncGenerator<Delivery, void, undefined> {
    const { name, partition, fromSequence, mostInFlight = 64, signal } = options;
    const holder = {};
    const key = `${name}\n${partition}`;
    const floor = fromSequence === undefined
      ? this.#positions.get(key)?.floor ?? 0
      : fromSequence - 1;
    const position: Position = { floor, holder };
    this.#positions.set(key, position);
    this.#change();
    const window = new AckWindow(mostInFlight, floor);
    const log = this.#logs[partition]!;
    let at = log.findIndex((message) => message.sequence > floor);
    if (at < 0) at = log.length;
    try {
      while (true) {
        if (this.#positions.get(key) !== position) throw takenOver(name, partition);
        await window.untilRoom(signal);
        const message = log[at];
        if (message === undefined) {
          await abortable(this.#changed.promise, signal);
          continue;
        }
        at++;
        window.take(message.sequence, () => {});
        const acknowledge = () => {
          window.acknowledge(message.sequence);
          position.floor = window.floor;
          this.#change();
        };
        yield { ...message, acknowledge };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async *replay(options: ReplayOptions): AsyncGenerator<LogMessage, void, undefined> {
    const { partition, fromSequence = 0, fromMs = -Infinity, signal } = options;
    for (const message of [...this.#logs[partition]!]) {
      if (signal?.aborted) return;
      if (message.sequence >= fromSequence && message.storedMs >= fromMs) yield message;
    }
  }

  keep(key: string, payload: Uint8Array): Promise<void> {
    this.#kept.set(key, payload.slice());
    return Promise.resolve();
  }

  amend(key: string, change: (kept: Uint8Array | null) => Uint8Array | null): Promise<void> {
    const changed = change(this.#kept.get(key) ?? null);
    if (changed !== null) this.#kept.set(key, changed.slice());
    return Promise.resolve();
  }

  kept(key: string): Promise<Uint8Array | null> {
    return Promise.resolve(this.#kept.get(key) ?? null);
  }

  health(): Promise<BusHealth> {
    const all = this.#logs.flat();
    return Promise.resolve({
      isConnected: true,
      messages: all.length,
      bytes: all.reduce((sum, { payload }) => sum + payload.length, 0),
      subscribers: this.#behind(),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #behind() {
    return [...this.#positions].map(([key, { floor }]) => {
      const [name, partition] = key.split("\n") as [string, string];
      const log = this.#logs[Number(partition)]!;
      const at = log.findIndex((message) => message.sequence > floor);
      return { name, partition: Number(partition), behind: at < 0 ? 0 : log.length - at };
    });
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
