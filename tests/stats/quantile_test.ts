import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { median, medianAbsoluteDeviation, quantile } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const values = fc.array(
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(1, 2, 3)),
  { minLength: 1, maxLength: 50 },
);

Deno.test("quantile() lies on the sorted values, linearly between them", () => {
  const moderate = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(moderate, fc.double({ min: 0, max: 1, noNaN: true }), (list, p) => {
    const sorted = list.toSorted((a, b) => a - b);
    const position = (sorted.length - 1) * p;
    const low = sorted[Math.floor(position)]!;
    const high = sorted[Math.ceil(position)]!;
    close(quantile(list, p), low + (position % 1) * (high - low), 1e-12, 1e-6 * 1e-6);
  }));
});

Deno.test("quantile() at the ends is the smallest and the largest value", () => {
  fc.assert(fc.property(values, (list) => {
    // Adding 0 makes one of both zeros, of which neither is the smaller.
    strictEqual(quantile(list, 0)! + 0, list.reduce((a, b) => b < a ? b : a) + 0);
    strictEqual(quantile(list, 1)! + 0, list.reduce((a, b) => b > a ? b : a) + 0);
  }));
});

Deno.test("quantile(), median() and MAD leave their input as it is", () => {
  const list = [5, 3, NaN, 1];
  quantile(list, 0.5);
  median(list);
  medianAbsoluteDeviation(list);
  deepStrictEqual(list, [5, 3, NaN, 1]);
});

Deno.test("quantile(), median() and MAD are absent without a value", () => {
  for (const empty of [[], [NaN, NaN]]) {
    deepStrictEqual([quantile(empty, 0.5), median(empty), medianAbsoluteDeviation(empty)], [
      null,
      null,
      null,
    ]);
  }
  strictEqual(medianAbsoluteDeviation([7, 7, 7]), 0);
});

Deno.test("medianAbsoluteDeviation() estimates the deviation of a normal sample", () => {
  const next = normal(9);
  const sample = Array.from({ length: 20_000 }, () => 118_000 + 0.01 * next());
  close(medianAbsoluteDeviation(sample), 0.01, 0.03);
});

Deno.test("quantile() refuses a probability outside [0, 1]", () => {
  for (const bad of [-0.1, 1.1, NaN]) throws(() => quantile([1], bad), RangeError);
});
