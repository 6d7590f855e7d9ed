import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  kellyFraction,
  notionalSizes,
  pairExposure,
  roundToLot,
  type SizingInput,
  unitSizes,
  volatilityScale,
} from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const price = fc.double({ min: 1e-4, max: 2e5, noNaN: true });
const input: fc.Arbitrary<SizingInput> = fc.record({
  priceY: price,
  priceX: price,
  hedgeRatio: fc.double({ min: -5, max: 5, noNaN: true }),
  grossNotional: fc.double({ min: 1, max: 1e7, noNaN: true }),
  side: fc.constantFrom(1 as const, -1 as const),
});

Deno.test("unitSizes() and notionalSizes() use the gross notional and leave nothing unhedged", () => {
  fc.assert(fc.property(input, (pair) => {
    for (const sizes of [unitSizes, notionalSizes]) {
      close(pairExposure(sizes(pair), pair).gross, pair.grossNotional, 1e-12);
      strictEqual(Math.sign(sizes(pair).y), pair.side);
    }
    const units = unitSizes(pair);
    close(pairExposure(units, pair).residualUnits, 0, 0, 1e-12 * Math.abs(units.x));
    const { residualNotional } = pairExposure(notionalSizes(pair), pair);
    close(residualNotional, 0, 0, 1e-9 * pair.grossNotional);
  }));
});

Deno.test("unitSizes() and notionalSizes() mirror when the spread is sold", () => {
  fc.assert(fc.property(input, (pair) => {
    for (const sizes of [unitSizes, notionalSizes]) {
      const [buy, sell] = [sizes({ ...pair, side: 1 }), sizes({ ...pair, side: -1 })];
      strictEqual(buy.y, -sell.y);
      ok(buy.x === -sell.x);
    }
  }));
});

Deno.test("a ratio of logs hedges as notionals, not as units", () => {
  const next = normal(1);
  let [spread, level] = [0, 0];
  const rows = Array.from({ length: 2_000 }, () => {
    level += 0.01 * next();
    spread = 0.9 * spread + 0.001 * next();
    return { x: 100 * Math.exp(level), y: 7_000 * Math.exp(0.5 * level + spread) };
  });
  const deviation = (sizesOf: typeof unitSizes, hedgeRatio: number) => {
    const changes = rows.slice(1).map((row, t) => {
      const { x, y } = rows[t]!;
      const sizes = sizesOf({ priceY: y, priceX: x, hedgeRatio, grossNotional: 1e4, side: 1 });
      return sizes.y * (row.y - y) + sizes.x * (row.x - x);
    });
    const mean = changes.reduce((a, b) => a + b) / changes.length;
    return Math.sqrt(changes.reduce((sum, c) => sum + (c - mean) ** 2, 0) / changes.length);
  };
  const unhedged = deviation(unitSizes, 0);
  ok(deviation(notionalSizes, 0.5) < 0.4 * unhedged);
  ok(deviation(unitSizes, 0.5) > 0.9 * unhedged);
});

Deno.test("roundToLot() is a whole number of lots, not larger and less than a lot smaller", () => {
  const quantity = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(fc.property(quantity, fc.constantFrom(0.001, 0.1, 1, 2.5), (quantity, lot) => {
    const rounded = roundToLot(quantity, lot);
    close(rounded / lot, Math.round(rounded / lot), 1e-12, 1e-12);
    ok(Math.abs(rounded) <= Math.abs(quantity) * (1 + 1e-12));
    ok(Math.abs(quantity - rounded) < lot * (1 + 1e-6));
  }));
  fc.assert(fc.property(fc.integer({ min: -1e6, max: 1e6 }), (lots) => {
    close(roundToLot(lots / 10, 0.1), lots / 10, 1e-12);
  }));
});

Deno.test("volatilityScale() brings the deviation to its target", () => {
  close(volatilityScale(100, 40)! * 40, 100);
  for (const none of [0, -1, NaN]) strictEqual(volatilityScale(100, none), null);
});

Deno.test("kellyFraction() is mean over variance, absent below 30 returns or without variance", () => {
  const next = normal(2);
  const returns = Array.from({ length: 50_000 }, () => 0.02 + 0.1 * next());
  close(kellyFraction(returns).fraction, 2, 0.1);
  strictEqual(kellyFraction(returns).half, kellyFraction(returns).fraction! / 2);
  strictEqual(kellyFraction(returns.slice(0, 29)).fraction, null);
  strictEqual(kellyFraction(Array<number>(40).fill(0.1)).reason, "all returns are equal");
});

Deno.test("sizing refuses numbers out of range", () => {
  const fine = { priceY: 1, priceX: 1, hedgeRatio: 1, grossNotional: 1, side: 1 } as const;
  const wrong = [{ priceY: 0 }, { priceX: -1 }, { hedgeRatio: NaN }, { grossNotional: -1 }];
  for (const change of wrong) {
    throws(() => unitSizes({ ...fine, ...change }), RangeError);
    throws(() => notionalSizes({ ...fine, ...change }), RangeError);
  }
  for (const lot of [0, -1, NaN, Infinity]) throws(() => roundToLot(1, lot), RangeError);
});
