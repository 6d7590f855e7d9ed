import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { type BarPrices, type RangeEstimator, rangeVolatility } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const ESTIMATORS: readonly RangeEstimator[] = [
  "parkinson",
  "garman-klass",
  "rogers-satchell",
  "yang-zhang",
  "garman-klass-yang-zhang",
];

/** Bars of a random walk of many steps each, of unit variance per bar. */
function walkBars(seed: number, count: number, unit = 1) {
  const next = normal(seed);
  const bars = { open: [], high: [], low: [], close: [] } as Record<string, number[]>;
  let level = 0;
  for (let bar = 0; bar < count; bar++) {
    const path = Array.from({ length: 400 }, () => level += next() / 20 / 100);
    const prices = path.map((value) => unit * Math.exp(value));
    bars.open!.push(prices[0]!);
    bars.high!.push(Math.max(...prices));
    bars.low!.push(Math.min(...prices));
    bars.close!.push(prices.at(-1)!);
  }
  return bars as unknown as BarPrices;
}

Deno.test("rangeVolatility() finds the volatility of a walk with every estimator", () => {
  const bars = walkBars(5, 400);
  for (const estimator of ESTIMATORS) {
    const last = rangeVolatility(bars, { estimator, window: 399, periodsPerYear: 1 }).at(-1);
    // ranges of 400 steps miss a little of the continuous range
    ok(Math.abs(last! * 100 - 1) < 0.12, `${estimator} ${last}`);
  }
});

Deno.test("rangeVolatility() does not depend on the unit of price", () => {
  const [small, large] = [walkBars(6, 20, 1e-5), walkBars(6, 20, 1e5)];
  for (const estimator of ESTIMATORS) {
    const options = { estimator, window: 5, periodsPerYear: 365 };
    rangeVolatility(small, options).forEach((value, t) => {
      const other = rangeVolatility(large, options)[t]!;
      if (value === null) return strictEqual(other, null);
      close(value, other, 1e-7);
    });
  }
});

Deno.test("rangeVolatility() is 0 for bars that never move", () => {
  const flat = [100, 100, 100, 100];
  for (const estimator of ESTIMATORS) {
    const options = { estimator, window: 2, periodsPerYear: 365 };
    const bars = { open: flat, high: flat, low: flat, close: flat };
    strictEqual(rangeVolatility(bars, options).at(-1), 0);
  }
});

Deno.test("rangeVolatility() is absent while the window is not full or a price is bad", () => {
  const bars = walkBars(7, 6);
  for (const bad of [NaN, 0, -1, Infinity]) {
    const high = Array.from(bars.high, (value, t) => t === 2 ? bad : value);
    const options = { estimator: "parkinson", window: 2, periodsPerYear: 1 } as const;
    const absent = rangeVolatility({ ...bars, high }, options).map((value) => value === null);
    deepStrictEqual(absent, [true, false, true, true, false, false]);
  }
});

Deno.test("rangeVolatility() refuses unequal lengths and options out of range", () => {
  const bars = { open: [1], high: [1], low: [1], close: [1, 2] };
  const options = { estimator: "parkinson", window: 1, periodsPerYear: 1 } as const;
  throws(() => rangeVolatility(bars, options), RangeError);
  const fine = { open: [1], high: [1], low: [1], close: [1] };
  throws(() => rangeVolatility(fine, { ...options, window: 0 }), RangeError);
  throws(() => rangeVolatility(fine, { ...options, periodsPerYear: 0 }), RangeError);
  throws(() => rangeVolatility(fine, { ...options, estimator: "yang-zhang" }), RangeError);
});
