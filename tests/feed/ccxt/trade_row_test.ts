import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { agrees, type NamedTrade } from "../../../lib/feed/ccxt/agreement.ts";
import { instrumentsOf } from "../../../lib/feed/ccxt/instruments.ts";
import { endOfMoment, momentOf } from "../../../lib/feed/ccxt/moments.ts";
import { TradeNames } from "../../../lib/feed/ccxt/trade_names.ts";
import { readRow } from "../../../lib/feed/ccxt/trade_row.ts";
import type { Trade } from "../../../lib/market/mod.ts";

const MS = 1_795_810_402_844;
const MARKET = {
  ...{ symbol: "BTC/USDT:USDT", base: "BTC", quote: "USDT", type: "swap", isActive: true },
  ...{ isLinear: true, isInverse: false, contractSize: "0.01", tickSize: "0.1", stepSize: "0.1" },
};
const ROW = {
  ...{ id: "871", timeMs: MS, symbol: "BTC/USDT:USDT", side: "sell", price: "82709.90" },
  amount: "0.3",
};
const [instrument] = instrumentsOf("okx", [MARKET]);

function read(row: Record<string, unknown>, names = new TradeNames()) {
  const context = { venue: "okx", instrument: instrument!, names, source: "ws", receivedMs: MS };
  return readRow(row, { ...context, source: "ws" });
}

Deno.test("instrumentsOf() lists base units and linear contracts, and leaves out what is neither", () => {
  const { venue, symbol, status, stepSize } = instrument!;
  deepStrictEqual([venue, symbol, status], ["ccxt-okx", "okx:BTC/USDT:USDT", "active"]);
  ok(Math.abs(stepSize - 0.001) < 1e-12);
  const neither = [
    { ...MARKET, isInverse: true },
    { ...MARKET, type: "option" },
    { ...MARKET, contractSize: null },
    { ...MARKET, contractSize: "0" },
    { ...MARKET, base: "" },
    null,
  ];
  deepStrictEqual(instrumentsOf("okx", neither), []);
  const untold = instrumentsOf("x", [{ ...MARKET, isActive: null, tickSize: null }])[0]!;
  deepStrictEqual([untold.status, untold.tickSize], ["active", 1e-8]);
});

Deno.test("readRow() reads a trade in base units, as the venue's decimals say", () => {
  const reading = read(ROW);
  deepStrictEqual(reading.kind === "trade" && { ...reading.trade, tradeId: 0 }, {
    ...{ venue: "ccxt-okx", symbol: "okx:BTC/USDT:USDT", tradeId: 0, timeMs: MS, price: 82709.9 },
    ...{ quantity: 0.003, takerSide: "sell", source: "ws" },
  });
  const small = read({ ...ROW, price: "1e-7" });
  strictEqual(small.kind === "trade" && small.trade.price, 1e-7);
});

Deno.test("readRow() sets garbage aside with the first reason", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ price: undefined }, "missing field"],
    [{ price: null }, "missing field"],
    [{ price: NaN }, "wrong type"],
    [{ price: "1e3" }, "wrong type"],
    [{ price: "-1" }, "price not positive"],
    [{ price: "Infinity" }, "wrong type"],
    [{ amount: "0" }, "quantity not positive"],
    [{ amount: undefined }, "missing field"],
    [{ side: undefined }, "missing field"],
    [{ side: "up" }, "wrong type"],
    [{ id: undefined }, "missing field"],
    [{ id: "" }, "wrong type"],
    [{ id: String(MS) }, "missing field"],
    [{ timeMs: undefined }, "missing field"],
    [{ timeMs: 1_795_810_402 }, "time out of range"],
    [{ timeMs: MS + 61_000 }, "time out of range"],
    [{ timeMs: MS + 0.5 }, "wrong type"],
    [{ symbol: "ETH/USDT:USDT" }, "unknown symbol"],
  ];
  for (const [change, reason] of cases) {
    const reading = read({ ...ROW, ...change });
    strictEqual(reading.kind === "rejected" && reading.reason, reason, JSON.stringify(change));
  }
});

Deno.test("TradeNames.idOf() gives a trade the same id in any order and process, ascending in time", () => {
  const names = Array.from({ length: 12 }, (_, k) => `3f0c-${k * 7919}-b`);
  const [one, other] = [new TradeNames(), new TradeNames()];
  const ids = names.map((name) => one.idOf("x:A/B", name, MS));
  const backwards = names.toReversed().map((name) => other.idOf("x:A/B", name, MS)).reverse();
  deepStrictEqual(ids, backwards);
  strictEqual(new Set(ids).size, names.length);
  const numbered = ["9", "10", "btc-11"].map((name) => one.idOf("x:A/B", name, MS + 1));
  deepStrictEqual(numbered, numbered.toSorted((a, b) => a - b));
  ok(Math.max(...ids) < numbered[0]!);
  deepStrictEqual([...ids, ...numbered].map(momentOf), [
    ...ids.map(() => MS),
    MS + 1,
    MS + 1,
    MS + 1,
  ]);
  ok(Math.max(...ids) <= endOfMoment(MS) && endOfMoment(MS) < numbered[0]!);
});

Deno.test("TradeNames.idOf() gives names that ask for one place two, and a name of another time another", () => {
  const names = new TradeNames();
  const [first, second] = ["5", String(5 + 2_047)].map((name) => names.idOf("x:A/B", name, MS));
  strictEqual(second, first! + 1);
  strictEqual(names.idOf("x:A/B", "5", MS), first);
  strictEqual(momentOf(names.idOf("x:A/B", "5", MS + 1_000)), MS + 1_000);
  notStrictEqual(names.idOf("x:A/C", "5", MS), NaN);
});

Deno.test("agrees() believes REST only where it tells what the socket told, all of it and alike", () => {
  const named = (name: string, timeMs: number, price = 1): NamedTrade => ({
    name,
    trade: { timeMs, price, quantity: 1, takerSide: "buy" } as Trade,
  });
  const rest = [named("a", 1), named("b", 2), named("c", 3)];
  const told = (...of: NamedTrade[]) => new Map(of.map(({ name, trade }) => [name, trade]));
  strictEqual(agrees(rest, told(named("b", 2))), true);
  strictEqual(agrees(rest, told(named("c", 3), named("d", 4))), true, "REST is behind");
  strictEqual(agrees(rest, told(named("d", 4))), null, "nothing is told by both yet");
  strictEqual(agrees([], told(named("d", 4))), null);
  strictEqual(agrees(rest, told(named("b", 2, 9))), false, "another price");
  strictEqual(agrees(rest, told(named("b", 1))), false, "another time");
  strictEqual(agrees(rest, told(named("a", 1), named("x", 2))), false, "one is left out");
});

Deno.test("TradeNames.idOf() does not depend on who told a trade first, and at which time", () => {
  const [one, other] = [new TradeNames(), new TradeNames()];
  const restMs = Math.floor(MS / 1_000) * 1_000;
  // A venue's REST rounds times, and told one of the two before its socket did.
  const rest = read({ ...ROW, timeMs: restMs }, one);
  const [first, second] = [one, other].map((names) => {
    const reading = read(ROW, names);
    ok(reading.kind === "trade");
    names.tell(reading.name, reading.trade);
    strictEqual(names.told("okx:BTC/USDT:USDT").get("871"), reading.trade);
    return reading.trade.tradeId;
  });
  strictEqual(first, second);
  strictEqual(momentOf(first!), MS);
  ok(rest.kind === "trade");
  strictEqual(agrees([rest], one.told("okx:BTC/USDT:USDT")), false);
});
