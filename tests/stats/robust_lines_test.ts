import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { huber, siegel, theilSen } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function pair(seed: number, nobs: number, level = 0) {
  const next = normal(seed);
  const x = Array.from({ length: nobs }, () => level + next());
  const y = x.map((value) => level + 0.5 + 1.5 * (value - level) + 0.1 * next());
  return { y, x };
}

function sortedMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

const LINES = { huber, siegel, theilSen };
const seeds = fc.nat(1e6);
const sizes = fc.integer({ min: 5, max: 30 });

Deno.test("theilSen() and siegel() equal their definitions with sorted slopes", () => {
  fc.assert(fc.property(seeds, sizes, (seed, nobs) => {
    const { y, x } = pair(seed, nobs);
    const to = (i: number) =>
      x.flatMap((value, j) => j === i ? [] : [(y[j]! - y[i]!) / (value - x[i]!)]);
    const all = x.flatMap((value, i) =>
      x.slice(i + 1).map((other, k) => (y[i + 1 + k]! - y[i]!) / (other - value))
    );
    strictEqual(theilSen(y, x).slope, sortedMedian(all));
    strictEqual(siegel(y, x).slope, sortedMedian(x.map((_, i) => sortedMedian(to(i)))));
  }));
});

Deno.test("theilSen() widens its interval with the confidence and keeps the slope inside", () => {
  const { y, x } = pair(1, 30);
  const [narrow, wide] = [theilSen(y, x, { confidence: 0.5 }), theilSen(y, x)];
  ok(wide.slopeLow! < narrow.slopeLow! && narrow.slopeLow! < wide.slope!);
  ok(wide.slopeHigh! > narrow.slopeHigh! && narrow.slopeHigh! > wide.slope!);
});

Deno.test("robust lines turn with scale and shift of the series", () => {
  for (const line of Object.values(LINES)) {
    fc.assert(fc.property(seeds, sizes, (seed, nobs) => {
      const { y, x } = pair(seed, nobs);
      const plain = line(y, x);
      const moved = line(y.map((v) => 3 * v + 7), x.map((v) => 2 * v - 5));
      close(moved.slope, plain.slope! * 3 / 2, 1e-8);
      close(moved.intercept, 3 * plain.intercept! + 7 + 5 * plain.slope! * 3 / 2, 1e-7, 1e-7);
    }));
  }
});

Deno.test("robust lines keep the slope of cents at a level of 118,000", () => {
  const { y, x } = pair(2, 40);
  for (const [name, line] of Object.entries(LINES)) {
    const lifted = line(y.map((v) => v / 100 + 118_000), x.map((v) => v / 100 + 90_000));
    ok(Math.abs(lifted.slope! - line(y, x).slope!) < 1e-5, name);
  }
});

Deno.test("robust lines stay where a quarter of the rows is wrong", () => {
  const { y, x } = pair(3, 60);
  const wrong = y.map((value, t) => t % 5 === 0 ? value + 50 : value);
  for (const [name, line] of Object.entries(LINES)) {
    ok(Math.abs(line(wrong, x).slope! - 1.5) < 0.2, `${name} ${line(wrong, x).slope}`);
  }
});

Deno.test("robust lines are absent, with a reason, without two rows or with constant x", () => {
  for (const line of Object.values(LINES)) {
    for (const [y, x] of [[[], []], [[1], [1]], [[1, NaN], [1, 2]], [[1, 2, 3], [4, 4, 4]]]) {
      const result = line(y!, x!);
      strictEqual(result.slope, null);
      ok(result.reason !== null && result.reason.length > 0);
    }
    throws(() => line([1, 2], [1]), RangeError);
  }
});

Deno.test("robust lines fit two points and a perfect line", () => {
  for (const line of Object.values(LINES)) {
    close(line([1, 3], [0, 1]).slope, 2);
    const x = Array.from({ length: 30 }, (_, t) => Math.sin(t));
    const perfect = line(x.map((value) => 1 + 2 * value), x);
    close(perfect.slope, 2, 1e-9);
    close(perfect.intercept, 1, 1e-9);
  }
});

Deno.test("huber() with a threshold that no residual reaches is least squares", () => {
  const { y, x } = pair(4, 50);
  const line = huber(y, x, { threshold: 1e6 });
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [my, mx] = [mean(y), mean(x)];
  const sxy = y.reduce((sum, value, t) => sum + (value - my) * (x[t]! - mx), 0);
  const sxx = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  close(line.slope, sxy / sxx, 1e-11);
  strictEqual(line.downweighted, 0);
});

Deno.test("huber() solves its equation: weighted residuals are orthogonal to x", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const { y, x } = pair(seed, 25);
    const line = huber(y.map((value, t) => t === 3 ? value + 9 : value), x, {
      maxIterations: 5000,
    });
    if (!line.converged) return;
    const sum = (f: (t: number) => number) => y.reduce((total, _, t) => total + f(t), 0);
    const left = (t: number) =>
      line.weights[t]! *
      ((t === 3 ? y[t]! + 9 : y[t]!) - line.intercept! - line.slope! * x[t]!);
    close(sum(left), 0, 0, 1e-7);
    close(sum((t) => left(t) * x[t]!), 0, 0, 1e-7);
  }));
});

Deno.test("robust lines refuse options out of range and too many rows", () => {
  for (const bad of [0, -1, NaN]) {
    throws(() => huber([1, 2], [1, 3], { threshold: bad }), RangeError);
  }
  for (const bad of [0, 1, NaN]) {
    throws(() => theilSen([1, 2], [1, 3], { confidence: bad }), RangeError);
  }
  const many = Float64Array.from({ length: 10_001 }, (_, t) => t);
  throws(() => theilSen(many, many), RangeError);
  throws(() => siegel(many, many), RangeError);
});
