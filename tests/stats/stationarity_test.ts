import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { kpss, longRunVariance, phillipsPerron, zivotAndrews } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

function walk(seed: number, nobs: number): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: nobs }, () => level += next());
}

function reverting(seed: number, nobs: number, memory = 0.5): number[] {
  const next = normal(seed);
  let level = 0;
  return Array.from({ length: nobs }, () => level = memory * level + next());
}

const TESTS = {
  kpss: (values: readonly number[]) => kpss(values).statistic,
  phillipsPerron: (values: readonly number[]) => phillipsPerron(values).zTau,
  zivotAndrews: (values: readonly number[]) => zivotAndrews(values, { lags: 1 }).statistic,
};

Deno.test("kpss(), phillipsPerron() and zivotAndrews() ignore level and unit", () => {
  fc.assert(
    fc.property(fc.nat(1e6), (seed) => {
      const series = walk(seed, 60);
      for (const [name, test] of Object.entries(TESTS)) {
        const plain = test(series)!;
        ok(Math.abs(test(series.map((v) => 118_000 + v / 100))! - plain) < 1e-5, name);
        close(test(series.map((v) => -3 * v)), plain, 1e-9);
      }
    }),
    { numRuns: 20 },
  );
});

Deno.test("kpss(), phillipsPerron() and zivotAndrews() are absent, with a reason, without a test", () => {
  const constant = Array<number>(60).fill(5);
  const gap = walk(1, 60).map((value, t) => t === 30 ? NaN : value);
  for (const series of [[], [1, 2, 3], constant, gap]) {
    for (
      const { reason, ...rest } of [
        kpss(series),
        phillipsPerron(series),
        zivotAndrews(series, { lags: 1 }),
      ]
    ) {
      ok(reason !== null && reason.length > 0);
      const value = "statistic" in rest ? rest.statistic : rest.zTau;
      strictEqual(value, null);
    }
  }
});

Deno.test("kpss() and phillipsPerron() of a straight line have no answer about a line", () => {
  const line = Array.from({ length: 60 }, (_, t) => 118_000 + 0.01 * t);
  strictEqual(kpss(line, { trend: "ct" }).reason, "the series is a straight line");
  strictEqual(phillipsPerron(line, { trend: "ct" }).reason, "the series is a straight line");
  ok(phillipsPerron(line).reason !== null);
  strictEqual(zivotAndrews(line, { lags: 1 }).statistic, null);
});

Deno.test("kpss() equals its definition", () => {
  const series = reverting(2, 40);
  const mean = series.reduce((a, b) => a + b) / 40;
  const u = series.map((value) => value - mean);
  const sums = u.map((_, t) => u.slice(0, t + 1).reduce((a, b) => a + b));
  const product = (j: number) => u.slice(j).reduce((sum, value, t) => sum + value * u[t]!, 0) / 40;
  const variance = product(0) + 2 * (2 / 3 * product(1) + 1 / 3 * product(2));
  const { statistic } = kpss(series, { lags: 2 });
  close(statistic, sums.reduce((sum, value) => sum + value * value, 0) / (1600 * variance), 1e-12);
});

Deno.test("kpss() says which way a p-value at the end of its table lies", () => {
  const low = kpss(walk(3, 500));
  deepStrictEqual([low.pValue, low.pValueBound], [0.01, "at most"]);
  const high = kpss(reverting(4, 500, 0));
  deepStrictEqual([high.pValue, high.pValueBound], [0.1, "at least"]);
});

Deno.test("kpss() interpolates p between the critical values, falling in the statistic", () => {
  const tests = Array.from({ length: 60 }, (_, seed) => kpss(reverting(seed, 80, 0.9)))
    .toSorted((a, b) => a.statistic! - b.statistic!);
  tests.slice(1).forEach(({ pValue }, i) => ok(pValue! <= tests[i]!.pValue!));
});

Deno.test("phillipsPerron() without lags is the t-ratio of Dickey and Fuller", () => {
  const series = walk(5, 50);
  const rows = series.slice(1).map((value, t) => ({ y: value, x: series[t]! }));
  const mean = (f: (row: { y: number; x: number }) => number) =>
    rows.reduce((sum, row) => sum + f(row), 0) / rows.length;
  const [my, mx] = [mean((r) => r.y), mean((r) => r.x)];
  const sxx = 49 * mean((r) => (r.x - mx) ** 2);
  const rho = 49 * mean((r) => (r.x - mx) * (r.y - my)) / sxx;
  const ssr = 49 * mean((r) => (r.y - my - rho * (r.x - mx)) ** 2);
  const test = phillipsPerron(series, { lags: 0 });
  close(test.zTau, (rho - 1) / Math.sqrt(ssr / 47 / sxx), 1e-10);
  close(test.zAlpha, 49 * (rho - 1), 1e-10);
});

Deno.test("phillipsPerron() rejects about 5 % of random walks at 5 %", () => {
  let rejected = 0;
  for (let seed = 0; seed < 400; seed++) {
    if (phillipsPerron(walk(seed, 200), { lags: 4 }).pValue! < 0.05) rejected++;
  }
  ok(rejected > 8 && rejected < 36, `${rejected} of 400`);
});

Deno.test("zivotAndrews() finds reversion about a level that moves once, and where", () => {
  const series = reverting(6, 300).map((value, t) => value + (t < 120 ? 0 : 8));
  ok(phillipsPerron(series).pValue! > 0.05, "without the break it looks like a walk");
  const test = zivotAndrews(series, { lags: 1 });
  ok(test.pValue! < 0.01);
  ok(Math.abs(test.breakIndex! - 119) <= 3, `${test.breakIndex}`);
});

Deno.test("zivotAndrews() leaves its input as it is", () => {
  const series = walk(7, 80);
  const copy = [...series];
  zivotAndrews(series, { lags: 2, breakIn: "ct" });
  deepStrictEqual(series, copy);
});

Deno.test("zivotAndrews() rejects about 5 % of random walks at 5 %", () => {
  let rejected = 0;
  for (let seed = 0; seed < 200; seed++) {
    if (zivotAndrews(walk(seed, 200), { lags: 0 }).pValue! < 0.05) rejected++;
  }
  ok(rejected > 2 && rejected < 24, `${rejected} of 200`);
});

Deno.test("longRunVariance() is never negative and without lags the mean square", () => {
  fc.assert(fc.property(fc.nat(1e6), fc.nat(20), (seed, lags) => {
    const errors = reverting(seed, 30, -0.9);
    ok(longRunVariance(errors, lags) >= 0);
    close(longRunVariance(errors, 0), errors.reduce((sum, e) => sum + e * e, 0) / 30, 1e-12);
  }));
});

Deno.test("unit-root tests refuse options out of range", () => {
  const series = walk(8, 40);
  for (const lags of [-1, 40, 1.5, NaN]) {
    throws(() => kpss(series, { lags }), RangeError);
    throws(() => phillipsPerron(series, { lags }), RangeError);
  }
  for (const lags of [-1, 1.5, NaN]) throws(() => zivotAndrews(series, { lags }), RangeError);
  for (const trim of [-0.1, 0.4, NaN]) throws(() => zivotAndrews(series, { trim }), RangeError);
});
