import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { WeightMeter } from "../../lib/exchange/weight_meter.ts";

const MINUTE = 60_000;

Deno.test("WeightMeter.charge() counts a UTC minute and begins anew with the next", () => {
  const meter = new WeightMeter();
  strictEqual(meter.charge(20, MINUTE + 59_999).used, 20);
  strictEqual(meter.charge(5, MINUTE + 59_999).used, 25);
  strictEqual(meter.charge(1, 2 * MINUTE).used, 1);
});

Deno.test("WeightMeter.charge() refuses past 2400 until the minute is over, and counts refusals", () => {
  const meter = new WeightMeter();
  for (let i = 0; i < 120; i++) strictEqual(meter.charge(20, MINUTE).status, 200);
  deepStrictEqual(meter.charge(20, MINUTE + 15_000), {
    used: 2_420,
    status: 429,
    retryAtMs: 2 * MINUTE,
  });
  deepStrictEqual(meter.charge(20, 2 * MINUTE), { used: 20, status: 200, retryAtMs: 2 * MINUTE });
});

Deno.test("WeightMeter.charge() bans who goes on, beyond the minute", () => {
  const meter = new WeightMeter();
  const statuses = Array.from({ length: 30 }, () => meter.charge(2_401, MINUTE).status);
  deepStrictEqual(statuses, [...Array(20).fill(429), ...Array(10).fill(418)]);
  deepStrictEqual(meter.charge(1, 2 * MINUTE), { used: 1, status: 418, retryAtMs: 3 * MINUTE });
  strictEqual(meter.charge(1, 3 * MINUTE).status, 200);
});
