import { strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { normalCdf, normalQuantile, normalTwoSidedP } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

// mpmath 1.3.0, 60 digits: ncdf(z)
const CDF = [
  [-37, 5.725571222524577e-300],
  [-20.5, 1.0764673258790961e-93],
  [-10, 7.619853024160525e-24],
  [-5.5, 1.8989562465887718e-08],
  [-2.625, 0.004332448363012558],
  [-1, 0.15865525393145705],
  [-0.125, 0.4502617751698871],
  [0, 0.5],
  [1, 0.8413447460685429],
  [3, 0.9986501019683699],
] as const;

Deno.test("normalCdf() agrees with 60-digit arithmetic, also far in the tail", () => {
  for (const [z, p] of CDF) close(normalCdf(z), p, 5e-15);
});

Deno.test("normalCdf() answers 0 and 1 at infinity and refuses NaN", () => {
  strictEqual(normalCdf(-Infinity), 0);
  strictEqual(normalCdf(Infinity), 1);
  throws(() => normalCdf(NaN), RangeError);
});

Deno.test("normalCdf() never decreases", () => {
  const z = fc.double({ min: -40, max: 10, noNaN: true });
  fc.assert(fc.property(z, z, (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    return normalCdf(low) <= normalCdf(high) * (1 + 1e-14);
  }));
});

Deno.test("normalTwoSidedP() keeps relative accuracy", () => {
  close(normalTwoSidedP(10), 2 * 7.619853024160525e-24, 1e-14);
});

Deno.test("normalQuantile() inverts normalCdf()", () => {
  fc.assert(fc.property(fc.double({ min: -37, max: 0, noNaN: true }), (z) => {
    close(normalQuantile(normalCdf(z)), z, 1e-13, 1e-13);
  }));
});

Deno.test("normalQuantile() is symmetric and infinite at 0 and 1", () => {
  strictEqual(normalQuantile(0), -Infinity);
  strictEqual(normalQuantile(1), Infinity);
  close(normalQuantile(0.5), 0, 0, 1e-16);
  close(normalQuantile(0.975), 1.959963984540054, 1e-15);
  close(normalQuantile(0.025), -1.959963984540054, 1e-15);
  for (const p of [NaN, -0.1, 1.1, Infinity]) throws(() => normalQuantile(p), RangeError);
});
