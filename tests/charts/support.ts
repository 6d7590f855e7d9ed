import type { Bar } from "../../lib/market/mod.ts";
import { alignCloses, type PairReading, pairReadings } from "../../lib/pairs/mod.ts";
import { uniform } from "../support/random.ts";

/** Minute bars of one symbol that walk at random. */
export function walk(symbol: string, count: number, seed: number): Bar[] {
  const random = uniform(seed);
  let price = 60_000;
  return Array.from({ length: count }, (_, k) => {
    const open = price;
    price *= 1 + (random() - 0.5) / 500;
    const volume = 1 + random();
    return {
      ...{ venue: "binance-usdm", symbol, intervalMs: 60_000, openTimeMs: 60_000 * k },
      ...{ open, high: Math.max(open, price) + 5, low: Math.min(open, price) - 5, close: price },
      ...{ volume, quoteVolume: volume * price, tradeCount: 3, takerBuyVolume: volume / 2 },
      ...{ firstTradeId: 3 * k, lastTradeId: 3 * k + 2, complete: k % 50 !== 7, revision: 0 },
    };
  });
}

/** Readings of a pair of walks, with some minutes missing. */
export function readingsOf(count: number, windowBars = 60): PairReading[] {
  const rows = alignCloses(
    walk("ETHUSDT", count, 1),
    walk("BTCUSDT", count, 2).filter((_, k) => k % 20 !== 3),
    { intervalMs: 60_000, fill: "previous" },
  );
  return pairReadings(rows, { windowBars });
}
