import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { differences } from "./compare.ts";
import { GoldenCase } from "./fixture.ts";

const options = { tol: { rel: 1e-6, abs: 1e-9 }, exact: ["nobs"] };
const count = (got: unknown, expected: unknown) => differences(got, expected, options).length;

Deno.test("differences() accepts numbers within tolerance and refuses others", () => {
  strictEqual(count({ a: 1 + 1e-7 }, { a: 1 }), 0);
  strictEqual(count({ a: 1 + 1e-5 }, { a: 1 }), 1);
  strictEqual(count({ a: [1, 2.1, 3] }, { a: [1, 2, 3] }), 1);
  strictEqual(count({ a: [1, 2] }, { a: [1, 2, 3] }), 1);
});

Deno.test("differences() compares counts exactly, and p-values of 0 and 1", () => {
  strictEqual(count({ nobs: 100.00001 }, { nobs: 100 }), 1);
  strictEqual(count({ pvalue: 1e-300 }, { pvalue: 0 }), 1);
  strictEqual(count({ p: [1 - 1e-12] }, { p: [1] }), 1);
});

Deno.test("differences() wants an absent number to be absent, never 0", () => {
  strictEqual(count({ z: null }, { z: null }), 0);
  strictEqual(count({ z: NaN }, { z: null }), 0);
  strictEqual(count({ z: 0 }, { z: null }), 1);
  strictEqual(count({}, { z: null }), 1);
  strictEqual(count({ z: null }, { z: 0 }), 1);
  strictEqual(count({ z: -Infinity }, { z: "-Infinity" }), 0);
  strictEqual(count({ z: -1e308 }, { z: "-Infinity" }), 1);
});

Deno.test("GoldenCase.unread() lists what an adapter never asked for", () => {
  const file = {
    schema: 1,
    analytic: "a",
    source: "by hand",
    function: "none",
    tol: options.tol,
    data: { y: [1, null, "Infinity"] },
    cases: [],
  };
  const raw = { id: "a", inputs: { y: "@y", x: [1] }, params: { lag: 1, w: 2 }, expected: {} };
  const golden = new GoldenCase(file, raw);
  deepStrictEqual(golden.series("y"), [1, NaN, Infinity]);
  strictEqual(golden.number("lag"), 1);
  deepStrictEqual(golden.unread(), ["input x", "parameter w"]);
});
