/**
 * How processes talk: a log of batches of feed events, within one process or on a NATS server.
 *
 * A feed sends what it hears in batches, by partition of the symbol; whoever stores it acknowledges
 * what it has committed, and after a crash gets the rest again, in order.
 *
 * ```ts
 * import { EventPublisher, localBus, readEvents } from "tandem/bus";
 * import { strictEqual } from "node:assert/strict";
 *
 * await using bus = localBus({ partitions: 1 });
 * const { signal } = new AbortController();
 * const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 0, signal });
 * await publisher.publish([{ kind: "clock", skewMs: 3, roundTripMs: 20 }]);
 * await publisher.flush();
 * for await (const received of readEvents(bus, { name: "reader", partition: 0, signal })) {
 *   strictEqual(received.batch.events[0]?.kind, "clock");
 *   break;
 * }
 * ```
 *
 * @module
 */
export * from "./bus.ts";
export * from "./bus_error.ts";
export { type BatchOrigin, decodeBatch, encodeBatch, type EventBatch } from "./codec/batch.ts";
export { EventPublisher, type EventPublisherOptions } from "./event_publisher.ts";
export { localBus, type LocalBusOptions } from "./local_bus.ts";
export { jetStreamBus, type JetStreamBusOptions } from "./jetstream/jetstream_bus.ts";
export { partitionOf } from "./partition.ts";
export { readEvents, type ReadEventsOptions, type ReceivedBatch } from "./read_events.ts";
