import { BarAggregator } from "../../bars/mod.ts";
import { STORED_INTERVALS_MS, type Trade, type TradeBar } from "../../market/mod.ts";
import { pushInOrder } from "./push_in_order.ts";

/** What the bars of a stretch of time are made of. */
export interface BarMaterial {
  readonly symbol: string;
  /** Trades in id order, from before the stretch until after it. */
  readonly trades: readonly Trade[];
  /** Ids that are known and no trades, ascending. */
  readonly skipped: readonly number[];
  /** Whether an id is known: stored, among these trades, or set aside. */
  readonly isKnown: (tradeId: number) => boolean;
}

/** Returns the bars of `[fromMs, toMs)`, both of which are multiples of the longest interval. */
export function rebuildBars(material: BarMaterial, fromMs: number, toMs: number): TradeBar[] {
  const { symbol, trades, skipped, isKnown } = material;
  const isWithin = (trade: Trade) => trade.timeMs >= fromMs && trade.timeMs < toMs;
  const first = trades.find(isWithin);
  const last = trades.findLast(isWithin);
  if (first === undefined || last === undefined) return [];
  const bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  if (isKnown(first.tradeId - 1)) bars.skip(symbol, first.tradeId - 1);
  const { tradeId: firstId } = first;
  const { tradeId: lastId } = last;
  // Ids are not quite in time order: some between belong to a bar before or after the stretch.
  pushInOrder(bars, symbol, {
    trades: trades.filter((trade) => firstId <= trade.tradeId && trade.tradeId <= lastId),
    setAside: skipped.filter((id) => firstId < id && id < lastId),
    isPart: isWithin,
  });
  if (isKnown(last.tradeId + 1)) bars.skip(symbol, last.tradeId + 1);
  bars.advance([symbol], toMs);
  return bars.takeBars();
}
