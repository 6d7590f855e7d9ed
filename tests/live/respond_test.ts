import { strictEqual } from "node:assert/strict";
import { savedAs } from "../../lib/live/respond.ts";

Deno.test("savedAs() gives names that every system takes, and keeps those that are", () => {
  for (
    const [name, saved] of [
      ["BTCUSDT-5m.csv", "BTCUSDT-5m.csv"],
      ["okx:BTC-USDT-SWAP-trades.parquet", "okx-BTC-USDT-SWAP-trades.parquet"],
      ["币安人生USDT.csv", "%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT.csv"],
      ['a/b\\c"d\r\n.csv', "a-b-c-d--.csv"],
    ]
  ) {
    strictEqual(savedAs(name!)["content-disposition"], `attachment; filename*=UTF-8''${saved}`);
  }
});
