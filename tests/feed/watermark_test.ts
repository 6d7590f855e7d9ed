import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { Watermark } from "../../lib/feed/mod.ts";

Deno.test("Watermark.advance() tells nothing before the first time and steps of 100 ms after it", () => {
  const watermark = new Watermark(500);
  strictEqual(watermark.advance(), null);
  const told = [1_000, 1_050, 1_099, 1_100, 1_150, 1_300].map((timeMs) => {
    watermark.see(timeMs);
    return watermark.advance();
  });
  deepStrictEqual(told, [500, null, null, 600, null, 800]);
});

Deno.test("Watermark.see() passes over a single time far ahead, and believes it when confirmed", () => {
  const watermark = new Watermark(0);
  for (const timeMs of [1_000, 9_000_000, 2_000, 8_000_000, 3_000]) watermark.see(timeMs);
  strictEqual(watermark.newestMs, 3_000);
  for (const timeMs of [100_000, 100_500]) watermark.see(timeMs);
  strictEqual(watermark.newestMs, 100_000);
  for (const timeMs of [100_600, 300_000, 200_000, 400_000]) watermark.see(timeMs);
  strictEqual(watermark.newestMs, 200_000);
});

Deno.test("Watermark never goes back and never passes the newest time less the grace", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000)), fc.nat(1_000), (times, graceMs) => {
      const watermark = new Watermark(graceMs);
      let toldMs = -Infinity;
      let newestMs = -Infinity;
      for (const timeMs of times) {
        watermark.see(timeMs);
        newestMs = Math.max(newestMs, timeMs);
        const now = watermark.advance();
        if (now === null) continue;
        ok(now > toldMs && now <= newestMs - graceMs);
        toldMs = now;
      }
    }),
  );
});
