import type { AlertDelivery, StoredAlert } from "../store/mod.ts";
import type { AlertChannel } from "./channel.ts";
import { deliveryRequest } from "./delivery_request.ts";
import { postDelivery } from "./post_delivery.ts";

/** What became of sending an alert, to be stored. */
export type DeliveryOutcome = Omit<AlertDelivery, "attempts">;

/** What a courier works with. */
export interface CourierOptions {
  /** The alerts that still have to be told to somebody, oldest first. */
  readonly pending: () => readonly StoredAlert[];
  /** Stores what became of sending; it is called again with what it could not store. */
  readonly tell: (outcomes: readonly DeliveryOutcome[]) => Promise<void>;
  /** Where word of alerts goes, by name. */
  readonly channels: ReadonlyMap<string, AlertChannel>;
  /** Whether the market is a simulated one. */
  readonly isSimulated: () => boolean;
  /** Ends the courier. */
  readonly signal: AbortSignal;
  /** Receives a sentence for a person when something goes wrong. */
  readonly onProblem: (message: string) => void;
  /** How often it looks for alerts, ms. @default {500} */
  readonly pollMs?: number;
  /** Before an alert is sent a second time; doubled each time, up to ten minutes. @default {1_000} */
  readonly retryMs?: number;
}

const MOST_RETRY_MS = 600_000;
/** With the doubling this is about four hours. */
const MOST_ATTEMPTS = 30;

/**
 * Sends alerts over their channels until the signal is aborted: every one at least once, in order
 * where nothing fails, and again with growing pauses while a receiver does not take it.
 *
 * What was sent but could not be stored as sent is not sent again by this courier, but may be by
 * the next one: receivers tell it by `tandem-alert-id`.
 *
 * @example A courier that is stopped before it began
 * ```ts
 * import { deliverAlerts } from "tandem/alerts";
 *
 * await deliverAlerts({
 *   pending: () => [],
 *   tell: () => Promise.resolve(),
 *   channels: new Map(),
 *   isSimulated: () => true,
 *   signal: AbortSignal.abort(),
 *   onProblem: (message) => {
 *     throw new Error(message);
 *   },
 * });
 * ```
 *
 * @param options Where alerts come from, where they go and who is told.
 * @returns When the signal is aborted and what was under way is over.
 */
export async function deliverAlerts(options: CourierOptions): Promise<void> {
  const { signal, pollMs = 500 } = options;
  const courier = new Courier(options);
  while (!signal.aborted) {
    await courier.round();
    await pause(pollMs, signal);
  }
}

class Courier {
  readonly #options: CourierOptions;
  /** What was sent and could not be stored yet. */
  readonly #untold = new Map<string, DeliveryOutcome>();
  /** Until when a channel asked to be left alone, local ms. */
  readonly #restUntilMs = new Map<string, number>();

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Sends what is due, the channels beside each other, and stores what became of it. */
  async round(): Promise<void> {
    const { pending, tell, onProblem, signal } = this.#options;
    try {
      const byChannel = Map.groupBy(
        pending().flatMap((alert) =>
          alert.deliveries.filter((d) => d.state === "pending").map((delivery) => (
            { alert, delivery }
          ))
        ),
        ({ delivery }) => delivery.channel,
      );
      await Promise.all(
        byChannel.entries().map(async ([name, waiting]) => {
          for (const { alert, delivery } of waiting) {
            if (signal.aborted || Date.now() < (this.#restUntilMs.get(name) ?? 0)) return;
            if (!this.#isDue(delivery)) continue;
            const outcome = await this.#send(name, alert, delivery);
            if (outcome !== null) this.#untold.set(keyOf(outcome), outcome);
          }
        }),
      );
      if (this.#untold.size === 0) return;
      await tell([...this.#untold.values()]);
      this.#untold.clear();
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  }

  #isDue(delivery: AlertDelivery): boolean {
    if (this.#untold.has(keyOf(delivery))) return false;
    const { attempts, triedAtMs } = delivery;
    const { retryMs = 1_000 } = this.#options;
    const waitMs = attempts === 0 ? 0 : Math.min(MOST_RETRY_MS, retryMs * 2 ** (attempts - 1));
    return triedAtMs === null || Date.now() >= triedAtMs + waitMs;
  }

  /** Sends one alert over one channel; `null` where it was interrupted. */
  async #send(
    name: string,
    alert: StoredAlert,
    { attempts }: AlertDelivery,
  ): Promise<DeliveryOutcome | null> {
    const { channels, isSimulated, signal, onProblem } = this.#options;
    const triedAtMs = Date.now();
    const outcome = (state: AlertDelivery["state"], problem: string | null) => (
      { alertId: alert.alertId, channel: name, state, triedAtMs, problem }
    );
    const channel = channels.get(name);
    if (channel === undefined) return outcome("failed", "there is no channel of this name");
    const message = { ...alert, simulated: isSimulated() };
    const answer = await postDelivery(
      await deliveryRequest(channel, messageOf(message), triedAtMs),
      channel.allowPrivate,
      signal,
    );
    if (answer.kind === "taken") return outcome("delivered", null);
    if (answer.kind === "interrupted") return null;
    if (answer.retryAfterMs !== null) {
      this.#restUntilMs.set(name, triedAtMs + answer.retryAfterMs);
    }
    const isFinal = answer.kind === "refused" || attempts + 1 >= MOST_ATTEMPTS;
    onProblem(
      `Alert ${alert.alertId} could not be told over "${name}"${
        isFinal ? " and is given up" : ""
      }: ${answer.problem}`,
    );
    return outcome(isFinal ? "failed" : "pending", answer.problem);
  }
}

function messageOf(alert: StoredAlert & { readonly simulated: boolean }) {
  const { alertId, ruleId, side, timeMs, value, threshold, sentence, simulated } = alert;
  return { alertId, ruleId, side, timeMs, value, threshold, sentence, simulated };
}

function keyOf({ alertId, channel }: Pick<AlertDelivery, "alertId" | "channel">): string {
  return `${alertId} ${channel}`;
}

/** Waits, but no longer than until the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
