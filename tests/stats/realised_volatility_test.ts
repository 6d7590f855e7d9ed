import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  bipowerVariation,
  logReturns,
  realisedVariance,
  rollingRealisedVariance,
  rollingRealisedVolatility,
  rollingSampleVolatility,
  sampleVolatility,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal, uniform } from "../support/random.ts";

const returns = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), {
  minLength: 3,
  maxLength: 40,
});
const window = fc.integer({ min: 2, max: 6 });

Deno.test("realised variance, volatility and bipower answer by hand", () => {
  close(realisedVariance([0.1, -0.2]), 0.05);
  close(bipowerVariation([0.1, -0.2, 0.3]), Math.PI / 2 * (0.02 + 0.06));
  close(sampleVolatility([0.1, 0.3], 2), 0.2);
  for (const empty of [[], [NaN]]) {
    strictEqual(realisedVariance(empty), null);
    strictEqual(bipowerVariation(empty), null);
    strictEqual(sampleVolatility(empty, 252), null);
  }
  strictEqual(sampleVolatility([0.1, 0.1, 0.1], 252), 0);
});

Deno.test("rolling volatilities equal the batch form on every window", () => {
  fc.assert(fc.property(returns, window, (series, w) => {
    const options = { window: w, periodsPerYear: 365 };
    const realised = rollingRealisedVolatility(series, options);
    const variance = rollingRealisedVariance(series, options);
    const sample = rollingSampleVolatility(series, options);
    series.forEach((_, t) => {
      if (t + 1 < w) return deepStrictEqual([realised[t], sample[t]], [null, null]);
      const rows = series.slice(t + 1 - w, t + 1);
      close(variance[t], realisedVariance(rows)!, 1e-13, 1e-300);
      close(realised[t], Math.sqrt(realisedVariance(rows)! / w * 365), 1e-13, 1e-150);
      close(sample[t], sampleVolatility(rows, 365)!, 1e-10, 1e-14);
    });
  }));
});

Deno.test("realised variance scales with the square of the returns", () => {
  fc.assert(fc.property(returns, (series) => {
    close(
      realisedVariance(series.map((r) => 8 * r)),
      64 * realisedVariance(series)!,
      1e-13,
      1e-300,
    );
    close(
      bipowerVariation(series.map((r) => 8 * r)),
      64 * bipowerVariation(series)!,
      1e-13,
      1e-300,
    );
  }));
});

Deno.test("bipowerVariation() leaves a jump out that realisedVariance() holds", () => {
  const next = normal(2);
  const series = Array.from({ length: 2_000 }, () => 0.001 * next());
  series[1_000] = 0.1;
  const quiet = 2_000 * 1e-6;
  close(realisedVariance(series), quiet + 0.01, 0.1);
  close(bipowerVariation(series), quiet, 0.15);
});

Deno.test("a missing return makes only its windows absent", () => {
  const series = [0.1, 0.2, NaN, 0.1, 0.2];
  const options = { window: 2, periodsPerYear: 1 };
  for (const rolling of [rollingRealisedVolatility, rollingSampleVolatility]) {
    deepStrictEqual(rolling(series, options).map((v) => v === null), [
      true,
      false,
      true,
      true,
      false,
    ]);
  }
});

Deno.test("volatility refuses to annualize by what is no number of periods", () => {
  for (const bad of [0, -1, NaN, Infinity]) {
    throws(() => sampleVolatility([0.1, 0.2], bad), RangeError);
    throws(() => rollingRealisedVolatility([0.1], { window: 1, periodsPerYear: bad }), RangeError);
    throws(() => rollingSampleVolatility([0.1], { window: 1, periodsPerYear: bad }), RangeError);
  }
});

Deno.test("one-second bars read bid-ask bounce as volatility, one-minute bars hardly", () => {
  const next = normal(3);
  const side = uniform(4);
  const year = 365 * 86_400;
  const hours = 6;
  let level = Math.log(60_000);
  const prices = Array.from({ length: hours * 3_600 }, () => {
    level += 0.6 / Math.sqrt(year) * next();
    return Math.exp(level + (side() < 0.5 ? 1e-4 : -1e-4));
  });
  const volatility = (seconds: number) => {
    const bars = logReturns(prices.filter((_, t) => t % seconds === 0)).map((r) => r ?? NaN);
    return sampleVolatility(bars, year / seconds)!;
  };
  ok(volatility(1) > 0.9, `${volatility(1)}`);
  ok(volatility(60) < 0.7, `${volatility(60)}`);
});
