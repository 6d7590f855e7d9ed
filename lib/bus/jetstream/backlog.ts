import { sleep } from "../../streams/mod.ts";
import type { SubscriberHealth } from "../bus.ts";
import type { JetStreamManager } from "./library.ts";

/** How often it is asked how far subscribers are behind, ms. */
const BEHIND_MS = 250;

/** How far the subscribers of a log are behind it. */
export class Backlog {
  readonly #manager: JetStreamManager;
  readonly #name: string;
  readonly #mostBehind: number;
  #behind = 0;
  #askedAtMs = -Infinity;

  /** @param mostBehind How many messages the slowest may be behind before senders wait. */
  constructor(manager: JetStreamManager, name: string, mostBehind: number) {
    this.#manager = manager;
    this.#name = name;
    this.#mostBehind = mostBehind;
  }

  /** Asks every subscriber, by partition. */
  async subscribers(): Promise<SubscriberHealth[]> {
    const subscribers: SubscriberHealth[] = [];
    for await (const info of this.#manager.consumers.list(this.#name)) {
      const [, name, partition] = /^(.*)-(\d+)$/.exec(info.name) ?? [];
      if (name === undefined) continue;
      const behind = info.num_pending + info.num_ack_pending;
      subscribers.push({ name, partition: Number(partition), behind });
    }
    return subscribers;
  }

  /** Waits while the slowest subscriber is too far behind. */
  async untilNear(signal: AbortSignal): Promise<void> {
    while (true) {
      if (performance.now() - this.#askedAtMs >= BEHIND_MS) {
        this.#askedAtMs = performance.now();
        const all = await this.subscribers();
        this.#behind = Math.max(0, ...all.map(({ behind }) => behind));
      }
      if (this.#behind < this.#mostBehind) return;
      await sleep(BEHIND_MS, signal);
    }
  }
}
