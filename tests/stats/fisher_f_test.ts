import { strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { fisherFCdf, fisherFP, studentTTwoSidedP } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

// mpmath 1.3.0, 60 digits: betainc(df2/2, df1/2, 0, df2/(df2+df1 f), regularized)
const UPPER = [
  [300, 2, 1000, 8.709809816217217e-103],
  [3, 2, 40, 0.06110027894055309],
  [80, 10, 100, 3.868690156170529e-43],
  [1.25, 3, 1000, 0.29036573861612036],
  [0.5, 5, 7, 0.7685843297279157],
] as const;

Deno.test("fisherFP() and fisherFCdf() agree with 60-digit arithmetic", () => {
  for (const [f, df1, df2, p] of UPPER) {
    close(fisherFP(f, df1, df2), p, 1e-12);
    close(fisherFCdf(f, df1, df2), 1 - p, 1e-12);
  }
});

Deno.test("fisherFP() with one degree of freedom is the two-sided p of t", () => {
  const t = fc.double({ min: 1e-3, max: 40, noNaN: true });
  fc.assert(fc.property(t, fc.integer({ min: 1, max: 3_000 }), (t, df) => {
    close(fisherFP(t * t, 1, df), studentTTwoSidedP(t, df), 1e-11);
  }));
});

Deno.test("fisherFP() answers at the ends and refuses what is not defined", () => {
  strictEqual(fisherFP(0, 2, 3), 1);
  strictEqual(fisherFP(-1, 2, 3), 1);
  strictEqual(fisherFP(Infinity, 2, 3), 0);
  strictEqual(fisherFCdf(Infinity, 2, 3), 1);
  throws(() => fisherFP(NaN, 2, 3), RangeError);
  throws(() => fisherFP(1, 0, 3), RangeError);
  throws(() => fisherFCdf(1, 2, NaN), RangeError);
});
