import { ok, strictEqual } from "node:assert/strict";
import { ReplayClock } from "../../lib/exchange/replay_clock.ts";

const FIRST = 1_721_347_022_000;

/** Local time, `ms` after the start of the capture. */
function local(ms: number): string {
  return `${1_721_347_020_500 + ms}000000`;
}

Deno.test("ReplayClock.nowMs() stands at the first exchange time before the start", () => {
  const clock = new ReplayClock(FIRST, 1);
  strictEqual(clock.nowMs(0), FIRST);
  strictEqual(clock.nowMs(5_000), FIRST);
});

Deno.test("ReplayClock.waitMs() paces frames by local time and speed", () => {
  const clock = new ReplayClock(FIRST, 10);
  strictEqual(clock.waitMs(local(0), FIRST, 100), 0);
  clock.sent(local(0), FIRST);
  strictEqual(clock.waitMs(local(500), FIRST + 500, 100), 50);
  strictEqual(clock.waitMs(local(500), FIRST + 500, 160), -10);
});

Deno.test("ReplayClock.nowMs() moves between frames, never past the next one", () => {
  const clock = new ReplayClock(FIRST, 2);
  clock.waitMs(local(0), FIRST, 0);
  clock.sent(local(0), FIRST);
  clock.waitMs(local(1_000), FIRST + 900, 0);
  strictEqual(clock.nowMs(0), FIRST);
  strictEqual(clock.nowMs(100), FIRST + 200);
  strictEqual(clock.nowMs(480), FIRST + 900);
  clock.sent(local(1_000), FIRST + 900);
  strictEqual(clock.nowMs(500), FIRST + 900);
});

Deno.test("ReplayClock.nowMs() never goes back when frames are out of order", () => {
  const clock = new ReplayClock(FIRST, 1);
  clock.waitMs(local(0), FIRST, 0);
  clock.sent(local(0), FIRST);
  clock.waitMs(local(10), FIRST - 20, 0);
  strictEqual(clock.nowMs(5), FIRST);
  clock.sent(local(10), FIRST - 20);
  strictEqual(clock.nowMs(10), FIRST);
});

Deno.test("ReplayClock.nowMs() runs on at real speed after the end", () => {
  const clock = new ReplayClock(FIRST, Infinity);
  ok(!clock.isPaced);
  clock.sent(local(0), FIRST + 7);
  clock.end(1_000);
  strictEqual(clock.nowMs(1_000), FIRST + 7);
  strictEqual(clock.nowMs(3_500), FIRST + 2_507);
});
