import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Mark, Quote } from "../../lib/market/mod.ts";
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

storeTest("fundingPeriods() tells the last rate before each payment", (database) => {
  using writer = open(database);
  const at = (timeMs: number, dueMs: number | null, fundingRate: number | null) =>
    mark(timeMs, { nextFundingMs: dueMs, fundingRate });
  const [eight, sixteen] = [8 * HOUR_MS, 16 * HOUR_MS];
  writer.write({
    marks: [
      at(1_000, eight, 0.0001),
      at(eight - 1_000, eight, 0.0003),
      // The exchange's clock may be on the hour before its next payment is told.
      at(eight, eight, 0.0004),
      // Late: of a payment that is over.
      at(eight + 1_000, eight, 0.9),
      at(eight + 2_000, sixteen, -0.0002),
      at(eight + 3_000, null, null),
      at(sixteen - 5_000, sixteen, -0.0005),
    ],
  });
  using reader = openReader(database);
  const first = { dueMs: eight, firstMs: 1_000, lastMs: eight, fundingRate: 0.0004 };
  const second = {
    ...{ dueMs: sixteen, firstMs: eight + 2_000, lastMs: sixteen - 5_000 },
    fundingRate: -0.0005,
  };
  deepStrictEqual(reader.fundingPeriods({ symbol: "BTCUSDT" }), [first, second]);
  deepStrictEqual(reader.fundingPeriods({ symbol: "BTCUSDT", fromMs: 2_000, toMs: eight }), [
    { ...first, firstMs: eight - 1_000, lastMs: eight - 1_000, fundingRate: 0.0003 },
  ]);
  deepStrictEqual(reader.fundingPeriods({ symbol: "ETHUSDT" }), []);
});

storeTest("quotes are read as they were written, each second once, and thinned", (database) => {
  using writer = open(database);
  const empty = { ask: null, askQuantity: null };
  const written = [quote(0), quote(1_000, empty), quote(5_000), quote(61_000), quote(130_000)];
  writer.write({ quotes: written });
  writer.write({ quotes: [quote(1_000, { bid: 7 }), quote(2_000, { symbol: "ETHUSDT" })] });
  using reader = openReader(database);
  deepStrictEqual(reader.quotes({ symbol: "BTCUSDT" }), written);
  deepStrictEqual(reader.quotes({ symbol: "BTCUSDT", fromMs: 1, toMs: 6_000, limit: 1 }), [
    written[1],
  ]);
  const last = (fromMs: number, toMs: number, everyMs: number) =>
    reader.lastQuotes({ symbol: "BTCUSDT", fromMs, toMs, everyMs }).map(({ timeMs }) => timeMs);
  deepStrictEqual(last(0, 180_000, 60_000), [5_000, 61_000, 130_000]);
  // Stretches begin where the range does: the second one at 62 s.
  deepStrictEqual(last(2_000, 180_000, 60_000), [61_000, 130_000]);
  deepStrictEqual(last(0, 5_000, 2_000), [1_000]);
  deepStrictEqual(reader.quoteRanges(), [
    { symbol: "BTCUSDT", firstMs: 0, lastMs: 130_000 },
    { symbol: "ETHUSDT", firstMs: 2_000, lastMs: 2_000 },
  ]);
});

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
