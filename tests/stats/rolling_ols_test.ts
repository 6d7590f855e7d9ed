import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { ols, rollingOls, RollingPair } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function line(seed: number, count: number): { y: number[]; x: number[] } {
  const next = normal(seed);
  const x = Array.from({ length: count }, () => 8 + next());
  return { x, y: x.map((value) => 1 + 2 * value + 0.5 * next()) };
}

Deno.test("rollingOls() is ols() of every window", () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 3, max: 12 }), (seed, window) => {
    const { y, x } = line(seed, 40);
    const rolled = rollingOls(y, x, { window });
    y.forEach((_, t) => {
      if (t < window - 1) return strictEqual(rolled.slope[t], null);
      const fit = ols(y.slice(t + 1 - window, t + 1), x.slice(t + 1 - window, t + 1));
      deepStrictEqual(
        [rolled.slope[t], rolled.intercept[t], rolled.rSquared[t], rolled.residualVariance[t]],
        [fit.slope, fit.intercept, fit.rSquared, fit.residualVariance],
      );
    });
  }));
});

Deno.test("rollingOls() agrees with RollingPair", () => {
  const { y, x } = line(3, 300);
  const rolled = rollingOls(y, x, { window: 50 });
  const pair = new RollingPair(50);
  y.forEach((value, t) => {
    pair.push(x[t]!, value);
    if (t < 49) return;
    close(pair.slope, rolled.slope[t]!, 1e-10);
    close(pair.intercept, rolled.intercept[t]!, 1e-10, 1e-10);
    close(pair.residualDeviation, Math.sqrt(rolled.residualVariance[t]!), 1e-10);
  });
});

Deno.test("rollingOls() drops or skips missing rows, also in the oldest row of a window", () => {
  const { y, x } = line(5, 12);
  const gap = y.with(3, NaN);
  const skip = rollingOls(gap, x, { window: 4 }).slope;
  deepStrictEqual(skip.map((v) => v === null).slice(3, 8), [true, true, true, true, false]);
  const drop = rollingOls(gap, x, { window: 4, missing: "drop", minCount: 3 }).slope;
  const kept = (list: number[]) => [list[4]!, list[5]!, list[6]!];
  strictEqual(drop[6], ols(kept(y), kept(x)).slope);
  strictEqual(drop[2], null);
});

Deno.test("rollingOls() expands when asked", () => {
  const { y, x } = line(6, 20);
  const { slope } = rollingOls(y, x, { window: 10, expanding: true, minCount: 4 });
  strictEqual(slope[2], null);
  strictEqual(slope[3], ols(y.slice(0, 4), x.slice(0, 4)).slope);
  strictEqual(slope[19], ols(y.slice(10), x.slice(10)).slope);
});

Deno.test("rollingOls() of a constant x is absent", () => {
  deepStrictEqual(rollingOls([1, 2, 3], [5, 5, 5], { window: 2 }).slope, [null, null, null]);
  throws(() => rollingOls([1], [], { window: 2 }), RangeError);
  throws(() => rollingOls([1], [1], { window: 0 }), RangeError);
});
