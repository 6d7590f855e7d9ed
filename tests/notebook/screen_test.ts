import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { attach, screen } from "../../lib/notebook/mod.ts";
import { Market } from "../live/support/market.ts";

Deno.test("screen() tests every pair of the database in use, and what is added later", () => {
  using market = new Market(["AUSDT", "BUSDT", "CUSDT", "DUSDT"]);
  market.add(90);
  using _ = attach({ db: market.path });
  const universe = screen({ window: 40, rows: "all" });
  const { tested, rows, openTimeMs, holdOut } = universe.report();
  deepStrictEqual([tested, rows.length, openTimeMs], [6, 6, market.timeMs(89)]);
  ok(holdOut.latest !== null);
  const cells = universe.cells();
  strictEqual(cells.length, 12);
  const [first] = cells;
  const row = rows.find(({ y, x }) => [y, x].includes(first!.x) && [y, x].includes(first!.y))!;
  deepStrictEqual(first!.pValue, row.pValue);
  deepStrictEqual(universe.order().toSorted(), ["AUSDT", "BUSDT", "CUSDT", "DUSDT"]);
  market.add(3);
  universe.report();
  strictEqual(universe.report({ limit: 2 }).rows.length, 2);
  strictEqual(universe.report({ symbols: { quote: "USDC" } }).tested, 0);
  throws(() => screen({ window: 10 }), RangeError);
  throws(() => screen({ interval: "soon" }), RangeError);
});
