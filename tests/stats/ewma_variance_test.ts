import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { EwmaVariance, ewmaVariance } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

const series = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 });
const decay = fc.double({ min: 0.01, max: 0.99, noNaN: true });

Deno.test("ewmaVariance() equals its weighted sum", () => {
  fc.assert(fc.property(series, decay, (returns, d) => {
    const last = returns.length - 1;
    const sum = returns.reduce((total, r, t) => {
      const weight = d ** (last - t) * (t === 0 ? 1 : 1 - d);
      return total + weight * r * r;
    }, 0);
    close(ewmaVariance(returns, d).at(-1), sum, 1e-11, 1e-300);
  }));
});

Deno.test("ewmaVariance() starts at the first square and passes over what is missing", () => {
  deepStrictEqual(ewmaVariance([]), []);
  deepStrictEqual(ewmaVariance([NaN, 2, NaN, Infinity, 4], 0.5), [null, 4, 4, 4, 10]);
});

Deno.test("ewmaVariance.restore() goes on bit for bit, also through JSON", () => {
  fc.assert(fc.property(series, decay, fc.nat(20), (returns, d, cut) => {
    let variance = new EwmaVariance(d);
    const streamed = returns.map((value, t) => {
      if (t === cut) variance = EwmaVariance.restore(JSON.parse(JSON.stringify(variance.state())));
      return variance.push(value);
    });
    deepStrictEqual(streamed, ewmaVariance(returns, d));
    strictEqual(variance.variance, streamed.at(-1));
  }));
});

Deno.test("EwmaVariance refuses a decay outside (0, 1)", () => {
  for (const bad of [0, 1, -0.5, NaN, Infinity]) throws(() => new EwmaVariance(bad), RangeError);
});
