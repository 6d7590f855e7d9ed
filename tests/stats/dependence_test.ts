import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  autocorrelations,
  crossCorrelation,
  granger,
  jarqueBera,
  ljungBox,
  partialAutocorrelations,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal, uniform } from "../support/random.ts";

function noise(seed: number, nobs: number): number[] {
  const next = normal(seed);
  return Array.from({ length: nobs }, () => next());
}

const seeds = fc.nat(1e6);

Deno.test("autocorrelations() equal their definition at any level", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 8 }), (seed, lag) => {
    const series = noise(seed, 30);
    const mean = series.reduce((a, b) => a + b) / 30;
    const sum = (k: number) =>
      series.slice(k).reduce((total, v, t) => total + (v - mean) * (series[t]! - mean), 0);
    close(autocorrelations(series, 8)![lag], sum(lag) / sum(0), 1e-10, 1e-13);
    const lifted = autocorrelations(series.map((v) => 118_000 + v / 100), 8)!;
    close(lifted[lag], sum(lag) / sum(0), 0, 1e-7);
  }));
});

Deno.test("partialAutocorrelations() of an autoregression of order one stop after the first", () => {
  let level = 0;
  const series = noise(1, 20_000).map((e) => level = 0.7 * level + e);
  const [, first, second, third] = partialAutocorrelations(series, 3)!;
  close(first, 0.7, 0.05);
  close(second, 0, 0, 0.03);
  close(third, 0, 0, 0.03);
});

Deno.test("partialAutocorrelations() stay inside [-1, 1]", () => {
  fc.assert(
    fc.property(
      seeds,
      (seed) =>
        partialAutocorrelations(noise(seed, 12), 11)!.every((value) =>
          Math.abs(value) <= 1 + 1e-12
        ),
    ),
  );
});

Deno.test("memory has no answer for a constant or broken series", () => {
  for (const series of [[5, 5, 5], [1, NaN, 2], []]) {
    strictEqual(autocorrelations(series, 0), null);
    strictEqual(partialAutocorrelations(series, 0), null);
  }
  strictEqual(ljungBox([5, 5, 5], { lags: 1 }).statistic, null);
  for (const bad of [-1, 3, 0.5, NaN]) {
    throws(() => autocorrelations([1, 2, 3], bad), RangeError);
    throws(() => ljungBox([1, 2, 3], { lags: bad }), RangeError);
  }
  throws(() => ljungBox([1, 2, 3], { lags: 1, fitted: 1 }), RangeError);
});

Deno.test("ljungBox() rejects about 5 % of noise at 5 %", () => {
  const rejected = Array.from({ length: 400 }, (_, seed) => ljungBox(noise(seed, 200), { lags: 5 }))
    .filter(({ pValue }) => pValue! < 0.05).length;
  ok(rejected > 8 && rejected < 36, `${rejected} of 400`);
});

Deno.test("jarqueBera() is 0 for the shape of a normal and ignores level, unit and order", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const series = noise(seed, 40);
    const plain = jarqueBera(series);
    const moved = jarqueBera(series.toReversed().map((v) => 118_000 + v / 100));
    close(moved.statistic, plain.statistic!, 1e-5, 1e-6);
    close(jarqueBera(series.map((v) => -v)).skewness, -plain.skewness!, 1e-9, 1e-12);
  }));
  const two = jarqueBera([-1, 1]);
  deepStrictEqual([two.skewness, two.kurtosis], [0, 1]);
  strictEqual(jarqueBera([1]).reason, "too few values: 1 of 2");
  strictEqual(jarqueBera([0.1, 0.1, 0.1]).reason, "the series is constant");
});

Deno.test("crossCorrelation() turns its lags around when the series change places", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const [x, y] = [noise(seed, 30), noise(seed + 1, 30)];
    const there = crossCorrelation(x, y, { maxLag: 4 });
    const back = crossCorrelation(y, x, { maxLag: 4 });
    back.correlations!.toReversed().forEach((rho, i) =>
      close(there.correlations![i], rho, 1e-12, 1e-15)
    );
    close(there.leadLagRatio! * back.leadLagRatio!, 1, 1e-10);
    strictEqual(there.bestLag! + back.bestLag!, 0);
  }));
});

Deno.test("crossCorrelation() finds who leads and by how many bars", () => {
  const x = noise(3, 400);
  const lag = noise(4, 400);
  for (const lead of [-5, 0, 3]) {
    const y = x.map((_, t) => 0.8 * (x[t - lead] ?? 0) + 0.6 * lag[t]!);
    const result = crossCorrelation(x, y, { maxLag: 10 });
    strictEqual(result.bestLag, lead);
    close(result.overlapping![10 + lead], 0.8, 0.1);
    if (lead !== 0) ok(lead > 0 === result.leadLagRatio! > 1);
  }
});

Deno.test("crossCorrelation() and granger() have no answer for constant or broken series", () => {
  const x = noise(5, 20);
  const broken = x.map((value, t) => t === 4 ? NaN : value);
  const constant = x.map(() => 1);
  for (const y of [broken, constant]) {
    ok(crossCorrelation(x, y, { maxLag: 2 }).reason !== null);
    ok(granger(x, y, { lags: 1 }).reason !== null);
    ok(granger(y, x, { lags: 1 }).reason !== null);
  }
  strictEqual(granger(x.slice(0, 5), x.slice(1, 6), { lags: 1 }).statistic, null);
  throws(() => crossCorrelation(x, [1], { maxLag: 2 }), RangeError);
  throws(() => granger(x, [1], { lags: 1 }), RangeError);
  for (const bad of [0, 19, 1.5, NaN]) {
    throws(() => crossCorrelation(x, x, { maxLag: bad }), RangeError);
  }
  for (const lags of [0, 1.5, NaN]) throws(() => granger(x, x, { lags }), RangeError);
});

Deno.test("granger() ignores level and unit, rejects 5 % of noise at 5 %", () => {
  let rejected = 0;
  for (let seed = 0; seed < 300; seed++) {
    const [x, y] = [noise(seed, 100), noise(seed + 1_000, 100)];
    const test = granger(y, x, { lags: 2 });
    const moved = granger(y.map((v) => 5 + 2 * v), x.map((v) => 9 - v), { lags: 2 });
    close(moved.statistic, test.statistic!, 1e-9);
    if (test.pValue! < 0.05) rejected++;
  }
  ok(rejected > 4 && rejected < 30, `${rejected} of 300`);
});

Deno.test("forward-filled bars make the quieter of two equal prices seem to follow", () => {
  const next = uniform(6);
  let filled = 0;
  const price = noise(7, 4_000).reduce<number[]>(
    (path, e) => [...path, (path.at(-1) ?? 0) + e],
    [],
  );
  const quiet = price.map((value, t) => filled = t === 0 || next() < 0.2 ? value : filled);
  const change = (path: readonly number[]) => path.slice(1).map((value, t) => value - path[t]!);
  const { correlations } = crossCorrelation(change(price), change(quiet), { maxLag: 1 });
  ok(correlations![2]! > 0.08 && Math.abs(correlations![0]!) < 0.05, `${correlations}`);
});
