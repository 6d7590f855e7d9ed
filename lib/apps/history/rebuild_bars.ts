import { BarAggregator } from "../../bars/mod.ts";
import { STORED_INTERVALS_MS, type Trade, type TradeBar } from "../../market/mod.ts";

/** What the bars of a stretch of time are made of. */
export interface BarSource {
  readonly symbol: string;
  /** Trades in id order, from before the stretch until after it. */
  readonly trades: readonly Trade[];
  /** Ids that are known and no trades, ascending. */
  readonly skipped: readonly number[];
  /** Whether an id is known: stored, among these trades, or set aside. */
  readonly isKnown: (tradeId: number) => boolean;
}

/** Returns the bars of `[fromMs, toMs)`, both of which are multiples of the longest interval. */
export function rebuildBars(source: BarSource, fromMs: number, toMs: number): TradeBar[] {
  const { symbol, trades, skipped, isKnown } = source;
  const isWithin = (trade: Trade) => trade.timeMs >= fromMs && trade.timeMs < toMs;
  const first = trades.find(isWithin);
  const last = trades.findLast(isWithin);
  if (first === undefined || last === undefined) return [];
  const bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  if (isKnown(first.tradeId - 1)) bars.skip(symbol, first.tradeId - 1);
  let k = skipped.findIndex((id) => id > first.tradeId);
  if (k < 0) k = skipped.length;
  for (const trade of trades) {
    if (trade.tradeId < first.tradeId) continue;
    if (trade.tradeId > last.tradeId) break;
    while (k < skipped.length && skipped[k]! < trade.tradeId) bars.skip(symbol, skipped[k++]!);
    if (skipped[k] === trade.tradeId) k++;
    // Ids are not quite in time order: this one belongs to a bar before or after the stretch.
    if (isWithin(trade)) bars.push(trade);
    else bars.skip(symbol, trade.tradeId);
  }
  if (isKnown(last.tradeId + 1)) bars.skip(symbol, last.tradeId + 1);
  bars.advance([symbol], toMs);
  return bars.takeBars();
}
