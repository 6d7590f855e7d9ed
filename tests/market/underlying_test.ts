import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { isSameUnderlying, underlyingOf } from "../../lib/market/mod.ts";

Deno.test("underlyingOf() reads the names of all venues, and says where a name does not tell", () => {
  const told: [string, string | null][] = [
    ["BTCUSDT", "BTC/USDT"],
    ["1000PEPEUSDT", "1000PEPE/USDT"],
    ["ETHUSDC", "ETH/USDC"],
    ["bybit:SOLUSDT", "SOL/USDT"],
    ["okx:BTC-USDT-SWAP", "BTC/USDT"],
    ["okx:BTC-USD-261225", null],
    ["kraken:BTC/USD:USD", "BTC/USD"],
    ["coinbase:ETH/USDC", "ETH/USDC"],
    ["deribit:BTC/USDC:USDC-261225", null],
    ["okx:-USDT-SWAP", null],
    ["USDT", null],
    ["ADB", null],
  ];
  for (const [symbol, wanted] of told) {
    const found = underlyingOf(symbol);
    strictEqual(found === null ? null : `${found.base}/${found.quote}`, wanted, symbol);
  }
});

Deno.test("isSameUnderlying() needs both assets to be the same, and known", () => {
  deepStrictEqual(
    [
      isSameUnderlying("okx:ETH-USDT-SWAP", "ETHUSDT"),
      isSameUnderlying("ETHUSDC", "ETHUSDT"),
      isSameUnderlying("okx:PEPE-USDT-SWAP", "1000PEPEUSDT"),
      isSameUnderlying("ADB", "ADB"),
    ],
    [true, false, false, false],
  );
});
