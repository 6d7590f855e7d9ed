/** What every bus promises, for `local` and `jetstream` alike. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import {
  type Bus,
  type BusError,
  type Delivery,
  EventPublisher,
  readEvents,
} from "../../lib/bus/mod.ts";
import { until } from "../support/programs.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Makes a bus with a log of its own. */
export type MakeBus = (options: { partitions: number; mostBehind?: number }) => Promise<Bus>;

/** Sends texts to a partition, one after the other. */
export async function send(bus: Bus, partition: number, ...texts: string[]): Promise<number[]> {
  const { signal } = new AbortController();
  const sequences: number[] = [];
  for (const text of texts) {
    const payload = encoder.encode(text);
    sequences.push((await bus.publish({ partition, id: text, payload }, signal)).sequence);
  }
  return sequences;
}

/** Takes so many messages. */
export async function take(
  bus: Bus,
  count: number,
  options: { name?: string; partition?: number; fromSequence?: number; isAcknowledged?: boolean } =
    {},
): Promise<string[]> {
  const { isAcknowledged = true, ...rest } = options;
  const texts: string[] = [];
  const { signal } = new AbortController();
  for await (const delivery of bus.subscribe({ name: "reader", partition: 0, signal, ...rest })) {
    texts.push(textOf(delivery));
    if (isAcknowledged) delivery.acknowledge();
    if (texts.length === count) break;
  }
  return texts;
}

export function textOf({ payload }: { readonly payload: Uint8Array }): string {
  return decoder.decode(payload);
}

/** Runs the suite over one kind of bus. */
export async function busSuite(make: MakeBus, t: Deno.TestContext): Promise<void> {
  await t.step(
    "messages of a partition arrive in order, and those of others elsewhere",
    async () => {
      await using bus = await make({ partitions: 2 });
      await send(bus, 0, "a", "b");
      await send(bus, 1, "x");
      await send(bus, 0, "c");
      deepStrictEqual(await take(bus, 3), ["a", "b", "c"]);
      deepStrictEqual(await take(bus, 1, { partition: 1 }), ["x"]);
    },
  );

  await t.step("a message that is sent again is in the log once", async () => {
    await using bus = await make({ partitions: 1 });
    const { signal } = new AbortController();
    const message = { partition: 0, id: "same", payload: encoder.encode("a") };
    const first = await bus.publish(message, signal);
    const again = await bus.publish(message, signal);
    deepStrictEqual(again, { sequence: first.sequence, isDuplicate: true });
    await send(bus, 0, "b");
    deepStrictEqual(await take(bus, 2), ["a", "b"]);
  });

  await t.step("the next of a name goes on after what was acknowledged, in order", async () => {
    await using bus = await make({ partitions: 1 });
    await send(bus, 0, "a", "b", "c", "d");
    deepStrictEqual(await take(bus, 1), ["a"]);
    deepStrictEqual(await take(bus, 2, { isAcknowledged: false }), ["b", "c"]);
    await send(bus, 0, "e");
    deepStrictEqual(await take(bus, 4), ["b", "c", "d", "e"]);
    deepStrictEqual(await take(bus, 5, { name: "other" }), ["a", "b", "c", "d", "e"]);
  });

  await t.step("a subscriber that knows its place begins there", async () => {
    await using bus = await make({ partitions: 1 });
    const [, second] = await send(bus, 0, "a", "b", "c");
    deepStrictEqual(await take(bus, 2, { fromSequence: second! }), ["b", "c"]);
  });

  await t.step("who takes over ends the subscriber of its name", async () => {
    await using bus = await make({ partitions: 1 });
    await send(bus, 0, "a");
    const { signal } = new AbortController();
    const former = bus.subscribe({ name: "reader", partition: 0, signal })[Symbol.asyncIterator]();
    strictEqual(textOf((await former.next()).value as Delivery), "a");
    const pending = rejects(
      Promise.resolve(former.next()),
      (error: BusError) => error.problem === "taken",
    );
    deepStrictEqual(await take(bus, 1), ["a"]);
    await pending;
  });

  await t.step("no more is in flight than was asked for", async () => {
    await using bus = await make({ partitions: 1 });
    await send(bus, 0, "a", "b", "c", "d");
    const stop = new AbortController();
    const { signal } = stop;
    const held: Delivery[] = [];
    const reading = (async () => {
      for await (
        const delivery of bus.subscribe({ name: "reader", partition: 0, mostInFlight: 2, signal })
      ) held.push(delivery);
    })();
    await until(() => held.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    strictEqual(held.length, 2);
    held[0]!.acknowledge();
    held[0]!.acknowledge();
    await until(() => held.length === 3);
    stop.abort();
    await reading;
    deepStrictEqual(held.map(textOf), ["a", "b", "c"]);
  });

  await t.step("a sender waits while the slowest subscriber is too far behind", async () => {
    await using bus = await make({ partitions: 1, mostBehind: 3 });
    deepStrictEqual((await send(bus, 0, "a"), await take(bus, 1)), ["a"]);
    let sent = 0;
    const sending = (async () => {
      for (let k = 0; k < 12; k++) {
        // What was asked a moment ago about subscribers may be old.
        await new Promise((resolve) => setTimeout(resolve, 60));
        await send(bus, 0, `m${k}`);
        sent++;
      }
    })();
    await until(() => sent >= 3);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    ok(sent < 12, `${sent} were sent to nobody`);
    const all = Array.from({ length: 12 }, (_, k) => `m${k}`);
    deepStrictEqual(await take(bus, 12), all);
    await sending;
  });

  await t.step("the past is read again from a place or a time", async () => {
    await using bus = await make({ partitions: 2 });
    await send(bus, 0, "a");
    await send(bus, 1, "x");
    const [second] = await send(bus, 0, "b");
    await new Promise((resolve) => setTimeout(resolve, 20));
    const fromMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await send(bus, 1, "y");
    await send(bus, 0, "c", "d");
    const texts = async (from: { fromSequence?: number; fromMs?: number }) =>
      (await Array.fromAsync(bus.replay({ partition: 0, ...from }))).map(textOf);
    deepStrictEqual(await texts({}), ["a", "b", "c", "d"]);
    deepStrictEqual(await texts({ fromSequence: second! }), ["b", "c", "d"]);
    deepStrictEqual(await texts({ fromMs }), ["c", "d"]);
    deepStrictEqual(await texts({ fromMs: Date.now() + 60_000 }), []);
  });

  await t.step("a kept value replaces the one before", async () => {
    await using bus = await make({ partitions: 1 });
    const { signal } = new AbortController();
    strictEqual(await bus.kept("heads.0", signal), null);
    for (const text of ["old", "new"]) await bus.keep("heads.0", encoder.encode(text), signal);
    strictEqual(decoder.decode((await bus.kept("heads.0", signal))!), "new");
  });

  await t.step("of several who amend a kept value at once, none is lost", async () => {
    await using bus = await make({ partitions: 1 });
    const { signal } = new AbortController();
    const add = (text: string) =>
      bus.amend("words", (kept) => {
        const words = kept === null ? [] : decoder.decode(kept).split(" ");
        return words.includes(text) ? null : encoder.encode([...words, text].join(" "));
      }, signal);
    const words = ["a", "b", "c", "d", "e", "f"];
    await Promise.all(words.flatMap((word) => [add(word), add(word)]));
    deepStrictEqual(decoder.decode((await bus.kept("words", signal))!).split(" ").sort(), words);
  });

  await t.step("what is no batch goes aside, the rest goes on", async () => {
    await using bus = await make({ partitions: 1 });
    const stop = new AbortController();
    const { signal } = stop;
    const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 1, signal });
    await publisher.publish([{ kind: "clock", skewMs: 1, roundTripMs: 2 }]);
    await publisher.flush();
    const [sequence] = await send(bus, 0, "garbage");
    await publisher.publish([{ kind: "clock", skewMs: 3, roundTripMs: 4 }]);
    await publisher.flush();
    const problems: string[] = [];
    const skews: number[] = [];
    const options = { name: "reader", partition: 0, signal };
    for await (
      const { batch, delivery } of readEvents(bus, {
        ...options,
        onProblem: (p) => problems.push(p),
      })
    ) {
      for (const event of batch.events) if (event.kind === "clock") skews.push(event.skewMs);
      delivery.acknowledge();
      if (skews.length === 2) break;
    }
    deepStrictEqual(skews, [1, 3]);
    strictEqual(problems.length, 1);
    ok(/damaged/.test(problems[0]!), problems.join("; "));
    strictEqual(decoder.decode((await bus.kept(`aside.0.${sequence}`, signal))!), "garbage");
  });

  await t.step("it tells how far subscribers are behind", async () => {
    await using bus = await make({ partitions: 1 });
    await send(bus, 0, "a", "b", "c");
    await take(bus, 1);
    await until(async () => (await bus.health()).subscribers[0]?.behind === 2);
    const { isConnected, messages } = await bus.health();
    deepStrictEqual([isConnected, messages], [true, 3]);
  });
}
