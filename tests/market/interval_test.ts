import { strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { formatInterval, openTimeOf, parseInterval } from "../../lib/market/mod.ts";

Deno.test.each(["", "0s", "1", "s", "-1s", "1.5m", "1M", "01s", "1 s", "9999999s"])(
  "parseInterval() refuses %j",
  (text) => {
    throws(() => parseInterval(text), RangeError);
  },
);

Deno.test.each([0, -1_000, 1_500, NaN, Infinity])("formatInterval() refuses %d", (ms) => {
  throws(() => formatInterval(ms), RangeError);
});

Deno.test("parseInterval() reads what formatInterval() writes", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), (seconds) => {
    strictEqual(parseInterval(formatInterval(seconds * 1_000)), seconds * 1_000);
  }));
  strictEqual(formatInterval(parseInterval("60s")), "1m");
  strictEqual(formatInterval(parseInterval("36h")), "36h");
});

Deno.test("openTimeOf() gives the interval that holds a time, also before the epoch", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e12, max: 2e12 }),
      fc.constantFrom(1_000, 60_000, 300_000, 86_400_000),
      (timeMs, intervalMs) => {
        const openTimeMs = openTimeOf(timeMs, intervalMs);
        strictEqual(openTimeMs % intervalMs === 0, true);
        strictEqual(openTimeMs <= timeMs && timeMs < openTimeMs + intervalMs, true);
      },
    ),
  );
});
