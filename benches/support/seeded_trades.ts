import type { Trade } from "tandem/market";

/** A small generator, seeded: the same trades in every run. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Trades of several symbols with contiguous ids, in time order. */
export function seededTrades(
  { symbols, count, perSecond, seed = 1 }: {
    readonly symbols: number;
    readonly count: number;
    readonly perSecond: number;
    readonly seed?: number;
  },
): Trade[] {
  const random = uniform(seed);
  const names = Array.from({ length: symbols }, (_, k) => `SYM${k}USDT`);
  const prices = names.map(() => 10 ** (1 + 3 * random()));
  const ids = names.map(() => 1_000_000);
  const startMs = 1_790_000_000_000;
  return Array.from({ length: count }, (_, k) => {
    const s = Math.floor(random() * symbols);
    prices[s]! *= 1 + (random() - 0.5) * 2e-4;
    return {
      venue: "binance-usdm",
      symbol: names[s]!,
      tradeId: ids[s]!++,
      timeMs: startMs + Math.floor(k * 1_000 / perSecond),
      price: Number(prices[s]!.toFixed(2)),
      quantity: Number((random() * 10 + 0.001).toFixed(3)),
      takerSide: random() < 0.5 ? "buy" : "sell",
      source: "ws",
    };
  });
}

/** The combined-stream frame of an aggregate trade, in the exchange's own field order. */
export function frameOf(trade: Trade): string {
  return `{"stream":"${trade.symbol.toLowerCase()}@aggTrade","data":{"e":"aggTrade","E":${
    trade.timeMs + 90
  },"a":${trade.tradeId},"s":"${trade.symbol}","p":"${trade.price}","q":"${trade.quantity}","nq":"${trade.quantity}","f":${
    trade.tradeId * 2
  },"l":${trade.tradeId * 2 + 1},"T":${trade.timeMs},"m":${trade.takerSide === "sell"},"st":1}}`;
}
