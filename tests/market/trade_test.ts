import { ok } from "node:assert/strict";
import { isSameTrade, type Trade } from "../../lib/market/mod.ts";

const trade: Trade = {
  venue: "binance-usdm",
  symbol: "BTCUSDT",
  tradeId: 7,
  timeMs: 1_000,
  price: 100,
  quantity: 2,
  takerSide: "buy",
  source: "ws",
};

const OTHERS: Partial<Trade>[] = [
  { venue: "bybit" },
  { symbol: "ETHUSDT" },
  { tradeId: 8 },
  { timeMs: 1_001 },
  { price: 100.1 },
  { quantity: 3 },
  { takerSide: "sell" },
];

for (const other of OTHERS) {
  Deno.test(`isSameTrade() tells another ${Object.keys(other)[0]} apart`, () => {
    ok(!isSameTrade(trade, { ...trade, ...other }));
  });
}

Deno.test("isSameTrade() does not mind where a copy was read", () => {
  ok(isSameTrade(trade, { ...trade, source: "archive" }));
});
