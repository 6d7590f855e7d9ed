import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { ols } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** A noisy line; `level` shifts both series far from 0. */
function line(seed: number, count: number, level = 0): { y: number[]; x: number[] } {
  const next = normal(seed);
  const x = Array.from({ length: count }, () => level + next());
  return { x, y: x.map((value) => level + 1.5 * (value - level) + 0.3 * next()) };
}

Deno.test("ols() leaves residuals orthogonal to x and the constant", () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 3, max: 60 }), (seed, count) => {
    const { y, x } = line(seed, count);
    const { residuals } = ols(y, x);
    const sum = residuals.reduce((s, u) => s + u, 0);
    const product = residuals.reduce((s, u, t) => s + u * x[t]!, 0);
    close(sum, 0, 0, 1e-12 * count);
    close(product, 0, 0, 1e-12 * count);
  }));
});

Deno.test("ols() of x times k divides the slope by k and leaves everything else", () => {
  const factor = fc.constantFrom(0.5, 2, 1_024, -4);
  fc.assert(fc.property(fc.nat(), factor, fc.boolean(), (seed, k, intercept) => {
    const { y, x } = line(seed, 30);
    const a = ols(y, x, { intercept });
    const b = ols(y, x.map((value) => value * k), { intercept });
    strictEqual(b.slope, a.slope! / k);
    close(b.intercept, a.intercept!, 1e-12, 1e-13);
    close(b.rSquared, a.rSquared!, 1e-12);
    close(b.slopeStatistics!.t, a.slopeStatistics!.t * Math.sign(k), 1e-10);
  }));
});

Deno.test("ols() follows an affine change of y", () => {
  fc.assert(fc.property(fc.nat(), fc.double({ min: 0.5, max: 9, noNaN: true }), (seed, k) => {
    const { y, x } = line(seed, 30);
    const a = ols(y, x);
    const b = ols(y.map((value) => 7 + k * value), x);
    close(b.slope, k * a.slope!, 1e-10);
    close(b.intercept, 7 + k * a.intercept!, 1e-10, 1e-12);
    close(b.residualVariance, k * k * a.residualVariance!, 1e-9);
  }));
});

Deno.test("ols() keeps its digits at price level 118,000 with a spread of cents", () => {
  const next = normal(3);
  const x = Array.from({ length: 200 }, () => 118_000 + 0.01 * Math.round(4 * next()));
  const steps = x.map((value) => Math.round((value - 118_000) * 100));
  const noise = x.map(() => Math.round(2 * next()));
  const y = steps.map((step, t) => 3_400 + 0.01 * (2 * step + noise[t]!));
  const exact = ols(steps.map((step, t) => 2 * step + noise[t]!), steps);
  close(ols(y, x).slope, exact.slope!, 1e-9);
  close(ols(y, x).slopeStatistics!.error, exact.slopeStatistics!.error, 1e-8);
});

Deno.test("ols() without intercept goes through the origin", () => {
  const fit = ols([2, 4, 7], [1, 2, 3], { intercept: false });
  close(fit.slope, 31 / 14);
  strictEqual(fit.intercept, 0);
  strictEqual(fit.interceptStatistics, null);
  strictEqual(fit.rSquaredAbout, "zero");
  strictEqual(fit.degreesOfFreedom, 2);
});

Deno.test("ols() of two points is exact and knows no error", () => {
  const fit = ols([1, 3], [0, 1]);
  deepStrictEqual([fit.slope, fit.intercept, fit.rSquared], [2, 1, 1]);
  deepStrictEqual([fit.slopeStatistics, fit.residualVariance, fit.aic], [null, null, null]);
  strictEqual(fit.reason, "no degree of freedom is left");
});

Deno.test("ols() of a perfect line has no t-ratio", () => {
  const x = Array.from({ length: 50 }, (_, t) => 100_000 + 0.01 * t);
  const fit = ols(x.map((value) => 1 + 2 * value), x);
  close(fit.slope, 2, 1e-9);
  deepStrictEqual([fit.slopeStatistics, fit.logLikelihood, fit.durbinWatson], [null, null, null]);
  strictEqual(fit.reason, "the fit is perfect: nothing is left to judge it by");
});

Deno.test("ols() is absent, with a reason, where the line is not identified", () => {
  const cases: [number[], number[], string][] = [
    [[], [], "too few observations: 0 of 2"],
    [[1], [2], "too few observations: 1 of 2"],
    [[1, 2, 3], [0.1, 0.1, 0.1], "x does not vary"],
    [[1, Infinity, 3], [1, 2, 3], "a value is infinite"],
    [[NaN, NaN, 3], [1, 2, 3], "too few observations: 1 of 2"],
    [[1e300, -1e300, 1e300], [1e-300, 2e-300, 3e-300], "the values are too large"],
  ];
  for (const [y, x, reason] of cases) {
    const fit = ols(y, x);
    deepStrictEqual([fit.slope, fit.intercept, fit.rSquared, fit.reason], [
      null,
      null,
      null,
      reason,
    ]);
  }
});

Deno.test("ols() of a constant y is flat and has no R squared", () => {
  const fit = ols([5, 5, 5, 5], [1, 2, 3, 5]);
  deepStrictEqual([fit.slope, fit.intercept, fit.rSquared], [0, 5, null]);
  ok(fit.reason !== null);
});

Deno.test("ols() with no lags has White's errors, up to its factor", () => {
  const { y, x } = line(9, 40);
  const { slopeStatistics } = ols(y, x, { hacLags: 0 });
  close(slopeStatistics!.hc1Error / slopeStatistics!.hacError, Math.sqrt(40 / 38), 1e-12);
});

Deno.test("ols() refuses unequal lengths and lags that are not whole", () => {
  throws(() => ols([1, 2], [1]), RangeError);
  for (const hacLags of [-1, 1.5, NaN]) throws(() => ols([1, 2], [1, 2], { hacLags }), RangeError);
});
