import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { candleSpan, mergeMinutes } from "../../lib/exchange/candle.ts";
import { CandleSeries } from "../../lib/exchange/candle_series.ts";
import type { TradeRow } from "../../lib/exchange/trade_row.ts";

const MINUTE = 60_000;

function fill(
  id: number,
  timeMs: number,
  price: number,
  quantity = 1,
  takerSold = false,
): TradeRow {
  return { id, firstId: id, lastId: id, timeMs, price, quantity, takerSold };
}

Deno.test("CandleSeries.push() sums up a minute", () => {
  const series = new CandleSeries();
  series.push(fill(1, 5 * MINUTE + 1, 100, 2));
  series.push(fill(2, 5 * MINUTE + 2, 103, 1, true));
  series.push(fill(3, 6 * MINUTE - 1, 99, 4));
  deepStrictEqual(series.minutes, [{
    openTimeMs: 5 * MINUTE,
    open: 100,
    high: 103,
    low: 99,
    close: 99,
    volume: 7,
    quoteVolume: 699,
    tradeCount: 3,
    takerBuyVolume: 6,
    takerBuyQuoteVolume: 596,
    firstId: 1,
    lastId: 3,
  }]);
});

Deno.test("CandleSeries.rollTo() fills minutes without trades with flat candles", () => {
  const series = new CandleSeries();
  series.rollTo(MINUTE);
  strictEqual(series.minutes.length, 0);
  series.push(fill(1, 0, 100));
  series.push(fill(2, 3 * MINUTE, 105));
  series.rollTo(5 * MINUTE);
  deepStrictEqual(
    series.minutes.map((c) => [c.openTimeMs / MINUTE, c.open, c.close, c.tradeCount, c.firstId]),
    [[0, 100, 100, 1, 1], [1, 100, 100, 0, -1], [2, 100, 100, 0, -1], [3, 105, 105, 1, 2], [
      4,
      105,
      105,
      0,
      -1,
    ], [5, 105, 105, 0, -1]],
  );
});

Deno.test("CandleSeries.push() adds a late fill to the minute it belongs to", () => {
  const series = new CandleSeries();
  series.push(fill(1, MINUTE - 10, 100));
  series.rollTo(MINUTE);
  series.push(fill(2, MINUTE - 1, 101));
  deepStrictEqual(series.minutes.map((c) => c.tradeCount), [2, 0]);
});

Deno.test("CandleSeries() keeps two days", () => {
  const series = new CandleSeries();
  series.push(fill(1, 0, 100));
  series.rollTo(10_000 * MINUTE);
  strictEqual(series.minutes.length, 2_880);
  strictEqual(series.minutes.at(-1)!.openTimeMs, 10_000 * MINUTE);
});

Deno.test("candleSpan() cuts weeks on Monday and months on the first", () => {
  const at = Date.UTC(2026, 10, 22, 15, 30);
  const open = (interval: string) => new Date(candleSpan(interval)!(at).openTimeMs).toISOString();
  strictEqual(open("1m"), "2026-11-22T15:30:00.000Z");
  strictEqual(open("4h"), "2026-11-22T12:00:00.000Z");
  strictEqual(open("1w"), "2026-11-16T00:00:00.000Z");
  strictEqual(open("1M"), "2026-11-01T00:00:00.000Z");
  strictEqual(candleSpan("1M")!(at).endTimeMs, Date.UTC(2026, 11));
  for (const unknown of ["1s", "7m", "", "m", "constructor"]) {
    strictEqual(candleSpan(unknown), null);
  }
});

Deno.test("mergeMinutes() conserves volume and count, and agrees with its minutes", () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 100_000 }),
    price: fc.integer({ min: 90, max: 110 }),
    quantity: fc.integer({ min: 1, max: 5 }),
    takerSold: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 100 }), (steps) => {
    const series = new CandleSeries();
    let timeMs = 0;
    for (const [id, { waitMs, price, quantity, takerSold }] of steps.entries()) {
      timeMs += waitMs;
      series.push(fill(id, timeMs, price, quantity, takerSold));
    }
    const total = (list: readonly { volume: number; tradeCount: number }[]) =>
      list.reduce<[number, number]>(([v, n], c) => [v + c.volume, n + c.tradeCount], [0, 0]);
    const merged = mergeMinutes(series.minutes, candleSpan("5m")!);
    deepStrictEqual(total(merged), total(series.minutes));
    strictEqual(total(merged)[1], steps.length);
    for (const candle of merged) {
      strictEqual(candle.endTimeMs - candle.openTimeMs, 5 * MINUTE);
      ok(candle.low <= Math.min(candle.open, candle.close));
      ok(candle.high >= Math.max(candle.open, candle.close));
    }
    strictEqual(merged.at(-1)!.close, steps.at(-1)!.price);
  }));
});
