import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import {
  pairReadings,
  priceDistance,
  priceRatio,
  rollingSpread,
  staticSpread,
} from "../../lib/pairs/mod.ts";
import { close } from "../support/close.ts";
import { pairRows } from "./bars.ts";

Deno.test("rollingSpread() with lag 1 is the spread of the monitor", () => {
  const rows = pairRows(1, 120);
  const y = rows.map((row) => Math.log(row.y));
  const x = rows.map((row) => Math.log(row.x));
  const spread = rollingSpread(y, x, { window: 15 });
  pairReadings(rows, { windowBars: 15 }).forEach((reading, t) => {
    if (reading.spread === null) return strictEqual(spread[t], null);
    close(spread[t], reading.spread, 1e-6, 1e-12);
  });
});

Deno.test("rollingSpread() with lag 1 of a prefix is the prefix, bit for bit", () => {
  fc.assert(fc.property(fc.nat(1_000), fc.nat(60), (seed, length) => {
    const rows = pairRows(seed, 60);
    const spread = (count: number) =>
      rollingSpread(rows.slice(0, count).map((r) => r.y), rows.slice(0, count).map((r) => r.x), {
        window: 9,
      });
    deepStrictEqual(spread(length), spread(60).slice(0, length));
  }));
});

Deno.test("staticSpread() sums to zero and is absent without a ratio", () => {
  const rows = pairRows(2, 80);
  const spread = staticSpread(rows.map((r) => r.y), rows.map((r) => r.x))!;
  close(spread.reduce((sum, value) => sum + value, 0), 0, 0, 1e-7);
  strictEqual(staticSpread([1, 2, 3], [5, 5, 5]), null);
  strictEqual(staticSpread([1, NaN, 3], [1, 2, 3]), null);
});

Deno.test("priceRatio() and priceDistance() refuse prices that are not positive", () => {
  deepStrictEqual(priceRatio([1, 0, NaN, 4], [2, 1, 1, 1], "level"), [0.5, null, null, 4]);
  strictEqual(priceDistance([1, 2], [1, 0]), null);
  strictEqual(priceDistance([], []), null);
  strictEqual(priceDistance([3, 6], [1, 2]), 0);
});
