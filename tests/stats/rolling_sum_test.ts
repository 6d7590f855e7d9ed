import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RollingSum } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const series = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 60 });
const window = fc.integer({ min: 1, max: 9 });

Deno.test("rollingSum.push() is the sum of the window, absent until it is full", () => {
  fc.assert(fc.property(series, window, (values, w) => {
    const rolling = new RollingSum(w);
    values.forEach((value, t) => {
      const sum = rolling.push(value);
      if (t + 1 < w) return strictEqual(sum, null);
      const last = values.slice(t + 1 - w, t + 1);
      // what cancels takes its digits along: the error is that of adding, not of the sum
      const size = Math.sumPrecise(last.map(Math.abs));
      close(sum, Math.sumPrecise(last), 0, w * Number.EPSILON * size);
    });
  }));
});

Deno.test("rollingSum.push() is absent while a value is missing, and no longer", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const rolling = new RollingSum(2);
    const sums = [1, bad, 3, 4, 5].map((value) => rolling.push(value));
    deepStrictEqual(sums, [null, null, null, 7, 9]);
  }
});

Deno.test("rollingSum.push() forgets a huge value entirely", () => {
  const rolling = new RollingSum(3);
  const sums = [1e300, 1, 2, 3, 4].map((value) => rolling.push(value));
  deepStrictEqual(sums.slice(3), [6, 9]);
});

Deno.test("rollingSum.push() does not drift over a million values", () => {
  const next = normal(1);
  const rolling = new RollingSum(60);
  const last: number[] = [];
  let sum: number | null = null;
  for (let t = 0; t < 1e6; t++) {
    const value = 1e5 + next();
    sum = rolling.push(value);
    if (t >= 1e6 - 60) last.push(value);
  }
  close(sum, Math.sumPrecise(last), 1e-15);
});

Deno.test("rollingSum.restore() goes on bit for bit through JSON, from any row number", () => {
  fc.assert(fc.property(series, window, fc.nat(60), fc.nat(20), (values, w, cut, row) => {
    const whole = new RollingSum(w, row);
    let rolling = new RollingSum(w, row);
    values.forEach((value, t) => {
      if (t === cut) rolling = RollingSum.restore(JSON.parse(JSON.stringify(rolling.state())));
      strictEqual(rolling.push(value), whole.push(value));
    });
  }));
});

Deno.test("RollingSum refuses a window that is no whole number >= 1", () => {
  for (const bad of [0, -1, 1.5, NaN, Infinity]) throws(() => new RollingSum(bad), RangeError);
});
