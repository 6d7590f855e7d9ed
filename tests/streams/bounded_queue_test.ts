import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { BoundedQueue } from "../../lib/streams/mod.ts";

Deno.test("BoundedQueue() refuses a capacity that is no whole number >= 1", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    throws(() => new BoundedQueue(capacity), RangeError);
  }
});

Deno.test("BoundedQueue.push() says when there is no room, and has room again after a read", () => {
  const queue = new BoundedQueue<number>(2);
  deepStrictEqual([1, 2, 3].map((item) => queue.push(item)), [true, true, false]);
  deepStrictEqual(queue.takeAll(), [1, 2]);
  strictEqual(queue.push(4), true);
  strictEqual(queue.size, 1);
});

Deno.test("BoundedQueue.pushAlways() passes the capacity but not the close", () => {
  const queue = new BoundedQueue<number>(1);
  deepStrictEqual([queue.pushAlways(1), queue.pushAlways(2)], [true, true]);
  queue.close();
  strictEqual(queue.pushAlways(3), false);
  deepStrictEqual(queue.takeAll(), [1, 2]);
});

Deno.test("BoundedQueue.close() ends a pending read and may be called twice", async () => {
  const queue = new BoundedQueue<number>(1);
  const read = queue[Symbol.asyncIterator]().next();
  queue.close();
  queue.close();
  deepStrictEqual(await read, { done: true, value: undefined });
});

Deno.test("BoundedQueue.fail() delivers what waits, then throws", async () => {
  const queue = new BoundedQueue<number>(1);
  queue.push(1);
  queue.fail(new Error("lost"));
  const reader = queue[Symbol.asyncIterator]();
  deepStrictEqual(await reader.next(), { done: false, value: [1] });
  await rejects(reader.next(), /lost/);
});

Deno.test("BoundedQueue takes items together that come in one go, and waits for no more", async () => {
  const queue = new BoundedQueue<number>(1_000);
  const reader = queue[Symbol.asyncIterator]();
  const read = reader.next();
  const comesInOneGo = async () => {
    for (let k = 0; k < 12; k++) {
      queue.push(k);
      await null;
    }
  };
  await comesInOneGo();
  deepStrictEqual((await read).value, Array.from({ length: 12 }, (_, k) => k));
  queue.push(12);
  deepStrictEqual(await reader.next(), { done: false, value: [12] });
  await reader.return(undefined);
});

Deno.test("BoundedQueue has room again before it is full, however much comes in one go", async () => {
  const queue = new BoundedQueue<number>(8);
  const taken: number[] = [];
  const reading = (async () => {
    for await (const batch of queue) taken.push(...batch);
  })();
  for (let k = 0; k < 500; k++) {
    strictEqual(queue.push(k), true, `no room for ${k}`);
    await null;
  }
  queue.close();
  await reading;
  strictEqual(taken.length, 500);
});

Deno.test("BoundedQueue leaves a loop that breaks with the queue closed", async () => {
  const queue = new BoundedQueue<number>(4);
  queue.push(1);
  for await (const batch of queue) {
    deepStrictEqual(batch, [1]);
    break;
  }
  strictEqual(queue.closed, true);
  strictEqual(queue.push(2), false);
});

Deno.test("BoundedQueue delivers every accepted item once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer(), { maxLength: 6 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      async (bursts, capacity) => {
        const queue = new BoundedQueue<number>(capacity);
        const accepted: number[] = [];
        const writer = (async () => {
          for (const burst of bursts) {
            for (const item of burst) if (queue.push(item)) accepted.push(item);
            await Promise.resolve();
          }
          queue.close();
        })();
        const read = (await Array.fromAsync(queue)).flat();
        await writer;
        deepStrictEqual(read, accepted);
      },
    ),
  );
});
