import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Trade } from "tandem/market";
import { TradeBuffer } from "tandem/store";

const trade = (tradeId: number, rest: Partial<Trade> = {}): Trade => ({
  venue: "binance-usdm",
  symbol: "BTCUSDT",
  tradeId,
  timeMs: 1_790_000_000_000 + tradeId,
  price: tradeId / 7,
  quantity: 1e-3 * tradeId,
  takerSide: tradeId % 3 === 0 ? "sell" : "buy",
  source: "ws",
  ...rest,
});

/** Ids as they come after a gap was left: more than the first columns hold, late ones among them. */
const trades = Array.from({ length: 300 }, (_, k) => trade(k % 10 === 9 ? 5_000 - k : 10_000 + k));

function filled(): TradeBuffer {
  const buffer = new TradeBuffer("binance-usdm", "BTCUSDT");
  for (const each of trades) buffer.push(each);
  return buffer;
}

Deno.test("TradeBuffer.tradesIn() gives every trade back as it was, in the order of coming", () => {
  const rest = { source: "rest", takerSide: "buy" } as const;
  const buffer = filled();
  buffer.push(trade(12_000, rest));
  deepStrictEqual(buffer.tradesIn(0, Infinity), [...trades, trade(12_000, rest)]);
  const some = trades.filter((t) => 4_900 <= t.tradeId && t.tradeId <= 10_050);
  deepStrictEqual(buffer.tradesIn(4_900, 10_050), some);
});

Deno.test("TradeBuffer.clear() leaves nothing of what was there, however much it was", () => {
  for (const count of [300, 20_000]) {
    const buffer = new TradeBuffer("binance-usdm", "BTCUSDT");
    for (let k = 0; k < count; k++) buffer.push(trade(k + 1));
    strictEqual(buffer.length, count);
    buffer.clear();
    deepStrictEqual([buffer.length, buffer.has(1), buffer.tradesIn(0, Infinity)], [0, false, []]);
    buffer.push(trade(7));
    deepStrictEqual([buffer.has(7), buffer.has(8), buffer.view().length], [true, false, 1]);
  }
});
