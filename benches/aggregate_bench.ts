/**
 * Hot path: a trade becomes part of its 1 s, 1 m and 5 m bars.
 *
 * The reference is the shape most programs have: one object per open bar, every trade added to each
 * of the three intervals, no proof of completeness.
 *
 * @module
 */
import { BarAggregator } from "tandem/bars";
import type { Trade } from "tandem/market";
import { seededTrades } from "./support/seeded_trades.ts";

const INTERVALS_MS = [1_000, 60_000, 300_000];
const trades = seededTrades({ symbols: 20, count: 50_000, perSecond: 2_000 });
const symbols = [...new Set(trades.map((t) => t.symbol))];

interface PlainBar {
  openTimeMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  count: number;
}

function plainBars(list: readonly Trade[]): number {
  const open = new Map<string, PlainBar>();
  let closed = 0;
  for (const t of list) {
    for (const ms of INTERVALS_MS) {
      const key = `${t.symbol}:${ms}`;
      const openTimeMs = t.timeMs - t.timeMs % ms;
      const bar = open.get(key);
      if (bar === undefined || bar.openTimeMs !== openTimeMs) {
        if (bar !== undefined) closed++;
        open.set(key, {
          openTimeMs,
          open: t.price,
          high: t.price,
          low: t.price,
          close: t.price,
          volume: t.quantity,
          count: 1,
        });
      } else {
        if (t.price > bar.high) bar.high = t.price;
        if (t.price < bar.low) bar.low = t.price;
        bar.close = t.price;
        bar.volume += t.quantity;
        bar.count++;
      }
    }
  }
  return closed;
}

Deno.bench({
  name: "three objects per trade",
  group: "aggregate 50,000 trades",
  baseline: true,
  fn: () => void plainBars(trades),
});

Deno.bench({
  name: "BarAggregator",
  group: "aggregate 50,000 trades",
  fn() {
    const bars = new BarAggregator();
    for (let k = 0; k < trades.length; k++) {
      const trade = trades[k]!;
      bars.push(trade);
      if (k % 500 === 0) bars.advance(symbols, trade.timeMs - 500);
    }
    bars.takeBars();
  },
});
