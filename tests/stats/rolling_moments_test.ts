import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RollingMoments } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** Mean and deviation by the textbook, two passes, over the values that are there. */
function direct(rows: readonly number[]): { mean: number; deviation: number } {
  const origin = rows[0]!;
  const mean = rows.reduce((sum, v) => sum + (v - origin), 0) / rows.length;
  const squares = rows.reduce((sum, v) => sum + (v - origin - mean) ** 2, 0);
  return { mean: origin + mean, deviation: Math.sqrt(squares / (rows.length - 1)) };
}

const values = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
    { weight: 2, arbitrary: fc.constantFrom(1, 2) },
  ),
  { minLength: 10, maxLength: 60 },
);

Deno.test("rollingMoments.push() agrees with the direct formula on every window", () => {
  fc.assert(fc.property(values, fc.integer({ min: 1, max: 9 }), (series, window) => {
    const rolling = new RollingMoments(window);
    series.forEach((value, i) => {
      rolling.push(value);
      const rows = series.slice(Math.max(0, i - window + 1), i + 1).filter(Number.isFinite);
      strictEqual(rolling.count, rows.length);
      if (rows.length === 0) return strictEqual(rolling.mean, null);
      const expected = direct(rows);
      const scale = Math.max(1e-100, ...rows.map(Math.abs));
      close(rolling.mean, expected.mean, 0, 1e-14 * scale);
      if (rows.length < 2) return strictEqual(rolling.deviation(), null);
      close(rolling.deviation(), expected.deviation, 1e-12, 1e-14 * scale);
    });
  }));
});

Deno.test("rollingMoments.push() depends on the window alone, whatever came before", () => {
  const window = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(values, window, fc.nat(60), fc.nat(20), (series, window, skip, row) => {
    const early = new RollingMoments(window, row);
    const late = new RollingMoments(window, row + skip);
    series.forEach((value, i) => {
      early.push(value);
      if (i < skip) return;
      late.push(value);
      if (i < skip + window - 1) return;
      deepStrictEqual([late.mean, late.deviation()], [early.mean, early.deviation()]);
    });
  }));
});

Deno.test("rollingMoments.restore() goes on bit for bit, also through JSON", () => {
  fc.assert(fc.property(values, fc.integer({ min: 1, max: 9 }), fc.nat(60), (series, w, cut) => {
    let rolling = new RollingMoments(w, 3);
    const whole = new RollingMoments(w, 3);
    series.forEach((value, i) => {
      if (i === cut) rolling = RollingMoments.restore(JSON.parse(JSON.stringify(rolling.state())));
      rolling.push(value);
      whole.push(value);
      deepStrictEqual([rolling.mean, rolling.deviation()], [whole.mean, whole.deviation()]);
    });
  }));
});

Deno.test("rollingMoments.push() does not drift in a million prices a cent apart", () => {
  const window = 60;
  const next = normal(7);
  const rolling = new RollingMoments(window);
  const recent: number[] = [];
  let price = 118_000;
  for (let i = 0; i < 1_000_000; i++) {
    price = Math.round((price + 0.02 * next()) * 100) / 100;
    rolling.push(price);
    if (i % 20_011 < window) recent.push(price);
    if (i % 20_011 !== window - 1) continue;
    const expected = direct(recent.splice(0));
    close(rolling.mean, expected.mean, 1e-15);
    close(rolling.deviation(), expected.deviation, 1e-11);
  }
});

Deno.test("rollingMoments.deviation() is exactly 0 on a flat window after a wild one", () => {
  const rolling = new RollingMoments(15);
  for (const value of [1e9, -3, 0.1, 7e-7]) rolling.push(value);
  for (let i = 0; i < 15; i++) rolling.push(3.3);
  strictEqual(rolling.deviation(), 0);
  strictEqual(rolling.mean, 3.3);
  strictEqual(rolling.isFlat, true);
});

Deno.test("new RollingMoments() refuses a window or row that is not a whole number", () => {
  for (const window of [NaN, 0, -1, 2.5]) throws(() => new RollingMoments(window), RangeError);
  for (const row of [NaN, -1, 2.5]) throws(() => new RollingMoments(3, row), RangeError);
});
