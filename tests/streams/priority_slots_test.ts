import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { PrioritySlots } from "../../lib/streams/mod.ts";

Deno.test("PrioritySlots() refuses a count that is no whole number >= 1", () => {
  for (const count of [0, -1, 1.5, NaN]) throws(() => new PrioritySlots(count), RangeError);
});

Deno.test("PrioritySlots.run() never runs more than its slots and starts waiters by rank", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (ranks, count) => {
        const slots = new PrioritySlots(count);
        const { signal } = new AbortController();
        const started: number[] = [];
        let running = 0;
        await Promise.all(ranks.map((rank) =>
          slots.run(rank, signal, async () => {
            started.push(rank);
            ok(++running <= count);
            await Promise.resolve();
            running--;
          })
        ));
        const atOnce = ranks.slice(0, count);
        const waited = ranks.slice(count).sort((a, b) => a - b);
        deepStrictEqual(started, [...atOnce, ...waited]);
      },
    ),
  );
});

Deno.test("PrioritySlots.run() gives the slot back when a job fails or a waiter is aborted", async () => {
  const slots = new PrioritySlots(1);
  const { signal } = new AbortController();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = slots.run(0, signal, () => gate.then(() => Promise.reject(new Error("failed"))));
  const controller = new AbortController();
  const aborted = slots.run(1, controller.signal, () => Promise.resolve("never"));
  const last = slots.run(2, signal, () => Promise.resolve("ran"));
  controller.abort(new Error("enough"));
  await rejects(aborted, /enough/);
  open();
  await rejects(first, /failed/);
  strictEqual(await last, "ran");
});
