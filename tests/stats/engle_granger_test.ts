import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { adf, engleGranger, mackinnonP, ols } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function legs(seed: number, count: number): { y: number[]; x: number[] } {
  const next = normal(seed);
  let level = 5;
  let gap = 0;
  const x = Array.from({ length: count }, () => level += 0.01 * next());
  return { x, y: x.map((value) => 2 + 1.3 * value + (gap = 0.7 * gap + 0.01 * next())) };
}

Deno.test("engleGranger() is a regression, then a unit-root test of its residuals", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const { y, x } = legs(seed, 120);
    const test = engleGranger(y, x);
    const fit = ols(y, x);
    const residual = adf(fit.residuals, { trend: "n" });
    close(test.slopes![0], fit.slope!, 1e-9);
    close(test.intercept, fit.intercept!, 1e-9, 1e-9);
    close(test.statistic, residual.statistic!, 1e-8);
    strictEqual(test.lag, residual.lag);
    strictEqual(test.pValue, mackinnonP(test.statistic!, "c", 2));
  }));
});

Deno.test("engleGranger() does not change with the units of the legs", () => {
  fc.assert(fc.property(fc.nat(), fc.constantFrom(0.5, 16), (seed, k) => {
    const { y, x } = legs(seed, 120);
    const a = engleGranger(y, x);
    const b = engleGranger(y, x.map((value) => k * value));
    close(b.statistic, a.statistic!, 1e-9);
    close(b.slopes![0], a.slopes![0]! / k, 1e-9);
  }));
});

Deno.test("engleGranger() rejects unrelated walks about as often as it should", () => {
  let rejections = 0;
  const options = { lagChoice: "fixed", maxLag: 1 } as const;
  for (let seed = 0; seed < 400; seed++) {
    const test = engleGranger(legs(seed, 200).x, legs(seed + 1_000, 200).x, options);
    if (test.pValue! < 0.05) rejections++;
  }
  ok(rejections > 8 && rejections < 36, `${rejections} of 400 at 5 %`);
});

Deno.test("engleGranger() flags one instrument", () => {
  const { x } = legs(1, 100);
  for (const y of [x, x.map((value) => 3 + 2 * value)]) {
    const test = engleGranger(y, x);
    deepStrictEqual([test.statistic, test.pValue, test.collinear], [-Infinity, 0, true]);
  }
});

Deno.test("engleGranger() takes several regressors", () => {
  const { y, x } = legs(1, 150);
  const other = legs(2, 150).x;
  const test = engleGranger(y, [x, other]);
  strictEqual(test.slopes!.length, 2);
  strictEqual(test.pValue, mackinnonP(test.statistic!, "c", 3));
  close(test.slopes![0], 1.3, 0.2);
});

Deno.test("engleGranger() is absent, with a reason, where no test is possible", () => {
  const { y, x } = legs(1, 60);
  const flat = new Array(60).fill(3.3);
  const cases: [number[], number[] | number[][], RegExp][] = [
    [[], [], /too few observations/],
    [[1, 2], [2, 3], /too few observations/],
    [y, flat, /^x does not vary/],
    [flat, x, /^y does not vary/],
    [y.with(5, NaN), x, /1 of 60 values of y are missing/],
    [y, x.with(5, Infinity), /1 of 60 values of x are missing/],
    [y, [x, x.map((value) => 2 * value)], /collinear/],
  ];
  for (const [a, b, reason] of cases) {
    const test = engleGranger(a, b);
    deepStrictEqual([test.statistic, test.pValue, test.criticalValues], [null, null, null]);
    ok(reason.test(test.reason!), test.reason!);
  }
});

Deno.test("engleGranger() refuses unequal lengths, no and too many regressors", () => {
  throws(() => engleGranger([1, 2, 3], [1, 2]), RangeError);
  throws(() => engleGranger([1, 2, 3], new Array(6).fill([1, 2, 3])), RangeError);
});
