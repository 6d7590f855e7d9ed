import type { Bus, SubscriberHealth } from "../../bus/mod.ts";
import { busHosts, type BusSelection } from "../bus_options.ts";
import type { LogStatus } from "../control/status.ts";

/** How often the log is asked how it is, ms. */
const EVERY_MS = 2_000;

/** Knows how the log was a moment ago, so that nobody has to wait for it. */
export class LogWatch implements Disposable {
  readonly #bus: Bus;
  readonly #timer: ReturnType<typeof setInterval>;
  #status: LogStatus;
  #subscribers: readonly SubscriberHealth[] = [];
  #isAsking = false;

  constructor(bus: Bus, selection: BusSelection) {
    this.#bus = bus;
    const place = { servers: busHosts(selection), log: selection.log };
    // It was just connected to.
    this.#status = { ...place, isConnected: true, messages: 0, bytes: 0, behind: {} };
    this.#timer = setInterval(() => this.#ask(), EVERY_MS);
    this.#ask();
  }

  /** How it was when it was last asked. */
  get status(): LogStatus {
    return this.#status;
  }

  /** How many messages of a partition a reader had not acknowledged then. */
  behind(reader: string, partition: number): number {
    return this.#subscribers.find((each) => each.name === reader && each.partition === partition)
      ?.behind ?? 0;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { isConnected, messages, bytes, subscribers } = await this.#bus.health();
    this.#subscribers = subscribers;
    const behind: Record<string, number> = {};
    for (const each of subscribers) behind[each.name] = (behind[each.name] ?? 0) + each.behind;
    this.#status = { ...this.#status, isConnected, messages, bytes, behind };
    this.#isAsking = false;
  }
}
