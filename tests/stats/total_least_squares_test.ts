import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { totalLeastSquares } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** A pair with noise in both series. */
function pair(seed: number, nobs = 30, slope = 1.5) {
  const next = normal(seed);
  const x = Array.from({ length: nobs }, () => next());
  const y = x.map((value) => 0.5 + slope * value + 0.1 * next());
  return { y, x: x.map((value) => value + 0.1 * next()) };
}

const seeds = fc.nat(1e6);

/** The slope with the smallest sum of squared distances at a right angle, by a fine search. */
function searched(y: readonly number[], x: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [my, mx] = [mean(y), mean(x)];
  const cost = (angle: number) =>
    y.reduce(
      (sum, v, t) => sum + ((v - my) * Math.cos(angle) - (x[t]! - mx) * Math.sin(angle)) ** 2,
      0,
    );
  let [low, high] = [-Math.PI / 2, Math.PI / 2];
  for (let round = 0; round < 12; round++) {
    const grid = Array.from({ length: 101 }, (_, i) => low + (high - low) * i / 100);
    const best = grid.reduce((a, b) => cost(b) < cost(a) ? b : a);
    const step = (high - low) / 100;
    [low, high] = [best - step, best + step];
  }
  return Math.tan((low + high) / 2);
}

Deno.test("totalLeastSquares() finds the line with the smallest distances", () => {
  for (const seed of [1, 2, 3]) {
    const { y, x } = pair(seed);
    close(totalLeastSquares(y, x).slope, searched(y, x), 1e-6);
  }
});

Deno.test("totalLeastSquares() of x on y is one over that of y on x", () => {
  fc.assert(fc.property(seeds, fc.double({ min: -20, max: 20, noNaN: true }), (seed, slope) => {
    const { y, x } = pair(seed, 20, slope);
    const there = totalLeastSquares(y, x);
    const back = totalLeastSquares(x, y);
    close(there.slope! * back.slope!, 1, 1e-10);
    close(back.intercept, -there.intercept! / there.slope!, 1e-6, 1e-9);
  }));
});

Deno.test("totalLeastSquares() with a ratio of variances is that of y scaled by its root", () => {
  fc.assert(fc.property(seeds, fc.double({ min: 0.01, max: 100, noNaN: true }), (seed, ratio) => {
    const { y, x } = pair(seed);
    const scaled = totalLeastSquares(y.map((value) => value / Math.sqrt(ratio)), x);
    const line = totalLeastSquares(y, x, { errorVarianceRatio: ratio });
    close(line.slope, scaled.slope! * Math.sqrt(ratio), 1e-9);
  }));
});

Deno.test("totalLeastSquares() does not depend on the order of the rows or a common level", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const { y, x } = pair(seed);
    const line = totalLeastSquares(y, x);
    close(totalLeastSquares(y.toReversed(), x.toReversed()).slope, line.slope!, 1e-12);
    const lifted = totalLeastSquares(y.map((v) => v + 1e6), x.map((v) => v + 118_000));
    close(lifted.slope, line.slope!, 1e-7);
  }));
});

Deno.test("totalLeastSquares() through the origin uses raw moments", () => {
  close(totalLeastSquares([2, 4], [1, 2], { intercept: false }).slope, 2);
  strictEqual(totalLeastSquares([2, 4], [1, 2], { intercept: false }).intercept, 0);
});

Deno.test("totalLeastSquares() is absent, with a reason, where no direction is nearest", () => {
  const absent: [number[], number[]][] = [
    [[], []],
    [[1], [1]],
    [[1, NaN], [1, 2]],
    [[1, 2, 3], [5, 5, 5]],
    [[5, 5, 5], [1, 2, 3]],
    [[1, -1, 1, -1], [1, 1, -1, -1]],
  ];
  for (const [y, x] of absent) {
    const { slope, reason } = totalLeastSquares(y, x);
    strictEqual(slope, null);
    ok(reason !== null && reason.length > 0);
  }
});

Deno.test("totalLeastSquares() drops rows with a missing value and says how many are left", () => {
  const line = totalLeastSquares([1, 3, NaN, 7], [0, 1, 2, 3]);
  strictEqual(line.nobs, 3);
  close(line.slope, 2);
});

Deno.test("totalLeastSquares() refuses unequal lengths and a ratio that is not > 0", () => {
  throws(() => totalLeastSquares([1, 2], [1]), RangeError);
  for (const errorVarianceRatio of [0, -1, NaN, Infinity]) {
    throws(() => totalLeastSquares([1, 2], [1, 3], { errorVarianceRatio }), RangeError);
  }
});
