import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ccxtNameOf, ccxtVenue, symbolName, venueOf, VENUES } from "../../lib/market/mod.ts";

Deno.test("symbolName() gives its own result back, whatever the letters", () => {
  for (
    const text of ["btcusdt", "oKx:btc-usdt-swap", "牛来usdt", "bybit:牛来usdt", "", ":", "a:b:c"]
  ) {
    strictEqual(symbolName(symbolName(text)), symbolName(text));
    strictEqual(symbolName(text.toUpperCase()), symbolName(text.toLowerCase()));
  }
});

Deno.test("venueOf() finds each venue by its prefix in any case, and none by another", () => {
  for (const venue of VENUES) {
    const symbol = venue.prefix === null ? "BTCUSDT" : `${venue.prefix}:BTCUSDT`;
    strictEqual(venueOf(symbol), venue);
    strictEqual(venueOf(symbol.toUpperCase()), venue);
  }
  deepStrictEqual(["mars:BTCUSDT", ":BTCUSDT", "null:BTCUSDT"].map(venueOf), [null, null, null]);
});

Deno.test("venueOf() asks for names with a slash through ccxt, whatever the venue", () => {
  for (const symbol of ["kraken:BTC/USD", "KRAKEN:btc/usd:usd", "okx:BTC/USDT:USDT-261225"]) {
    const name = symbol.split(":")[0]!.toLowerCase();
    strictEqual(venueOf(symbol), ccxtVenue(name));
    strictEqual(venueOf(symbol)?.code, `ccxt-${name}`);
  }
  for (const symbol of ["BTC/USDT", "BTC/USDT:USDT", "kraken:BTC/", ":BTC/USD", "a:b:BTC/USD"]) {
    strictEqual(ccxtNameOf(symbol), null, symbol);
  }
});

Deno.test("VENUES says of each venue what the table of the docs says", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/add_a_venue.md", import.meta.url));
  const cells = (line: string) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const rows = page.split("\n").map(cells);
  const others = { ...ccxtVenue("kraken"), name: "others through ccxt" };
  for (const { name, promises: { ids, noticed, reach } } of [...VENUES, others]) {
    deepStrictEqual(rows.find((row) => row[0] === name), [name, ids, noticed, reach]);
  }
});
