import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert/strict";
import { Random } from "tandem/stats";
import { close } from "../support/close.ts";

const DRAWS = 200_000;

function draws(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function moments(values: number[]): { mean: number; variance: number; excessKurtosis: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const central = (k: number) => values.reduce((a, b) => a + (b - mean) ** k, 0) / values.length;
  return { mean, variance: central(2), excessKurtosis: central(4) / central(2) ** 2 - 3 };
}

Deno.test("Random() gives the same numbers for the same seed and others for another", () => {
  const first = draws(100, ((r) => () => r.uniform())(new Random(7)));
  deepStrictEqual(draws(100, ((r) => () => r.uniform())(new Random("7"))), first);
  notDeepStrictEqual(draws(100, ((r) => () => r.uniform())(new Random(8))), first);
});

Deno.test("Random() keeps its numbers from version to version", () => {
  // This value is only our own output: a change would silently change every seeded run.
  const random = new Random("tandem");
  deepStrictEqual(draws(3, () => Math.floor(random.uniform() * 1e9)), [
    629684310,
    982615130,
    994789579,
  ]);
});

Deno.test("Random.uniform() fills [0, 1) evenly", () => {
  const random = new Random(1);
  const counts = new Array<number>(20).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    const value = random.uniform();
    ok(value >= 0 && value < 1);
    counts[Math.floor(value * 20)]! += 1;
  }
  const expected = DRAWS / 20;
  const chiSquared = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  ok(chiSquared < 43.8, `chi-squared with 19 degrees of freedom: ${chiSquared} (p = 0.001)`);
});

Deno.test("Random.normal() has the moments of the standard normal distribution", () => {
  const random = new Random(2);
  const { mean, variance, excessKurtosis } = moments(draws(DRAWS, () => random.normal()));
  close(mean, 0, 0, 0.01);
  close(variance, 1, 0.015);
  close(excessKurtosis, 0, 0, 0.06);
});

Deno.test("Random.exponential() has mean and variance 1 and is never negative", () => {
  const random = new Random(3);
  const values = draws(DRAWS, () => random.exponential());
  ok(values.every((value) => value >= 0 && Number.isFinite(value)));
  const { mean, variance } = moments(values);
  close(mean, 1, 0.01);
  close(variance, 1, 0.03);
});

Deno.test("Random() gives unrelated numbers for neighbouring seeds", () => {
  const columns = [0, 1, 2, 3].map((seed) => {
    const random = new Random(seed);
    return draws(20_000, () => random.normal());
  });
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < i; j++) {
      const sum = columns[i]!.reduce((total, value, k) => total + value * columns[j]![k]!, 0);
      ok(Math.abs(sum / 20_000) < 0.03, `seeds ${i} and ${j} correlate by ${sum / 20_000}`);
    }
  }
});
