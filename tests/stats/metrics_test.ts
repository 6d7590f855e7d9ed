import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { performanceMetrics } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const YEAR = { periodsPerYear: 252 };
const series = fc.array(fc.integer({ min: -2_000, max: 2_000 }).map((r) => r / 1e4), {
  minLength: 6,
  maxLength: 60,
});

Deno.test("performanceMetrics() answers by hand", () => {
  const m = performanceMetrics([0.1, -0.05, 0.1, -0.05], { periodsPerYear: 4 });
  close(m.annualReturn, 0.1);
  close(m.annualVolatility, 2 * 0.075 * Math.sqrt(4 / 3));
  close(m.sharpe, 0.1 / (0.15 * Math.sqrt(4 / 3)));
  close(m.sortino, 0.025 / Math.sqrt(0.0025 / 2) * 2);
  close(m.totalReturn, 1.1 ** 2 * 0.95 ** 2 - 1);
  close(m.annualGrowth, m.totalReturn!);
  close(m.maxDrawdown, 0.05);
  strictEqual(m.hitRate, 0.5);
  close(m.skewness, 0, 0, 1e-12);
});

Deno.test("performanceMetrics() scales as it must with the size of the position", () => {
  fc.assert(fc.property(series, fc.double({ min: 0.1, max: 3, noNaN: true }), (returns, size) => {
    const [one, more] = [returns, returns.map((r) => size * r)]
      .map((r) => performanceMetrics(r, YEAR)) as [
        ReturnType<typeof performanceMetrics>,
        ReturnType<typeof performanceMetrics>,
      ];
    if (one.sharpe === null || one.annualVolatility! < 1e-6) return;
    close(more.sharpe, one.sharpe, 1e-8, 1e-10);
    close(more.annualVolatility, size * one.annualVolatility!, 1e-8);
    close(more.kelly, one.kelly! / size, 1e-7, 1e-8);
    strictEqual(more.hitRate, one.hitRate);
  }));
});

Deno.test("performanceMetrics() drawdown is that of the compounded curve from its start", () => {
  fc.assert(fc.property(series, (returns) => {
    let [equity, peak, deepest] = [1, 1, 0];
    for (const r of returns) {
      equity *= 1 + r;
      peak = Math.max(peak, equity);
      deepest = Math.max(deepest, (peak - equity) / peak);
    }
    const { maxDrawdown, ulcer, totalReturn } = performanceMetrics(returns, YEAR);
    close(maxDrawdown, deepest, 1e-9, 1e-12);
    close(totalReturn, equity - 1, 1e-9, 1e-12);
    ok(ulcer! <= maxDrawdown! + 1e-12);
  }));
  close(performanceMetrics([-0.5, 1], YEAR).maxDrawdown, 0.5);
});

Deno.test("performanceMetrics() of flat returns has no ratio, never 0 or Infinity", () => {
  for (const flat of [0, 0.001, -0.1]) {
    const m = performanceMetrics(Array<number>(15).fill(flat), YEAR);
    for (const key of ["sharpe", "sharpeLo", "kelly", "skewness", "excessKurtosis"] as const) {
      strictEqual(m[key], null, key);
    }
    strictEqual(m.annualVolatility, 0);
    if (flat >= 0) strictEqual(m.sortino, null);
    if (flat >= 0) strictEqual(m.maxDrawdown, 0);
    if (flat >= 0) strictEqual(m.calmar, null);
  }
});

Deno.test("performanceMetrics() is absent, with a reason, without returns or with a missing one", () => {
  strictEqual(performanceMetrics([], YEAR).reason, "no return");
  const broken = performanceMetrics([0.1, NaN, 0.2], YEAR);
  strictEqual(broken.reason, "1 of 3 returns are missing");
  strictEqual(broken.sharpe, null);
  const one = performanceMetrics([0.1], YEAR);
  strictEqual(one.sharpe, null);
  close(one.totalReturn, 0.1);
});

Deno.test("performanceMetrics() of a loss of everything stays finite or absent", () => {
  const m = performanceMetrics([0.1, -1, 0.2], YEAR);
  strictEqual(m.totalReturn, -1);
  strictEqual(m.maxDrawdown, 1);
  strictEqual(m.annualGrowth, -1);
  strictEqual(performanceMetrics([-1.5, 0.1], { periodsPerYear: 3 }).annualGrowth, null);
});

Deno.test("sharpeLo takes back what overlapping returns add to the Sharpe ratio", () => {
  const next = normal(1);
  const bars = Array.from({ length: 6_000 }, () => 0.0001 + 0.01 * next());
  const overlapping = bars.slice(9).map((_, t) => bars.slice(t, t + 10).reduce((a, b) => a + b));
  const honest = performanceMetrics(bars, YEAR).sharpe!;
  const inflated = performanceMetrics(overlapping, { ...YEAR, loPeriods: 200 });
  ok(inflated.sharpe! > 2.5 * honest);
  ok(Math.abs(inflated.sharpeLo!) < 1.6 * Math.abs(honest));
});

Deno.test("performanceMetrics() refuses options out of range", () => {
  for (const periodsPerYear of [0, -1, NaN, Infinity]) {
    throws(() => performanceMetrics([0.1], { periodsPerYear }), RangeError);
  }
  for (const loPeriods of [0, 1.5, NaN]) {
    throws(() => performanceMetrics([0.1], { ...YEAR, loPeriods }), RangeError);
  }
  for (const tail of [-0.1, 2, NaN]) {
    throws(() => performanceMetrics([0.1], { ...YEAR, tail }), RangeError);
  }
});
