import { strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { decimalsOf, formatDecimal, parseDecimal } from "../../lib/exchange/decimal.ts";

Deno.test("formatDecimal() writes units with a fixed number of decimals", () => {
  strictEqual(formatDecimal(8_309_170, 2), "83091.70");
  strictEqual(formatDecimal(7, 3), "0.007");
  strictEqual(formatDecimal(-5, 2), "-0.05");
  strictEqual(formatDecimal(0, 2), "0.00");
  strictEqual(formatDecimal(42, 0), "42");
});

Deno.test("parseDecimal() reads fewer decimals than the precision", () => {
  strictEqual(parseDecimal("83091.7", 2), 8_309_170);
  strictEqual(parseDecimal("83091", 2), 8_309_100);
});

Deno.test("parseDecimal() is the inverse of formatDecimal()", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 2 ** 52 }),
    fc.integer({ min: 0, max: 8 }),
    (units, decimals) => {
      const text = formatDecimal(units, decimals);
      strictEqual(decimalsOf(text), decimals);
      strictEqual(parseDecimal(text, decimals), units);
    },
  ));
});
