import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  hayashiYoshida,
  laggedHayashiYoshida,
  previousTickCorrelation,
  refreshTimeCorrelation,
  type TickSeries,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal, uniform } from "../support/random.ts";

const ticks = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: -999, max: 999 })), {
  minLength: 2,
  maxLength: 20,
}).map((list): TickSeries => {
  let time = 0;
  return {
    times: list.map(([step]) => time += step),
    values: list.map(([, value]) => value / 1_000),
  };
});

/** The definition: every pair of intervals that overlap. */
function defined(x: TickSeries, y: TickSeries, lag = 0) {
  const last = (series: TickSeries) =>
    Array.from(series.times).flatMap((time, t) =>
      series.times[t + 1] === time ? [] : [{ time, value: series.values[t]! }]
    );
  const [a, b] = [last(x), last(y).map(({ time, value }) => ({ time: time - lag, value }))];
  let covariance = 0;
  let overlaps = 0;
  for (let i = 1; i < a.length; i++) {
    for (let j = 1; j < b.length; j++) {
      if (Math.max(a[i - 1]!.time, b[j - 1]!.time) >= Math.min(a[i]!.time, b[j]!.time)) continue;
      overlaps++;
      covariance += (a[i]!.value - a[i - 1]!.value) * (b[j]!.value - b[j - 1]!.value);
    }
  }
  return { covariance, overlaps };
}

/** Trades of two correlated prices at random seconds. */
function trades(seed: number, seconds: number, rates: readonly [number, number], lead = 0) {
  const next = normal(seed);
  const clock = uniform(seed + 1);
  const common: number[] = [];
  const own: number[] = [];
  let [p, q] = [0, 0];
  for (let t = 0; t < seconds + lead; t++) {
    const shared = next();
    common.push(p += shared);
    own.push(q += 0.8 * shared + 0.6 * next());
  }
  const sampled = (path: readonly number[], rate: number, shift: number) => {
    const times: number[] = [];
    const values: number[] = [];
    for (let t = lead; t < seconds + lead; t++) {
      if (clock() >= rate) continue;
      times.push(1000 * t);
      values.push(path[t - shift]!);
    }
    return { times, values };
  };
  return { x: sampled(common, rates[0], 0), y: sampled(own, rates[1], lead) };
}

Deno.test("hayashiYoshida() equals the double sum of its definition, also shifted", () => {
  fc.assert(fc.property(ticks, ticks, (x, y) => {
    const expected = defined(x, y);
    const result = hayashiYoshida(x, y);
    close(result.covariance, expected.covariance, 1e-12, 1e-13);
    strictEqual(result.overlaps, expected.overlaps);
    for (const lag of [-40, -7, 3, 25]) {
      const { correlations } = laggedHayashiYoshida(x, y, [lag]);
      if (result.correlation === null) return strictEqual(correlations[0], null);
      const scale = Math.sqrt(result.varianceX * result.varianceY);
      close(correlations[0]! * scale, defined(x, y, lag).covariance, 1e-9, 1e-12);
    }
  }));
});

Deno.test("hayashiYoshida() does not change when the series change places", () => {
  fc.assert(fc.property(ticks, ticks, (x, y) => {
    const [there, back] = [hayashiYoshida(x, y), hayashiYoshida(y, x)];
    close(there.covariance, back.covariance, 1e-12, 1e-13);
    strictEqual(there.overlaps, back.overlaps);
  }));
});

Deno.test("hayashiYoshida() of one series with itself is its realised variance", () => {
  fc.assert(fc.property(ticks, (x) => {
    const { covariance, varianceX, correlation } = hayashiYoshida(x, x);
    close(covariance, varianceX, 1e-12, 1e-15);
    if (correlation !== null) close(correlation, 1, 1e-12);
  }));
});

Deno.test("hayashiYoshida() keeps the correlation that a fine grid loses", () => {
  let [raw, fine, coarse, refreshed] = [0, 0, 0, 0];
  for (let seed = 0; seed < 6; seed++) {
    const { x, y } = trades(10 * seed, 14_400, [0.3, 0.15]);
    raw += hayashiYoshida(x, y).correlation! / 6;
    fine += previousTickCorrelation(x, y, 1_000).realised! / 6;
    coarse += previousTickCorrelation(x, y, 60_000).realised! / 6;
    refreshed += refreshTimeCorrelation(x, y).realised! / 6;
  }
  ok(Math.abs(raw - 0.8) < 0.05, `${raw}`);
  ok(fine < 0.12, `${fine}`);
  ok(coarse > 0.65 && coarse < 0.8, `${coarse}`);
  ok(refreshed > fine && refreshed < raw);
});

Deno.test("hayashiYoshida() of changes too small to square is no number out of nothing", () => {
  const tiny = { times: [0, 1, 2], values: [0, 1e-162, 0] };
  const { correlation } = hayashiYoshida(tiny, tiny);
  ok(correlation === null || Number.isFinite(correlation));
});

Deno.test("laggedHayashiYoshida() finds who leads and by how long", () => {
  const lags = [-8, -6, -4, -2, 0, 2, 4, 6, 8].map((seconds) => 1_000 * seconds);
  const { x, y } = trades(7, 7_200, [0.5, 0.5], 4);
  strictEqual(laggedHayashiYoshida(x, y, lags).bestLag, 4_000);
  strictEqual(laggedHayashiYoshida(y, x, lags).bestLag, -4_000);
});

Deno.test("tick statistics take the last of several ticks at one time and skip missing ones", () => {
  const plain = { times: [0, 2, 5], values: [0, 1, 3] };
  const messy = { times: [0, 0, 2, 2, 3, 5], values: [9, 0, 7, 1, NaN, 3] };
  const y = { times: [1, 4, 6], values: [0, 2, 1] };
  deepStrictEqual(hayashiYoshida(messy, y), hayashiYoshida(plain, y));
  deepStrictEqual(refreshTimeCorrelation(messy, y), refreshTimeCorrelation(plain, y));
});

Deno.test("hayashiYoshida() has a covariance of 0 and no correlation without two ticks", () => {
  const y = { times: [1, 4, 6], values: [0, 2, 1] };
  for (const x of [{ times: [], values: [] }, { times: [2], values: [1] }]) {
    const { covariance, correlation, reason } = hayashiYoshida(x, y);
    deepStrictEqual([covariance, correlation], [0, null]);
    ok(reason!.startsWith("too few ticks"));
    strictEqual(refreshTimeCorrelation(x, y).realised, null);
    strictEqual(previousTickCorrelation(x, y, 1).realised, null);
  }
  const still = { times: [1, 4, 6], values: [2, 2, 2] };
  strictEqual(hayashiYoshida(still, y).reason, "a series never moves");
  strictEqual(laggedHayashiYoshida(still, y, [0]).bestLag, null);
});

Deno.test("previousTickCorrelation() samples the multiples of its width where both have begun", () => {
  const x = { times: [7, 12, 31], values: [0, 1, 3] };
  const y = { times: [3, 19, 35], values: [0, 2, 5] };
  // grid 10, 20, 30: x is 0, 1, 1 and y is 0, 2, 2
  deepStrictEqual(previousTickCorrelation(x, y, 10), { nobs: 2, realised: 1, pearson: null });
});

Deno.test("tick statistics refuse times that decrease, unequal lengths and a bad width", () => {
  const y = { times: [1, 2], values: [1, 2] };
  throws(() => hayashiYoshida({ times: [2, 1], values: [1, 2] }, y), RangeError);
  throws(() => hayashiYoshida({ times: [1, NaN], values: [1, 2] }, y), RangeError);
  throws(() => hayashiYoshida({ times: [1, 2], values: [1] }, y), RangeError);
  for (const width of [0, -1, NaN, Infinity]) {
    throws(() => previousTickCorrelation(y, y, width), RangeError);
  }
});
