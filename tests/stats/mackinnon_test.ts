import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { mackinnonCritical, mackinnonP } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

Deno.test("mackinnonP() at the asymptotic critical values is the nominal level", () => {
  for (const trend of ["c", "ct", "ctt"] as const) {
    for (const series of [1, 2, 3, 4, 5, 6]) {
      const [one, five, ten] = mackinnonCritical(trend, series)!;
      close(mackinnonP(one, trend, series), 0.01, 0.2);
      close(mackinnonP(five, trend, series), 0.05, 0.1);
      close(mackinnonP(ten, trend, series), 0.1, 0.1);
    }
  }
});

Deno.test("mackinnonP() never decreases with tau below and above the switch", () => {
  const below = fc.double({ min: -18.86, max: -2.62, noNaN: true });
  const above = fc.double({ min: -2.61, max: 0.9, noNaN: true });
  for (const range of [below, above]) {
    fc.assert(fc.property(range, range, (a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return mackinnonP(low, "c", 2) <= mackinnonP(high, "c", 2) * (1 + 1e-12);
    }));
  }
});

Deno.test("mackinnonP() is exactly 0 and 1 outside the table", () => {
  strictEqual(mackinnonP(-18.87, "c", 2), 0);
  ok(mackinnonP(-18.86, "c", 2) > 0);
  strictEqual(mackinnonP(0.93, "c", 2), 1);
  strictEqual(mackinnonP(-Infinity, "c", 2), 0);
  ok(mackinnonP(100, "n", 1) > 0.99);
});

Deno.test("mackinnonCritical() of few observations is stricter", () => {
  const [, few] = mackinnonCritical("c", 2, 50)!;
  const [, many] = mackinnonCritical("c", 2, 5_000)!;
  ok(few < many);
  strictEqual(mackinnonCritical("n", 2), null);
});

Deno.test("mackinnonP() and mackinnonCritical() refuse what is not tabulated", () => {
  for (const series of [0, 7, 1.5, NaN]) throws(() => mackinnonP(-3, "c", series), RangeError);
  throws(() => mackinnonP(NaN), RangeError);
  throws(() => mackinnonCritical("c", 13), RangeError);
  for (const nobs of [0, -1, NaN]) throws(() => mackinnonCritical("c", 1, nobs), RangeError);
});
