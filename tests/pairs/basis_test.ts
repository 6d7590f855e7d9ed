import { ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { basisBps } from "../../lib/pairs/mod.ts";

const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

Deno.test("basisBps() has the sign of the difference, and none without two prices of one time", () => {
  fc.assert(fc.property(price, price, (y, x) => {
    const basis = basisBps({ y, x, stale: false })!;
    strictEqual(Math.sign(basis), Math.sign(y - x));
    strictEqual(basisBps({ y, x, stale: true }), null);
  }));
});

Deno.test("basisBps() does not change with the unit of the prices, and turns with the legs", () => {
  fc.assert(fc.property(price, price, price, (y, x, unit) => {
    const basis = basisBps({ y, x, stale: false })!;
    const scaled = basisBps({ y: y * unit, x: x * unit, stale: false })!;
    ok(Math.abs(scaled - basis) <= 1e-9 * (10_000 + Math.abs(basis)));
    const turned = basisBps({ y: x, x: y, stale: false })!;
    // (1 + a)(1 + b) = 1 for the two relative differences; near -1 one of the two has few digits.
    const [a, b] = [1 + basis / 1e4, 1 + turned / 1e4];
    ok(Math.abs(a * b - 1) < 1e-13 * Math.max(a, b, 1 / a, 1 / b));
  }));
});
