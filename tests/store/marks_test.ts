import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Bar, Mark, Quote } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { policy } from "./support/days.ts";
import { storeTest } from "./support/stores.ts";

const VENUE = "binance-usdm";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

function mark(timeMs: number, fields: Partial<Mark> = {}): Mark {
  return {
    ...{ venue: VENUE, symbol: "BTCUSDT", timeMs, markPrice: 100 + timeMs / 1e6 },
    ...{ indexPrice: 0.1 + 0.2, fundingRate: -1 / 3, nextFundingMs: 8 * HOUR_MS },
    ...fields,
  };
}

function quote(timeMs: number, fields: Partial<Quote> = {}): Quote {
  return {
    ...{ venue: VENUE, symbol: "BTCUSDT", timeMs, bid: 0.1 + 0.2, bidQuantity: 1 / 3 },
    ...{ ask: 0.4, askQuantity: 1e-8, ...fields },
  };
}

function open(database: string) {
  const writer = openWriter(database, { identity });
  for (const symbol of ["BTCUSDT", "ETHUSDT"]) writer.register(VENUE, symbol, "aggTrade");
  return writer;
}

storeTest("marks are read as they were written, each second once", (database) => {
  using writer = open(database);
  const absent = { indexPrice: null, fundingRate: null, nextFundingMs: null };
  const written = [mark(0), mark(1_000), mark(3_000, absent), mark(2_000, { symbol: "ETHUSDT" })];
  writer.write({ marks: written });
  // What is told of a second again changes nothing.
  writer.write({ marks: [mark(1_000, { markPrice: 7 }), mark(4_000)] });
  using reader = openReader(database);
  const [first, second, third] = written;
  deepStrictEqual(reader.marks({ symbol: "BTCUSDT" }), [first, second, third, mark(4_000)]);
  deepStrictEqual(reader.marks({ symbol: "BTCUSDT", fromMs: 1, toMs: 3_000 }), [second]);
  deepStrictEqual(reader.marks({ symbol: "BTCUSDT", limit: 2 }), [first, second]);
  deepStrictEqual(reader.marks({ symbol: "SOLUSDT" }), []);
  deepStrictEqual(reader.markRanges(), [
    { symbol: "BTCUSDT", firstMs: 0, lastMs: 4_000 },
    { symbol: "ETHUSDT", firstMs: 2_000, lastMs: 2_000 },
  ]);
  throws(() => writer.write({ marks: [mark(0, { symbol: "SOLUSDT" })] }), /registered first/);
});

storeTest("toldFunding() tells the last mark before each whole hour of a range", (database) => {
  using writer = open(database);
  const at = (timeMs: number, dueMs: number | null, fundingRate: number | null) =>
    mark(timeMs, { nextFundingMs: dueMs, fundingRate });
  const hour = (n: number) => n * HOUR_MS;
  writer.write({
    marks: [
      at(1_000, hour(8), 0.0001),
      at(hour(8) - 1_000, hour(8), 0.0003),
      at(hour(8), hour(8), 0.9),
      at(hour(8) + 2_000, hour(16), -0.0002),
      at(hour(9) + 1_000, null, null),
    ],
  });
  using reader = openReader(database);
  const told = (fromMs: number, toMs: number, symbol = "BTCUSDT") =>
    reader.toldFunding({ symbol, fromMs, toMs });
  const first = (n: number) => (
    { hourMs: hour(n), toldMs: 1_000, dueMs: hour(8), fundingRate: 0.0001, markPrice: 100.001 }
  );
  const eight = {
    ...{ hourMs: hour(8), toldMs: hour(8) - 1_000, dueMs: hour(8) },
    ...{ fundingRate: 0.0003, markPrice: mark(hour(8) - 1_000).markPrice },
  };
  deepStrictEqual(told(-1, hour(3)), [first(1), first(2)]);
  deepStrictEqual(told(hour(6), hour(8)), [first(7)]);
  deepStrictEqual(told(hour(7), hour(8) + 0.5), [eight]);
  deepStrictEqual(told(hour(8), hour(11)), [
    {
      ...{ hourMs: hour(9), toldMs: hour(8) + 2_000, dueMs: hour(16), fundingRate: -0.0002 },
      markPrice: mark(hour(8) + 2_000).markPrice,
    },
    {
      ...{ hourMs: hour(10), toldMs: hour(9) + 1_000, dueMs: null, fundingRate: null },
      markPrice: mark(hour(9) + 1_000).markPrice,
    },
  ]);
  deepStrictEqual([told(5, 5), told(5, 1), told(0, hour(9), "ETHUSDT")], [[], [], []]);
  throws(() => told(0, Infinity), /"toMs" must be a time: current value is Infinity/);
  throws(() => told(NaN, 0), /"fromMs" must be a number/);
});

storeTest(
  "lastQuotes() tells the last quote of each stretch that has any, over holes",
  (database) => {
    using writer = open(database);
    const seconds = [0, 2, 3, 4, 59, 60, 61, 62, 300, 3_599, 3_600, 100_000];
    const of = (symbol: string) => seconds.map((second) => quote(second * 1_000, { symbol }));
    writer.write({ quotes: of("BTCUSDT") });
    using reader = openReader(database);
    for (const everyMs of [1_000, 2_000, 7_000, 60_000, 1e9]) {
      for (const [fromMs, toMs] of [[0, 61_001], [1_000, 61_000], [-500, 1e9], [3_001, 4_000]]) {
        const last = new Map<number, Quote>();
        for (const each of of("BTCUSDT")) {
          if (each.timeMs < fromMs! || each.timeMs >= toMs!) continue;
          last.set(Math.floor((each.timeMs - fromMs!) / everyMs), each);
        }
        const range = { fromMs: fromMs!, toMs: toMs!, everyMs };
        deepStrictEqual(reader.lastQuotes({ symbol: "BTCUSDT", ...range }), [...last.values()]);
        deepStrictEqual(reader.lastQuotes({ symbol: "ETHUSDT", ...range }), []);
      }
    }
  },
);

storeTest("housekeep() deletes marks and quotes with the bars of their days", async (database) => {
  using writer = open(database);
  const times = [0, DAY_MS - 1_000, DAY_MS, 3 * DAY_MS];
  writer.write({
    marks: times.flatMap((timeMs) => [mark(timeMs), mark(timeMs, { symbol: "ETHUSDT" })]),
  });
  writer.write({ quotes: [quote(0), quote(DAY_MS)] });
  const { deletedSeconds } = await writer.housekeep(
    policy(3 * DAY_MS, { barsMs: 2 * DAY_MS }),
    new AbortController().signal,
  );
  strictEqual(deletedSeconds, 5);
  using reader = openReader(database);
  deepStrictEqual(reader.marks({ symbol: "ETHUSDT" }).map((m) => m.timeMs), [DAY_MS, 3 * DAY_MS]);
  deepStrictEqual(reader.quotes({ symbol: "BTCUSDT" }), [quote(DAY_MS)]);
});

storeTest(
  "housekeep() deletes what is old of every symbol and interval, over holes",
  async (database) => {
    using writer = open(database);
    const day = (n: number) => n * DAY_MS;
    // More seconds than are deleted at once lie between the first marks and the others.
    const times = [0, 1_000, day(1) - 1_000, day(1.5), day(2) - 1_000, day(2), day(3)];
    const symbols = ["BTCUSDT", "ETHUSDT"];
    const intervals = [60_000, 3_600_000];
    const bar = (symbol: string, intervalMs: number, openTimeMs: number): Bar => ({
      ...{ venue: VENUE, symbol, intervalMs, openTimeMs, open: 1, high: 2, low: 1, close: 2 },
      ...{ volume: 1, quoteVolume: 1, tradeCount: 1, takerBuyVolume: 0 },
      ...{ firstTradeId: 1, lastTradeId: 1, complete: true, revision: 0 },
    });
    writer.write({
      marks: symbols.flatMap((symbol) => times.map((timeMs) => mark(timeMs, { symbol }))),
      quotes: times.map((timeMs) => quote(timeMs)),
      bars: symbols.flatMap((symbol) =>
        intervals.flatMap((ms) => [0, day(1), day(2) - ms, day(2)].map((t) => bar(symbol, ms, t)))
      ),
    });
    const report = await writer.housekeep(
      policy(day(4), { barsMs: day(2) }),
      new AbortController().signal,
    );
    deepStrictEqual([report.deletedSeconds, report.deletedBars, report.problems], [15, 12, []]);
    using reader = openReader(database);
    for (const symbol of symbols) {
      deepStrictEqual(reader.marks({ symbol }).map((m) => m.timeMs), [day(2), day(3)]);
      for (const intervalMs of intervals) {
        deepStrictEqual(reader.bars({ symbol, intervalMs }), [bar(symbol, intervalMs, day(2))]);
      }
    }
  },
);
