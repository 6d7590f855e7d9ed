import { deepStrictEqual, ok } from "node:assert/strict";
import { partitionOf } from "../../lib/bus/mod.ts";

Deno.test("partitionOf() never changes: logs were divided by it", () => {
  const symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "1000PEPEUSDT", "币安人生USDT"];
  deepStrictEqual(symbols.map((symbol) => partitionOf(symbol, 8)), [4, 0, 5, 0, 7]);
});

Deno.test("partitionOf() spreads symbols evenly", () => {
  const counts = new Array(8).fill(0);
  for (let k = 0; k < 800; k++) counts[partitionOf(`SYMBOL${k}USDT`, 8)]++;
  ok(Math.max(...counts) < 150 && Math.min(...counts) > 60, counts.join(" "));
});
