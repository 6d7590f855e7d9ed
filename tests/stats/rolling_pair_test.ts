import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RollingPair } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

interface Direct {
  slope: number;
  intercept: number;
  correlation: number;
  residualDeviation: number;
}

/** The textbook formulas, two passes. */
function direct(pairs: readonly (readonly [number, number])[]): Direct {
  const [x0, y0] = pairs[0]!;
  const n = pairs.length;
  const mx = pairs.reduce((s, [x]) => s + (x - x0), 0) / n;
  const my = pairs.reduce((s, [, y]) => s + (y - y0), 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of pairs) {
    xx += (x - x0 - mx) ** 2;
    xy += (x - x0 - mx) * (y - y0 - my);
    yy += (y - y0 - my) ** 2;
  }
  const slope = xy / xx;
  let squares = 0;
  for (const [x, y] of pairs) squares += (y - y0 - my - slope * (x - x0 - mx)) ** 2;
  return {
    slope,
    intercept: y0 + my - slope * (x0 + mx),
    correlation: xy / Math.sqrt(xx * yy),
    residualDeviation: Math.sqrt(squares / (n - 2)),
  };
}

const number = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
  { weight: 2, arbitrary: fc.constantFrom(1, 2) },
);
const series = fc.array(fc.tuple(number, number), { minLength: 10, maxLength: 50 });
const answers = (pair: RollingPair) => [
  pair.count,
  pair.slope,
  pair.intercept,
  pair.correlation,
  pair.residualDeviation,
];

Deno.test("rollingPair.push() does not drift in a million prices a cent apart", () => {
  const window = 60;
  const next = normal(11);
  const rolling = new RollingPair(window);
  const recent: [number, number][] = [];
  let x = 118_000;
  for (let i = 0; i < 1_000_000; i++) {
    x = Math.round((x + 0.02 * next()) * 100) / 100;
    const y = Math.round((0.05 * x + 0.01 * next()) * 100) / 100;
    rolling.push(x, y);
    if (i % 20_011 < window) recent.push([x, y]);
    if (i % 20_011 !== window - 1) continue;
    const expected = direct(recent.splice(0));
    close(rolling.slope, expected.slope, 1e-10, 1e-12);
    close(rolling.intercept, expected.intercept, 1e-10);
    close(rolling.correlation, expected.correlation, 1e-10, 1e-12);
    close(rolling.residualDeviation, expected.residualDeviation, 1e-10);
  }
});

Deno.test("rollingPair.push() agrees with the direct formula, missing rows left out", () => {
  fc.assert(fc.property(series, fc.integer({ min: 3, max: 9 }), (rows, window) => {
    const rolling = new RollingPair(window);
    rows.forEach(([x, y], i) => {
      rolling.push(x, y);
      const pairs = rows.slice(Math.max(0, i - window + 1), i + 1)
        .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
      strictEqual(rolling.count, pairs.length);
      const spread = Math.max(...pairs.map(([x]) => x)) - Math.min(...pairs.map(([x]) => x));
      if (pairs.length < 3 || spread < 1) return;
      const expected = direct(pairs);
      close(rolling.slope, expected.slope, 1e-9, 1e-9);
      close(rolling.intercept, expected.intercept, 1e-9, 1e-6);
    });
  }));
});

Deno.test("rollingPair.push() depends on the window alone, whatever came before", () => {
  const window = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(series, window, fc.nat(50), fc.nat(20), (rows, window, skip, row) => {
    const early = new RollingPair(window, row);
    const late = new RollingPair(window, row + skip);
    rows.forEach(([x, y], i) => {
      early.push(x, y);
      if (i < skip) return;
      late.push(x, y);
      if (i >= skip + window - 1) deepStrictEqual(answers(late), answers(early));
    });
  }));
});

Deno.test("rollingPair.restore() goes on bit for bit, also through JSON", () => {
  fc.assert(fc.property(series, fc.integer({ min: 1, max: 9 }), fc.nat(50), (rows, w, cut) => {
    let rolling = new RollingPair(w, 5);
    const whole = new RollingPair(w, 5);
    rows.forEach(([x, y], i) => {
      if (i === cut) rolling = RollingPair.restore(JSON.parse(JSON.stringify(rolling.state())));
      rolling.push(x, y);
      whole.push(x, y);
      deepStrictEqual(answers(rolling), answers(whole));
    });
  }));
});

Deno.test("rollingPair.slope is absent for a constant x, the correlation for a constant leg", () => {
  const constantX = new RollingPair(4);
  const constantY = new RollingPair(4);
  for (const value of [0.1, 0.3, 0.2, 0.7]) {
    constantX.push(3.3, value);
    constantY.push(value, 3.3);
  }
  deepStrictEqual(answers(constantX), [4, null, null, null, null]);
  deepStrictEqual(answers(constantY), [4, 0, 3.3, null, 0]);
});

Deno.test("rollingPair.residualDeviation is absent where rounding hides the residuals", () => {
  const pair = new RollingPair(10);
  for (let i = 0; i < 10; i++) pair.push(118_000 + 0.01 * i, 3 + 0.1 * (118_000 + 0.01 * i));
  close(pair.slope, 0.1, 1e-8);
  strictEqual(pair.residualDeviation, null);
});

Deno.test("new RollingPair() refuses a window or row that is not a whole number", () => {
  for (const window of [NaN, 0, -1, 2.5]) throws(() => new RollingPair(window), RangeError);
  for (const row of [NaN, -1, 2.5]) throws(() => new RollingPair(3, row), RangeError);
});
