import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { formatTime, formatValue } from "../../lib/charts/mod.ts";

Deno.test("formatValue() shows five digits, groups thousands, and a dash for nothing", () => {
  const cases: [number | null | undefined, string][] = [
    [0, "0"],
    [-2, "−2"],
    [0.5, "0.50000"],
    [999.5, "999.50"],
    [1_234_567.891, "1,234,567.89"],
    [99_999.999, "100,000.00"],
    [-0.000123456, "−0.00012346"],
    [1e-12, "1.00e−12"],
    [2e15, "2.000e+15"],
    [null, "–"],
    [undefined, "–"],
    [NaN, "–"],
    [-Infinity, "–"],
  ];
  deepStrictEqual(cases.map(([value]) => formatValue(value)), cases.map(([, text]) => text));
});

Deno.test("formatValue() is within half a unit of its last digit, or five digits", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, min: -1e14, max: 1e14 }), (value) => {
    const read = Number(formatValue(value).replaceAll(",", "").replaceAll("−", "-"));
    const isClose = Math.abs(read - value) <= Math.max(0.0051, 6e-3 * Math.abs(value));
    strictEqual(isClose, true, `${value} became ${read}`);
  }));
});

Deno.test("formatTime() leaves out seconds where rows are whole minutes", () => {
  strictEqual(formatTime(1_721_347_025_000, 1_000), "2024-07-18 23:57:05");
  strictEqual(formatTime(1_721_347_020_000, 300_000), "2024-07-18 23:57");
});
