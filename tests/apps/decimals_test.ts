import { deepStrictEqual } from "node:assert/strict";
import { decimalsOf } from "../../lib/apps/ingest/decimals.ts";

Deno.test("decimalsOf() tells the decimals of price and quantity steps", () => {
  const of = (tickSize: number, stepSize: number) =>
    Object.values(decimalsOf({ tickSize, stepSize } as Parameters<typeof decimalsOf>[0]));
  deepStrictEqual(of(0.1, 0.001), [1, 3]);
  deepStrictEqual(of(0.25, 1), [2, 0]);
  deepStrictEqual(of(1e-7, 1_000), [7, 0]);
  deepStrictEqual(of(1e-12, 0), [8, 8]);
});
