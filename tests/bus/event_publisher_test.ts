import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Bus, EventPublisher, localBus, partitionOf, readEvents } from "../../lib/bus/mod.ts";
import type { FeedEvent, TradeEvent } from "../../lib/market/mod.ts";
import { uniform } from "../support/random.ts";

function trade(symbol: string, tradeId: number): TradeEvent {
  return {
    kind: "trade",
    eventTimeMs: null,
    receivedMs: 5,
    trade: {
      ...{ venue: "v", symbol, tradeId, timeMs: 1, price: 1, quantity: 1 },
      ...{ takerSide: "buy", source: "ws" },
    },
  };
}

async function received(bus: Bus, partition: number): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  const count = (await Array.fromAsync(bus.replay({ partition }))).length;
  if (count === 0) return [];
  let seen = 0;
  const { signal } = new AbortController();
  for await (const { batch } of readEvents(bus, { name: "test", partition, signal })) {
    strictEqual(batch.origin.number, seen);
    events.push(...batch.events);
    if (++seen === count) break;
  }
  return events;
}

Deno.test("EventPublisher.publish() keeps the order of every symbol, over many batches", async () => {
  await using bus = localBus({ partitions: 3 });
  const { signal } = new AbortController();
  const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 1, lingerMs: 1, signal });
  const random = uniform(7);
  const next = new Map<string, number>();
  for (let k = 0; k < 200; k++) {
    const events = Array.from({ length: Math.floor(400 * random()) }, () => {
      const symbol = `S${Math.floor(9 * random())}`;
      next.set(symbol, (next.get(symbol) ?? 0) + 1);
      return trade(symbol, next.get(symbol)!);
    });
    await publisher.publish(events);
    if (k % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await publisher.flush();
  strictEqual(publisher.waiting, 0);
  const seen = new Map<string, number>();
  for (let partition = 0; partition < 3; partition++) {
    for (const event of await received(bus, partition)) {
      if (event.kind !== "trade") continue;
      const { symbol, tradeId } = event.trade;
      strictEqual(partitionOf(symbol, 3), partition);
      strictEqual(tradeId, (seen.get(symbol) ?? 0) + 1);
      seen.set(symbol, tradeId);
    }
  }
  deepStrictEqual([...seen].sort(), [...next].sort());
});

Deno.test("EventPublisher.publish() divides what concerns many symbols", async () => {
  await using bus = localBus({ partitions: 2 });
  const { signal } = new AbortController();
  const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 1, lingerMs: 0, signal });
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
  await publisher.publish([
    { kind: "watermark", symbols, timeMs: 7 },
    { kind: "clock", skewMs: 1, roundTripMs: 2 },
    { kind: "status", status: "notice", message: "a word", symbols: [] },
  ]);
  await publisher.flush();
  const all = [await received(bus, 0), await received(bus, 1)];
  const watermarks = all.flat().flatMap((e) => e.kind === "watermark" ? [e.symbols] : []);
  deepStrictEqual(watermarks.flat().sort(), symbols);
  deepStrictEqual(all.map((events) => events.filter((e) => e.kind === "clock").length), [1, 1]);
  deepStrictEqual(all.map((events) => events.filter((e) => e.kind === "status").length), [1, 0]);
});

Deno.test("EventPublisher.publish() waits while too much waits, and takes all once it goes on", async () => {
  await using bus = localBus({ partitions: 1, mostBehind: 1 });
  const stop = new AbortController();
  const { signal } = stop;
  // Somebody who has taken nothing holds the log up.
  const reader = bus.subscribe({ name: "slow", partition: 0, signal })[Symbol.asyncIterator]();
  const first = reader.next();
  const publisher = new EventPublisher(bus, {
    ...{ feed: "a", startedAtMs: 1, lingerMs: 0, mostWaiting: 10, signal },
  });
  await publisher.publish([trade("S", 1)]);
  await publisher.flush();
  let isTaken = false;
  const publishing = publisher.publish(Array.from({ length: 10 }, (_, k) => trade("S", 2 + k)))
    .then(() => isTaken = true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  strictEqual(isTaken, false);
  (await first).value!.acknowledge();
  await publishing;
  await publisher.flush();
  strictEqual((await received(bus, 0)).length, 11);
  stop.abort();
});

Deno.test("EventPublisher.publish() and flush() end with the signal", async () => {
  await using bus = localBus({ partitions: 1, mostBehind: 1 });
  const stop = new AbortController();
  const reader = bus.subscribe({ name: "slow", partition: 0, signal: stop.signal })[
    Symbol.asyncIterator
  ]();
  const first = reader.next();
  const options = { feed: "a", startedAtMs: 1, lingerMs: 0, signal: stop.signal };
  const publisher = new EventPublisher(bus, options);
  await publisher.publish([trade("S", 1)]);
  await publisher.flush();
  await publisher.publish([trade("S", 2)]);
  const flushing = rejects(publisher.flush(), /enough/);
  stop.abort(new Error("enough"));
  await flushing;
  await first;
});
