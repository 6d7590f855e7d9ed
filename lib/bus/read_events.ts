import type { Bus, Delivery, SubscribeOptions } from "./bus.ts";
import { BatchError } from "./bus_error.ts";
import { decodeBatch, type EventBatch } from "./codec/batch.ts";

/** Which batches to read. */
export interface ReadEventsOptions extends SubscribeOptions {
  /** Called with a sentence for each message that cannot be read; it is put aside. */
  readonly onProblem?: (message: string) => void;
}

/** A batch that was received. */
export interface ReceivedBatch {
  /** What it says. */
  readonly batch: EventBatch;
  /** The message that brought it: acknowledge it once what it says is stored. */
  readonly delivery: Delivery;
}

/**
 * Reads the batches of a partition, in order. A message that cannot be read, as it is damaged or of
 * a newer program, is kept under `aside.<partition>.<sequence>` and acknowledged; the rest goes on.
 *
 * @example The batches of a feed
 * ```ts
 * import { EventPublisher, localBus, readEvents } from "tandem/bus";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * await using bus = localBus({ partitions: 1 });
 * const { signal } = new AbortController();
 * const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 5, signal });
 * await publisher.publish([{ kind: "clock", skewMs: 3, roundTripMs: 20 }]);
 * await publisher.flush();
 * const options = { name: "reader", partition: 0, signal };
 * for await (const { batch, delivery } of readEvents(bus, options)) {
 *   deepStrictEqual(batch.origin, { feed: "a", startedAtMs: 5, number: 0 });
 *   delivery.acknowledge();
 *   break;
 * }
 * ```
 *
 * @param bus Where from.
 * @param options Which.
 * @returns The batches; ends with the signal.
 * @throws {BusError} While iterating, when another reader of the name has taken over.
 */
export async function* readEvents(
  bus: Bus,
  options: ReadEventsOptions,
): AsyncGenerator<ReceivedBatch, void, undefined> {
  const { signal, onProblem } = options;
  for await (const delivery of bus.subscribe(options)) {
    const batch = batchOf(delivery.payload);
    if (!(batch instanceof BatchError)) {
      yield { batch, delivery };
      continue;
    }
    const key = `aside.${delivery.partition}.${delivery.sequence}`;
    try {
      await bus.keep(key, delivery.payload, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    delivery.acknowledge();
    onProblem?.(`${batch.message}; message ${delivery.sequence} is kept as "${key}"`);
  }
}

function batchOf(payload: Uint8Array): EventBatch | BatchError {
  try {
    return decodeBatch(payload);
  } catch (error) {
    if (error instanceof BatchError) return error;
    throw error;
  }
}
