import { ok, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { backoffDelaysMs } from "../../lib/streams/mod.ts";

Deno.test("backoffDelaysMs() stays within the doubling bound and the cap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 60 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (baseMs, factor, draws) => {
        const capMs = baseMs * factor;
        const random = () => draws.next().value!;
        const delays = backoffDelaysMs({ baseMs, capMs, random }).take(40).toArray();
        ok(delays.every((ms, n) => ms >= 0 && ms < Math.min(capMs, baseMs * 2 ** n)));
      },
    ),
  );
});

Deno.test("backoffDelaysMs() refuses a cap below the base and a base that is not positive", () => {
  for (const [baseMs, capMs] of [[0, 1], [-1, 1], [2, 1], [NaN, 1], [1, NaN]] as const) {
    throws(() => backoffDelaysMs({ baseMs, capMs, random: () => 0 }).next(), RangeError);
  }
});
