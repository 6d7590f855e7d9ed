import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Pacer } from "../../lib/streams/mod.ts";

Deno.test("Pacer.reserve() keeps turns apart, and does not save up turns not taken", () => {
  let nowMs = 0;
  const pacer = new Pacer(100, () => nowMs);
  deepStrictEqual([pacer.reserve(), pacer.reserve()], [0, 100]);
  nowMs = 1_000;
  deepStrictEqual([pacer.reserve(), pacer.reserve(), pacer.reserve()], [0, 100, 200]);
});

Deno.test("Pacer.turn() waits for its turn, and not after an abort", async () => {
  const pacer = new Pacer(20, () => performance.now());
  const { signal } = new AbortController();
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((n) => pacer.turn(signal).then(() => order.push(n))));
  deepStrictEqual(order, [1, 2, 3]);
  const controller = new AbortController();
  const far = new Pacer(60_000, () => 0);
  strictEqual(far.reserve(), 0);
  const waiting = far.turn(controller.signal);
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  await rejects(far.turn(controller.signal), /enough/);
});
