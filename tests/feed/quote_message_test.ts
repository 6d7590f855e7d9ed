import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseQuote } from "../../lib/feed/mod.ts";

const RECEIVED_MS = 1791382995000;
const DATA = {
  ...{ e: "bookTicker", u: 11757092630476, s: "BTCUSDT", ps: "BTCUSDT", b: "83091.60", B: "4.215" },
  ...{ a: "83091.70", A: "3.763", T: 1791382994657, E: 1791382994658, st: 1 },
};
const QUOTE = {
  ...{ venue: "binance-usdm", symbol: "BTCUSDT", timeMs: 1791382994000, updateId: 11757092630476 },
  ...{ bid: 83091.6, bidQuantity: 4.215, ask: 83091.7, askQuantity: 3.763 },
};

function read(fields: Record<string, unknown>) {
  const data = { ...DATA, ...fields };
  return parseQuote(JSON.stringify({ stream: "btcusdt@bookTicker", data }), RECEIVED_MS);
}

Deno.test("parseQuote() reads a quote of today, in the second of the matching engine", () => {
  deepStrictEqual(read({}), { kind: "row", row: QUOTE });
  deepStrictEqual(parseQuote(JSON.stringify(DATA), RECEIVED_MS), { kind: "row", row: QUOTE });
  deepStrictEqual(read({ T: 1791382994999, E: 1791382995001 }), { kind: "row", row: QUOTE });
  deepStrictEqual(read({ T: undefined }), { kind: "row", row: QUOTE });
});

Deno.test("parseQuote() tells an empty side as null", () => {
  const noBid = { bid: null, bidQuantity: null };
  deepStrictEqual(read({ b: "0.00", B: "0.000" }), { kind: "row", row: { ...QUOTE, ...noBid } });
  const empty = { ...QUOTE, ...noBid, ask: null, askQuantity: null };
  deepStrictEqual(read({ b: "0", B: "0", a: "0", A: "0" }), { kind: "row", row: empty });
});

Deno.test("parseQuote() sets aside what is no quote, with its reason", () => {
  const cases: readonly [fields: Record<string, unknown>, reason: string][] = [
    [{ b: undefined }, "missing field"],
    [{ A: undefined }, "missing field"],
    [{ u: undefined }, "missing field"],
    [{ u: "7" }, "wrong type"],
    [{ b: 83091.6 }, "wrong type"],
    [{ a: "1e5" }, "wrong type"],
    [{ T: -1 }, "wrong type"],
    [{ T: undefined, E: undefined }, "missing field"],
    [{ b: "-1" }, "price not positive"],
    [{ B: "0.000" }, "quantity not positive"],
    [{ A: "-3" }, "quantity not positive"],
    [{ b: "83091.70" }, "crossed book"],
    [{ b: "83092" }, "crossed book"],
    [{ T: 1891382993000 }, "time out of range"],
    [{ st: 2 }, "unknown symbol"],
    [{ s: undefined }, "missing field"],
    [{ e: "markPriceUpdate" }, "unknown frame"],
  ];
  for (const [fields, reason] of cases) {
    const told = read(fields);
    ok(told.kind === "quarantine", JSON.stringify(fields));
    strictEqual(told.frame.reason, reason, JSON.stringify(fields));
  }
});
