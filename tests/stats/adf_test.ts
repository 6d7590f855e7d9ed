import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { adf, defaultMaxLag, ols } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function walk(seed: number, count: number, keep = 1): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: count }, () => level = keep * level + next());
}

Deno.test("adf() without lags is the t-ratio of a plain regression", () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 20, max: 120 }), (seed, count) => {
    const x = walk(seed, count);
    const fit = ols(x.slice(1).map((value, t) => value - x[t]!), x.slice(0, -1));
    const test = adf(x, { lagChoice: "fixed", maxLag: 0 });
    close(test.statistic, fit.slopeStatistics!.t, 1e-9);
    strictEqual(test.nobs, count - 1);
  }));
});

Deno.test("adf() does not change with the unit or, with a constant, the level of a series", () => {
  const options = { lagChoice: "aic" } as const;
  fc.assert(fc.property(fc.nat(), fc.constantFrom(0.25, 8), (seed, k) => {
    const x = walk(seed, 100);
    const plain = adf(x, options);
    const scaled = adf(x.map((value) => k * value), options);
    const raised = adf(x.map((value) => 1_000 + value), options);
    close(scaled.statistic, plain.statistic!, 1e-12);
    close(raised.statistic, plain.statistic!, 1e-9);
    strictEqual(raised.lag, plain.lag);
  }));
});

Deno.test("adf() rejects what reverts and keeps what wanders", () => {
  ok(adf(walk(1, 500, 0.5)).pValue! < 1e-6);
  ok(adf(walk(2, 500)).pValue! > 0.1);
});

Deno.test("adf() rejects a random walk about as often as it should", () => {
  let rejections = 0;
  for (let seed = 0; seed < 400; seed++) {
    const options = { lagChoice: "fixed", maxLag: 1 } as const;
    if (adf(walk(seed, 200), options).pValue! < 0.05) rejections++;
  }
  ok(rejections > 8 && rejections < 34, `${rejections} of 400 at 5 %`);
});

Deno.test("adf() is absent, with a reason, where no test is possible", () => {
  const cases: [ArrayLike<number>, Parameters<typeof adf>[1], RegExp][] = [
    [[], {}, /too few values: 0 of 6/],
    [[1, 2, 3, 5, 4], {}, /too few values: 5 of 6/],
    [new Array(60).fill(3.3), {}, /constant/],
    [[...walk(1, 30), NaN, ...walk(2, 30)], {}, /1 of 61 values are missing/],
    [[...walk(1, 30), Infinity], {}, /missing/],
    [
      Array.from({ length: 60 }, (_, t) => 5 + 0.1 * t),
      { maxLag: 1, lagChoice: "fixed" },
      /collinear/,
    ],
    [
      Array.from({ length: 60 }, (_, t) => 118_000 + 0.01 * t),
      { maxLag: 1, lagChoice: "fixed" },
      /./,
    ],
    [Array.from({ length: 60 }, (_, t) => 5 + 0.1 * t), {}, /./],
    [walk(1, 6), { maxLag: 4 }, /allow 0 lags, not 4/],
  ];
  for (const [series, options, reason] of cases) {
    const test = adf(series, options);
    deepStrictEqual([test.statistic, test.pValue, test.lag], [null, null, null]);
    ok(reason.test(test.reason!), test.reason!);
  }
});

Deno.test("adf() always leaves 3 degrees of freedom", () => {
  for (const trend of ["n", "c", "ct", "ctt"] as const) {
    for (let count = 8; count < 40; count++) {
      const most = defaultMaxLag(count, trend);
      const terms = { n: 0, c: 1, ct: 2, ctt: 3 }[trend];
      ok(count - 1 - most - (most + 1 + terms) >= 3);
      const test = adf(walk(count, count), { trend });
      ok(test.statistic !== null && test.lag! <= most);
    }
  }
});

Deno.test("adf() refuses a maxLag that is not a whole number", () => {
  for (const maxLag of [-1, 0.5, NaN]) throws(() => adf([1, 2, 3], { maxLag }), RangeError);
  throws(() => adf([1, 2, 3], { lagChoice: "fixed" }), RangeError);
});
