import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { symbolName, venueOf, VENUES } from "../../lib/market/mod.ts";

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

Deno.test("VENUES says of each venue what the table of the docs says", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/add_a_venue.md", import.meta.url));
  const cells = (line: string) => line.split("|").slice(1, -1).map((cell) => cell.trim());
  const rows = page.split("\n").map(cells);
  for (const { name, promises: { ids, noticed, reach } } of VENUES) {
    deepStrictEqual(rows.find((row) => row[0] === name), [name, ids, noticed, reach]);
  }
});
