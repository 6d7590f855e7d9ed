import { strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  normalCdf,
  studentTCdf,
  studentTQuantile,
  studentTTwoSidedP,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

// mpmath 1.3.0, 60 digits: betainc(df/2, 1/2, 0, df/(df+t^2), regularized) / 2
const CDF = [
  [-71, 498, 5.863343922527327e-263],
  [-8, 1440, 1.268261295526433e-15],
  [-6, 23, 2.0284331069062193e-06],
  [-40, 3, 1.7190340394579263e-05],
  [-3, 2.5, 0.03628804777451592],
  [-0.25, 7, 0.4048827929239259],
  [-1.5, 100000, 0.0668087797614153],
] as const;

Deno.test("studentTCdf() agrees with 60-digit arithmetic, also far in the tail", () => {
  for (const [t, df, p] of CDF) {
    close(studentTCdf(t, df), p, 1e-12);
    close(studentTCdf(-t, df), 1 - p, 1e-12);
    close(studentTTwoSidedP(-t, df), 2 * p, 1e-12);
  }
});

Deno.test("studentTCdf() is 1/2 at 0, 0 and 1 at infinity", () => {
  strictEqual(studentTCdf(0, 5), 0.5);
  strictEqual(studentTCdf(-Infinity, 5), 0);
  strictEqual(studentTCdf(Infinity, 5), 1);
});

Deno.test("studentTCdf() approaches the normal distribution", () => {
  // first term of the expansion in 1 / df: t (t^2 + 1) phi(t) / (4 df)
  const term = 10 * Math.exp(-2) / Math.sqrt(2 * Math.PI) / 4e6;
  close(studentTCdf(-2, 1e6), normalCdf(-2) + term, 1e-10);
});

Deno.test("studentTTwoSidedP() never increases with |t|", () => {
  const t = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(fc.property(t, t, fc.integer({ min: 1, max: 2_000 }), (a, b, df) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return studentTTwoSidedP(low, df) * (1 + 1e-12) >= studentTTwoSidedP(high, df);
  }));
});

Deno.test("studentTQuantile() inverts studentTCdf()", () => {
  const p = fc.double({ min: 1e-100, max: 0.5, noNaN: true });
  fc.assert(fc.property(p, fc.integer({ min: 1, max: 5_000 }), (p, df) => {
    close(studentTCdf(studentTQuantile(p, df), df), p, 1e-11);
  }));
  close(studentTQuantile(0.975, 498), 1.9647389829672888, 1e-13);
});

Deno.test("studentTCdf() and studentTQuantile() refuse what is not defined", () => {
  for (const df of [NaN, 0, -1]) {
    throws(() => studentTCdf(1, df), RangeError);
    throws(() => studentTQuantile(0.5, df), RangeError);
  }
  throws(() => studentTCdf(NaN, 5), RangeError);
  throws(() => studentTQuantile(1.5, 5), RangeError);
});
