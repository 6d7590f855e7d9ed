import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { Moments, moments } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";

Deno.test("moments() of known values", () => {
  const m = moments([2, 4, 4, 4, 5, 5, 7, 9]);
  strictEqual(m.mean, 5);
  close(m.deviation(0), 2);
  close(m.deviation(), Math.sqrt(32 / 7));
  deepStrictEqual([m.minimum, m.maximum, m.count], [2, 9, 8]);
});

Deno.test("moments() of nothing, one value and missing values is absent where undefined", () => {
  const none = new Moments();
  deepStrictEqual(
    [none.count, none.mean, none.minimum, none.maximum, none.deviation()],
    [0, null, null, null, null],
  );
  const one = moments([NaN, 3, Infinity]);
  deepStrictEqual([one.count, one.mean, one.deviation(), one.deviation(0)], [1, 3, null, 0]);
});

Deno.test("moments() of flat values deviates by exactly 0", () => {
  for (const value of [0.1, 3.3, 118_000.07]) {
    strictEqual(moments(new Array(15).fill(value)).deviation(), 0);
    strictEqual(moments(new Array(15).fill(value)).mean, value);
  }
});

Deno.test("moments() follows an affine change of unit", () => {
  const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2 });
  fc.assert(fc.property(values, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, k) => {
    const a = moments(values);
    const b = moments(values.map((v) => 5 + k * v));
    close(b.mean, 5 + k * a.mean!, 1e-12, 1e-12);
    close(b.deviation(), k * a.deviation()!, 1e-9, 1e-12);
  }));
});

Deno.test("moments() of values too large to square are absent, not infinite", () => {
  const huge = moments([1e300, -1e300, 5e299]);
  strictEqual(huge.deviation(), null);
  strictEqual(moments([1.7e308, -1.7e308]).mean, null);
});
