import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { chowDenning, hurst, type HurstEstimator, varianceRatio } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function walk(seed: number, nobs: number): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: nobs }, () => level += next());
}

const ESTIMATORS: readonly HurstEstimator[] = [
  "ghe1",
  "ghe2",
  "diff",
  "rs",
  "rs-corrected",
  "dfa1",
];

Deno.test("hurst() by default is near 0.5 on random walks, within its deviation", () => {
  const estimates = Array.from({ length: 200 }, (_, seed) => hurst(walk(seed, 500)));
  const mean = estimates.reduce((sum, { exponent }) => sum + exponent!, 0) / 200;
  const deviation = Math.sqrt(
    estimates.reduce((sum, { exponent }) => sum + (exponent! - mean) ** 2, 0) / 199,
  );
  ok(Math.abs(mean - 0.5) < 0.012, `${mean}`);
  close(deviation, estimates[0]!.randomWalkDeviation!, 0.2);
});

Deno.test("hurst() with diff calls a random walk reverting, with rs trending", () => {
  const mean = (estimator: HurstEstimator) =>
    Array.from({ length: 200 }, (_, seed) => hurst(walk(seed, 500), { estimator }).exponent!)
      .reduce((a, b) => a + b) / 200;
  ok(mean("diff") < 0.47);
  ok(mean("rs") > 0.56);
  ok(Math.abs(mean("rs-corrected") - 0.5) < 0.015);
});

Deno.test("hurst() ignores level and unit", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const series = walk(seed, 120);
      for (const estimator of ESTIMATORS) {
        const moved = hurst(series.map((v) => 118_000 - v / 100), { estimator });
        close(moved.exponent, hurst(series, { estimator }).exponent!, 0, 1e-6);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("hurst() is absent, with a reason, for short, constant or broken series", () => {
  const broken = walk(1, 120).map((value, t) => t === 9 ? NaN : value);
  for (const series of [[], walk(1, 99), Array<number>(120).fill(3), broken]) {
    for (const estimator of ESTIMATORS) {
      const { exponent, reason } = hurst(series, { estimator });
      strictEqual(exponent, null);
      ok(reason !== null && reason.length > 0);
    }
  }
  ok(hurst([1, 2, 3], { minPoints: 2 }).reason!.startsWith("too few scales"));
});

Deno.test("hurst() refuses lags and sizes out of range", () => {
  const series = walk(2, 120);
  for (const lags of [[0, 5], [1.5, 5], [1, NaN]] as const) {
    throws(() => hurst(series, { lags }), RangeError);
  }
  for (const sizes of [[3, 8], [8.5, 16]]) {
    throws(() => hurst(series, { estimator: "rs", sizes }), RangeError);
  }
});

Deno.test("varianceRatio() equals its definition with overlapping changes", () => {
  const x = walk(3, 41);
  const [q, n] = [4, 40];
  const mean = (x[40]! - x[0]!) / n;
  let [one, long] = [0, 0];
  for (let t = 1; t <= n; t++) one += (x[t]! - x[t - 1]! - mean) ** 2;
  for (let t = q; t <= n; t++) long += (x[t]! - x[t - q]! - q * mean) ** 2;
  const m = q * (n - q + 1) * (1 - q / n);
  close(varianceRatio(x, q).ratio, long / m / (one / (n - 1)), 1e-12);
});

Deno.test("varianceRatio() ignores level and unit, and tells reversion from trend", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.integer({ min: 2, max: 10 }), (seed, period) => {
    const x = walk(seed, 60);
    const moved = varianceRatio(x.map((v) => 118_000 - v / 100), period);
    close(moved.robustZ, varianceRatio(x, period).robustZ!, 0, 1e-5);
  }));
  const next = normal(4);
  let spread = 0;
  const reverting = Array.from({ length: 300 }, () => spread = 0.5 * spread + next());
  ok(varianceRatio(reverting, 4).ratio! < 0.7 && varianceRatio(reverting, 4).robustZ! < -3);
});

Deno.test("varianceRatio() rejects about 6 % of random walks at 5 %", () => {
  const rejected = Array.from({ length: 400 }, (_, seed) => varianceRatio(walk(seed, 500), 8))
    .filter(({ robustPValue }) => robustPValue! < 0.05).length;
  ok(rejected > 8 && rejected < 42, `${rejected} of 400`);
});

Deno.test("varianceRatio() and chowDenning() are absent, with a reason, without variance", () => {
  const line = Array.from({ length: 60 }, (_, t) => 0.1 * t);
  const gap = walk(5, 60).map((value, t) => t === 2 ? NaN : value);
  for (const series of [[], [1, 2], Array<number>(60).fill(0.1), line, gap]) {
    ok(varianceRatio(series, 2).reason !== null);
    strictEqual(chowDenning(series, [2, 4]).statistic, null);
  }
  strictEqual(varianceRatio(walk(6, 10), 5).reason, "too few changes: 9 of 10");
  for (const period of [1, 0, 2.5, NaN]) throws(() => varianceRatio([1, 2], period), RangeError);
  throws(() => chowDenning([1, 2], []), RangeError);
});

Deno.test("chowDenning() reports the largest statistic with a p-value above its own", () => {
  const x = walk(7, 200);
  const joint = chowDenning(x, [2, 4, 8]);
  const single = varianceRatio(x, joint.period!);
  strictEqual(joint.statistic, Math.abs(single.robustZ!));
  ok(joint.pValue! > single.robustPValue!);
  close(joint.pValue, 1 - (1 - single.robustPValue!) ** 3, 1e-9);
});
