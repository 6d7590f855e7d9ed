import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RollingVwap, rollingVwap, sessionVwap } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

const rows = fc.array(
  fc.tuple(
    fc.double({ min: 1e4, max: 2e5, noNaN: true }),
    fc.double({ min: 0.001, max: 100, noNaN: true }),
  ),
  { minLength: 1, maxLength: 40 },
);

Deno.test("sessionVwap() is the sum of price times volume over volume, from each new session", () => {
  fc.assert(fc.property(rows, fc.nat(40), (list, cut) => {
    const prices = list.map(([price]) => price);
    const volumes = list.map(([, volume]) => volume);
    const sessions = list.map((_, t) => t < cut ? 1 : 2);
    const last = list.slice(cut < list.length ? cut : 0);
    const quote = last.reduce((sum, [p, v]) => sum + p * v, 0);
    const base = last.reduce((sum, [, v]) => sum + v, 0);
    close(sessionVwap(prices, volumes, sessions).at(-1), quote / base, 1e-13);
  }));
});

Deno.test("rollingVwap() lies between the lowest and the highest price of its window", () => {
  fc.assert(fc.property(rows, fc.integer({ min: 1, max: 5 }), (list, window) => {
    const prices = list.map(([price]) => price);
    const volumes = list.map(([, volume]) => volume);
    return rollingVwap(prices, volumes, window).every((value, t) => {
      if (value === null) return t + 1 < window;
      const seen = prices.slice(t + 1 - window, t + 1);
      return value >= Math.min(...seen) * (1 - 1e-12) && value <= Math.max(...seen) * (1 + 1e-12);
    });
  }));
});

Deno.test("vwap is absent without volume, and a bad row adds nothing", () => {
  deepStrictEqual(sessionVwap([10, 10], [0, 0]), [null, null]);
  deepStrictEqual(sessionVwap([10, NaN, 20, -5], [1, 9, NaN, 9]), [10, 10, 10, 10]);
  deepStrictEqual(rollingVwap([10, NaN, 20], [0, 0, 2], 2), [null, null, 20]);
  deepStrictEqual(rollingVwap([10, NaN, 20], [1, 1, 2], 2), [null, null, null]);
});

Deno.test("rollingVwap.restore() goes on bit for bit, also through JSON", () => {
  fc.assert(fc.property(rows, fc.nat(40), (list, cut) => {
    let vwap = new RollingVwap(3);
    const whole = new RollingVwap(3);
    list.forEach(([price, volume], t) => {
      if (t === cut) vwap = RollingVwap.restore(JSON.parse(JSON.stringify(vwap.state())));
      strictEqual(vwap.push(price, volume), whole.push(price, volume));
    });
  }));
});

Deno.test("vwap refuses columns of different lengths and a bad window", () => {
  throws(() => sessionVwap([1], [1, 2]), RangeError);
  throws(() => sessionVwap([1], [1], [1, 2]), RangeError);
  throws(() => rollingVwap([1], [1, 2], 1), RangeError);
  throws(() => new RollingVwap(0), RangeError);
});
