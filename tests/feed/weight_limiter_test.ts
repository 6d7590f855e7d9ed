import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { WeightLimiter } from "../../lib/feed/mod.ts";

Deno.test("WeightLimiter.charge() lets the budget pass and then says how long the minute lasts", () => {
  const limiter = new WeightLimiter(100);
  strictEqual(limiter.charge(60, 60_000), 0);
  strictEqual(limiter.charge(40, 61_000), 0);
  strictEqual(limiter.charge(1, 61_000), 59_000);
  strictEqual(limiter.charge(1, 120_000), 0);
});

Deno.test("WeightLimiter.charge() gives a request beyond the budget a minute of its own", () => {
  const limiter = new WeightLimiter(10);
  strictEqual(limiter.charge(20, 0), 0);
  strictEqual(limiter.charge(1, 30_000), 30_000);
});

Deno.test("WeightLimiter.observe() believes a higher count, within its own minute only", () => {
  const limiter = new WeightLimiter(100);
  limiter.charge(20, 1_000);
  limiter.observe(95, 1_000, 2_000);
  strictEqual(limiter.charge(20, 2_000), 58_000);
  strictEqual(limiter.charge(5, 2_000), 0);
  limiter.observe(10, 2_000, 3_000);
  strictEqual(limiter.charge(1, 3_000), 57_000);
  limiter.observe(99, 3_000, 61_000);
  strictEqual(limiter.charge(100, 61_000), 0);
});

Deno.test("WeightLimiter.pause() holds everything back, over the end of the minute", () => {
  const limiter = new WeightLimiter(100);
  limiter.pause(70_000);
  limiter.pause(65_000);
  strictEqual(limiter.charge(1, 1_000), 69_000);
  strictEqual(limiter.charge(1, 69_999), 1);
  strictEqual(limiter.charge(1, 70_000), 0);
});

Deno.test("WeightLimiter never lets more than its budget pass in one minute of UTC", () => {
  const request = fc.record({ weight: fc.integer({ min: 1, max: 40 }), gapMs: fc.nat(9_000) });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 200 }), (requests) => {
      const limiter = new WeightLimiter(100);
      const used = new Map<number, number>();
      let nowMs = 59_000;
      for (const { weight, gapMs } of requests) {
        nowMs += gapMs;
        const waitMs = limiter.charge(weight, nowMs);
        const minute = Math.floor(nowMs / 60_000);
        if (waitMs > 0) {
          strictEqual((nowMs + waitMs) % 60_000, 0);
          continue;
        }
        used.set(minute, (used.get(minute) ?? 0) + weight);
        ok(used.get(minute)! <= 100);
      }
    }),
  );
});

Deno.test("WeightLimiter.acquire() waits for its turn and gives up with its signal", async () => {
  const limiter = new WeightLimiter(10);
  let nowMs = 59_980;
  const now = () => nowMs;
  await limiter.acquire(10, now);
  const waiting = limiter.acquire(10, () => (nowMs += 20));
  await waiting;
  deepStrictEqual(nowMs >= 60_000, true);
  const controller = new AbortController();
  const aborted = limiter.acquire(10, now, controller.signal);
  controller.abort(new Error("enough"));
  await rejects(aborted, /enough/);
});
