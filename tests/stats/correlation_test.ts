import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  fisherInterval,
  kendall,
  pearson,
  rollingCorrelation,
  rollingSpearman,
  spearman,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function related(seed: number, count: number): { y: number[]; x: number[] } {
  const next = normal(seed);
  const x = Array.from({ length: count }, next);
  return { x, y: x.map((value) => value + next()) };
}

const measures = { pearson, spearman, kendall };

Deno.test("pearson(), spearman() and kendall() are symmetric and lie in [-1, 1]", () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 3, max: 50 }), (seed, count) => {
    const { y, x } = related(seed, count);
    for (const measure of Object.values(measures)) {
      const r = measure(y, x).coefficient!;
      ok(Math.abs(r) <= 1);
      close(measure(x, y).coefficient, r, 1e-12, 1e-15);
      close(measure(y.map((v) => -v), x).coefficient, -r, 1e-12, 1e-15);
    }
  }));
});

Deno.test("spearman() and kendall() see only the order", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const { y, x } = related(seed, 30);
    const bent = y.map((value) => Math.exp(value));
    strictEqual(spearman(bent, x).coefficient, spearman(y, x).coefficient);
    strictEqual(kendall(bent, x).coefficient, kendall(y, x).coefficient);
  }));
});

Deno.test("kendall() agrees with counting all pairs, ties and all", () => {
  const value = fc.integer({ min: 0, max: 5 });
  fc.assert(fc.property(fc.array(fc.tuple(value, value), { minLength: 2 }), (rows) => {
    const result = kendall(rows.map(([y]) => y), rows.map(([, x]) => x));
    let balance = 0;
    let apartY = 0;
    let apartX = 0;
    rows.forEach(([y, x], i) => {
      for (const [z, w] of rows.slice(0, i)) {
        balance += Math.sign(y - z) * Math.sign(x - w);
        apartY += Number(y !== z);
        apartX += Number(x !== w);
      }
    });
    if (apartY === 0 || apartX === 0) return strictEqual(result.coefficient, null);
    close(result.coefficient, balance / Math.sqrt(apartY * apartX), 1e-12, 1e-15);
  }));
});

Deno.test("kendall() of few rows has the exact p-value", () => {
  close(kendall([1, 2, 3, 4], [1, 2, 3, 4]).pValue, 2 / 24);
  close(kendall([1, 2, 4, 3], [1, 2, 3, 4]).pValue, 2 * 4 / 24);
  strictEqual(kendall([1, 3, 2, 4, 2.5], [2, 4, 1, 3, 5]).nobs, 5);
});

Deno.test("pearson() of a perfect relation is certain", () => {
  const x = [1, 2, 3, 4];
  close(pearson(x.map((v) => 3 - 2 * v), x).coefficient, -1, 1e-15);
  ok(pearson(x.map((v) => 3 - 2 * v), x).pValue! < 1e-12);
  strictEqual(pearson([1, 2], [3, 5]).pValue, null);
});

Deno.test("pearson(), spearman() and kendall() are absent where they are not defined", () => {
  for (const measure of Object.values(measures)) {
    deepStrictEqual(
      [measure([], []).coefficient, measure([], []).reason],
      [null, "too few observations: 0 of 2"],
    );
    strictEqual(measure([1, 2, 3], [3.3, 3.3, 3.3]).reason, "a series does not vary");
    strictEqual(measure([1, NaN, 3, 4], [1, 2, NaN, 5]).nobs, 2);
    throws(() => measure([1, 2], [1]), RangeError);
  }
});

Deno.test("fisherInterval() holds the coefficient and narrows with rows", () => {
  const [low, high] = fisherInterval(0.5, 30)!;
  ok(low < 0.5 && 0.5 < high);
  const [lower, higher] = fisherInterval(0.5, 300)!;
  ok(higher - lower < high - low);
  strictEqual(fisherInterval(0.5, 3), null);
  deepStrictEqual(fisherInterval(1, 10), [1, 1]);
  for (const r of [NaN, 1.1]) throws(() => fisherInterval(r, 10), RangeError);
  for (const c of [0, 1, NaN]) throws(() => fisherInterval(0, 10, c), RangeError);
});

Deno.test("rollingCorrelation() and rollingSpearman() are the correlations of their windows", () => {
  const { y, x } = related(5, 60);
  const gaps = y.map((value, t) => t % 7 === 3 ? NaN : value);
  const options = { window: 12, minCount: 8 };
  const { correlation, covariance } = rollingCorrelation(gaps, x, options);
  const ranked = rollingSpearman(gaps, x, options);
  y.forEach((_, t) => {
    const from = Math.max(0, t - 11);
    const window = [gaps.slice(from, t + 1), x.slice(from, t + 1)] as const;
    const whole = pearson(...window);
    if (whole.nobs < 8) return deepStrictEqual([correlation[t], ranked[t]], [null, null]);
    close(correlation[t], whole.coefficient!, 1e-12);
    close(covariance[t], whole.covariance!, 1e-12);
    close(ranked[t], spearman(...window).coefficient!, 1e-12);
  });
  throws(() => rollingCorrelation([1], [], { window: 2 }), RangeError);
  throws(() => rollingSpearman([1], [], { window: 2 }), RangeError);
});
