import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { logReturns, simpleReturns } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

const prices = fc.array(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), { minLength: 2 });

Deno.test("simpleReturns() and logReturns() answer one number per price, the first absent", () => {
  for (const returns of [simpleReturns, logReturns]) {
    deepStrictEqual(returns([]), []);
    deepStrictEqual(returns([5]), [null]);
    strictEqual(returns([5, 6]).length, 2);
  }
});

Deno.test("simpleReturns() and logReturns() are absent wherever a price is no price", () => {
  for (const bad of [NaN, 0, -1, Infinity, -Infinity]) {
    for (const returns of [simpleReturns, logReturns]) {
      const [, into, out, after] = returns([100, bad, 100, 101]);
      deepStrictEqual([into, out], [null, null]);
      strictEqual(typeof after, "number");
    }
  }
});

Deno.test("simpleReturns() is the exponential of logReturns() less one", () => {
  fc.assert(fc.property(prices, (series) => {
    const simple = simpleReturns(series);
    logReturns(series).forEach((value, t) => {
      if (t > 0) close(Math.expm1(value!), simple[t]!, 1e-13, 1e-13);
    });
  }));
});

Deno.test("logReturns() sum to the log of last over first, whatever the unit of price", () => {
  fc.assert(fc.property(prices, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (series, unit) => {
    const sum = logReturns(series.map((price) => price * unit)).slice(1)
      .reduce<number>((total, value) => total + value!, 0);
    close(sum, Math.log(series.at(-1)! / series[0]!), 1e-12, 1e-12 * series.length);
  }));
});
