import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { BarAggregator, resampleBars } from "../../lib/bars/mod.ts";
import type { Trade, TradeBar } from "../../lib/market/mod.ts";

const SYMBOL = "BTCUSDT";

function trade(tradeId: number, timeMs: number, price = 10, quantity = 1): Trade {
  return {
    venue: "binance-usdm",
    symbol: SYMBOL,
    tradeId,
    timeMs,
    price,
    quantity,
    takerSide: tradeId % 2 === 0 ? "buy" : "sell",
    source: "ws",
  };
}

/** The stored state after a run: the last bar emitted per key wins. */
function settle(bars: readonly TradeBar[]): TradeBar[] {
  const byKey = new Map<string, TradeBar>();
  for (const bar of bars) byKey.set(`${bar.intervalMs}:${bar.openTimeMs}`, bar);
  return [...byKey.values()].sort((a, b) =>
    a.intervalMs - b.intervalMs || a.openTimeMs - b.openTimeMs
  );
}

/** Ascending ids; times that mostly ascend and sometimes step back within 300 ms. */
const trades = fc.array(
  fc.record({
    stepMs: fc.integer({ min: 0, max: 2_500 }),
    backMs: fc.integer({ min: 0, max: 300 }),
    skipIds: fc.constantFrom(0, 0, 0, 0, 3),
    price: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
    quantity: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  }),
  { minLength: 1, maxLength: 120 },
).map((steps) => {
  let id = 100;
  let timeMs = 59_000;
  return steps.map((s) => {
    id += 1 + s.skipIds;
    timeMs += s.stepMs;
    return trade(id, timeMs - s.backMs, s.price, s.quantity);
  });
});

Deno.test("BarAggregator.push() puts the first millisecond of a second into its bar", () => {
  const bars = new BarAggregator({ intervalsMs: [1_000] });
  for (const t of [trade(1, 999), trade(2, 1_000), trade(3, 1_999), trade(4, 2_000)]) bars.push(t);
  bars.advance([SYMBOL], 2_000);
  deepStrictEqual(
    bars.takeBars().map((b) => [b.openTimeMs, b.firstTradeId, b.lastTradeId]),
    [[0, 1, 1], [1_000, 2, 3]],
  );
});

Deno.test("BarAggregator.advance() closes a quiet symbol and makes no bar without a trade", () => {
  const bars = new BarAggregator();
  bars.push(trade(1, 500));
  bars.advance([SYMBOL], 10_000_000);
  deepStrictEqual(bars.takeBars().map((b) => [b.intervalMs, b.openTimeMs]), [
    [1_000, 0],
    [60_000, 0],
    [300_000, 0],
  ]);
  bars.advance([SYMBOL], 20_000_000);
  deepStrictEqual(bars.takeBars(), []);
});

Deno.test("BarAggregator.advance() closes time also of a symbol that has not traded yet", () => {
  const bars = new BarAggregator();
  bars.advance([SYMBOL], 10_000);
  bars.push(trade(1, 9_500));
  deepStrictEqual(bars.takeLate(), [{ symbol: SYMBOL, tradeId: 1, timeMs: 9_500 }]);
});

Deno.test("BarAggregator.advance() leaves other symbols open", () => {
  const bars = new BarAggregator();
  bars.push(trade(1, 500));
  bars.advance(["ETHUSDT"], 10_000);
  deepStrictEqual(bars.takeBars(), []);
});

Deno.test("BarAggregator.push() proves a bar complete by the ids around it", () => {
  const bars = new BarAggregator({ intervalsMs: [1_000] });
  for (const t of [trade(1, 100), trade(2, 1_100), trade(3, 2_100), trade(5, 3_100)]) bars.push(t);
  bars.advance([SYMBOL], 4_000);
  deepStrictEqual(
    bars.takeBars().map((b) => [b.openTimeMs, b.complete]),
    [[0, false], [1_000, true], [2_000, false], [3_000, false]],
    "the first has no known predecessor, the third and fourth have a hole between them",
  );
});

Deno.test("BarAggregator.push() completes a closed bar and its longer bars when the next id comes", () => {
  const bars = new BarAggregator();
  bars.skip(SYMBOL, 6);
  bars.push(trade(7, 59_500));
  bars.advance([SYMBOL], 60_000);
  deepStrictEqual(bars.takeBars().map((b) => [b.intervalMs, b.complete]), [
    [1_000, false],
    [60_000, false],
  ]);
  bars.push(trade(8, 61_000));
  deepStrictEqual(bars.takeBars().map((b) => [b.intervalMs, b.openTimeMs, b.complete]), [
    [1_000, 59_000, true],
    [60_000, 0, true],
  ]);
  bars.push(trade(9, 300_000));
  bars.advance([SYMBOL], 300_000);
  deepStrictEqual(
    bars.takeBars().filter((b) => b.intervalMs === 300_000).map((b) => b.complete),
    [true],
  );
});

Deno.test("BarAggregator.skip() counts an id that is no market trade as known", () => {
  const bars = new BarAggregator({ intervalsMs: [1_000] });
  bars.push(trade(1, 100));
  bars.push(trade(2, 1_100));
  bars.skip(SYMBOL, 3);
  bars.push(trade(4, 2_100));
  bars.advance([SYMBOL], 2_000);
  deepStrictEqual(bars.takeBars().map((b) => b.complete), [false, true]);
});

Deno.test("BarAggregator.push() lists a late trade instead of merging it", () => {
  const bars = new BarAggregator({ intervalsMs: [1_000] });
  bars.push(trade(1, 100));
  bars.advance([SYMBOL], 1_000);
  bars.takeBars();
  bars.push(trade(2, 900));
  deepStrictEqual(bars.takeLate(), [{ symbol: SYMBOL, tradeId: 2, timeMs: 900 }]);
  deepStrictEqual(bars.takeLate(), []);
});

Deno.test("BarAggregator.flush() emits open bars as incomplete", () => {
  const bars = new BarAggregator();
  for (const t of [trade(1, 100), trade(2, 1_100), trade(3, 1_200)]) bars.push(t);
  bars.flush();
  deepStrictEqual(bars.takeBars().map((b) => [b.intervalMs, b.openTimeMs, b.complete]), [
    [1_000, 0, false],
    [1_000, 1_000, false],
    [60_000, 0, false],
    [300_000, 0, false],
  ]);
});

Deno.test.each([0, -1_000, 1_500, NaN])("BarAggregator refuses an interval of %d ms", (ms) => {
  throws(() => new BarAggregator({ intervalsMs: [ms] }), RangeError);
});

Deno.test("BarAggregator gives the same bars however often it is advanced", () => {
  fc.assert(fc.property(trades, fc.integer({ min: 1, max: 20 }), (list, every) => {
    const once = new BarAggregator();
    for (const t of list) once.push(t);
    once.advance([SYMBOL], Infinity);

    const often = new BarAggregator();
    let newestMs = 0;
    list.forEach((t, k) => {
      newestMs = Math.max(newestMs, t.timeMs);
      often.push(t);
      if (k % every === 0) often.advance([SYMBOL], newestMs - 300);
    });
    often.advance([SYMBOL], Infinity);

    deepStrictEqual(often.takeLate(), []);
    deepStrictEqual(settle(often.takeBars()), settle(once.takeBars()));
  }));
});

Deno.test("BarAggregator conserves trades, volume and order of prices", () => {
  fc.assert(fc.property(trades, (list) => {
    const bars = new BarAggregator();
    for (const t of list) bars.push(t);
    bars.advance([SYMBOL], Infinity);
    const all = settle(bars.takeBars());
    const volume = list.reduce((sum, t) => sum + t.quantity, 0);
    for (const intervalMs of [1_000, 60_000, 300_000]) {
      const own = all.filter((b) => b.intervalMs === intervalMs);
      strictEqual(own.reduce((sum, b) => sum + b.tradeCount, 0), list.length);
      ok(Math.abs(own.reduce((sum, b) => sum + b.volume, 0) - volume) <= 1e-12 * volume);
      for (const b of own) {
        ok(b.low <= Math.min(b.open, b.close) && b.high >= Math.max(b.open, b.close));
        ok(b.takerBuyVolume <= b.volume && b.firstTradeId <= b.lastTradeId);
      }
    }
  }));
});

Deno.test("resampleBars() of 1 s bars equals the aggregator's own longer bars, bit for bit", () => {
  fc.assert(fc.property(trades, (list) => {
    const bars = new BarAggregator();
    for (const t of list) bars.push(t);
    bars.advance([SYMBOL], Infinity);
    const all = settle(bars.takeBars());
    const seconds = all.filter((b) => b.intervalMs === 1_000);
    for (const intervalMs of [60_000, 300_000]) {
      deepStrictEqual(
        resampleBars(seconds, intervalMs),
        all.filter((b) => b.intervalMs === intervalMs),
      );
    }
  }));
});

Deno.test("resampleBars() refuses an interval that is no multiple", () => {
  const bars = new BarAggregator();
  bars.push(trade(1, 100));
  bars.advance([SYMBOL], Infinity);
  throws(() => resampleBars(bars.takeBars().slice(1), 90_000), RangeError);
});
