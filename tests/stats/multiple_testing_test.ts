import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { type Correction, correctPValues } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { uniform } from "../support/random.ts";

const METHODS: readonly Correction[] = [
  "bonferroni",
  "holm",
  "benjamini-hochberg",
  "benjamini-yekutieli",
];
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1e-3, noNaN: true }),
  fc.constantFrom(0, 0.01, 0.05, 1),
);
const pValues = fc.array(probability, { maxLength: 30 });
const method = fc.constantFrom(...METHODS);
const options = (method: Correction, alpha = 0.05) => ({ method, alpha });

/** Each corrected p-value by its definition, over all tests. */
function defined(p: readonly number[], method: Correction, i: number): number {
  const m = p.length;
  const sorted = p.toSorted((a, b) => a - b);
  const harmonic = sorted.reduce((sum, _, k) => sum + 1 / (k + 1), 0);
  const smallest = (factor: number) =>
    Math.min(1, ...sorted.flatMap((q, k) => q >= p[i]! ? [q * m * factor / (k + 1)] : []));
  switch (method) {
    case "bonferroni":
      return Math.min(1, m * p[i]!);
    case "holm":
      return Math.min(1, Math.max(...sorted.flatMap((q, k) => q <= p[i]! ? [(m - k) * q] : [])));
    case "benjamini-hochberg":
      return smallest(1);
    case "benjamini-yekutieli":
      return smallest(harmonic);
  }
}

Deno.test("correctPValues() equals the definition of every method", () => {
  fc.assert(fc.property(pValues, method, (list, method) => {
    correctPValues(list, options(method)).adjusted.forEach((value, i) =>
      close(value, defined(list, method, i), 1e-12, 1e-300)
    );
  }));
});

Deno.test("correctPValues() keeps the order of the p-values and raises each", () => {
  fc.assert(fc.property(pValues, method, (list, method) => {
    const { adjusted } = correctPValues(list, options(method));
    const places = list.map((_, i) => i).sort((a, b) => list[a]! - list[b]!);
    places.forEach((place, k) => {
      ok(adjusted[place]! >= list[place]! * (1 - 1e-15) - 1e-300 && adjusted[place]! <= 1);
      if (k > 0) ok(adjusted[place]! >= adjusted[places[k - 1]!]!);
    });
  }));
});

Deno.test("correctPValues() does not depend on the order of the tests", () => {
  fc.assert(fc.property(pValues, method, (list, method) => {
    const there = correctPValues(list, options(method));
    const back = correctPValues(list.toReversed(), options(method));
    deepStrictEqual(back.adjusted.toReversed(), there.adjusted);
    strictEqual(back.discoveries, there.discoveries);
  }));
});

Deno.test("correctPValues() discovers exactly the corrected p-values up to alpha", () => {
  fc.assert(fc.property(pValues, method, (list, method) => {
    const { adjusted, rejected, discoveries } = correctPValues(list, options(method, 0.049));
    strictEqual(rejected.filter(Boolean).length, discoveries);
    adjusted.forEach((value, i) => {
      if (Math.abs(value! - 0.049) > 1e-12) strictEqual(rejected[i], value! <= 0.049);
    });
  }));
});

Deno.test("correctPValues() is the stricter the weaker its assumptions", () => {
  fc.assert(fc.property(pValues, (list) => {
    const of = (method: Correction) => correctPValues(list, options(method)).discoveries;
    ok(of("bonferroni") <= of("holm"));
    ok(of("holm") <= of("benjamini-hochberg"));
    ok(of("benjamini-yekutieli") <= of("benjamini-hochberg"));
  }));
});

Deno.test("correctPValues() leaves tests that were not available out of their number", () => {
  fc.assert(fc.property(pValues, method, (list, method) => {
    const { adjusted, tests } = correctPValues([NaN, ...list, NaN], options(method));
    deepStrictEqual(adjusted, [null, ...correctPValues(list, options(method)).adjusted, null]);
    strictEqual(tests, list.length);
  }));
});

Deno.test("correctPValues() of nothing is nothing", () => {
  for (const method of METHODS) {
    const { adjusted, discoveries } = correctPValues([], options(method));
    deepStrictEqual([adjusted, discoveries], [[], 0]);
  }
});

Deno.test("correctPValues() finds nothing in 4,950 tests of nothing, where 5 % of them look right", () => {
  const next = uniform(1);
  const list = Array.from({ length: 4_950 }, () => next());
  ok(list.filter((p) => p < 0.05).length > 200);
  for (const method of METHODS) strictEqual(correctPValues(list, options(method)).discoveries, 0);
});

Deno.test("correctPValues() refuses what is no probability", () => {
  for (const bad of [-0.1, 1.1, Infinity]) {
    throws(() => correctPValues([0.5, bad], options("holm")), RangeError);
  }
  for (const alpha of [0, 1, NaN]) {
    throws(() => correctPValues([0.5], options("holm", alpha)), RangeError);
  }
});
