import type { BarAggregator } from "../../bars/mod.ts";
import type { Trade } from "../../market/mod.ts";

/**
 * Gives trades to an aggregator, and the ids that were set aside between them.
 *
 * @param trades In id order.
 * @param setAside Ids that are known and no trades, ascending; some may be trades after all.
 * @param isPart Which trades the bars are made of; the others only prove that ids are known.
 */
export function pushInOrder(
  bars: BarAggregator,
  symbol: string,
  { trades, setAside, isPart }: {
    readonly trades: readonly Trade[];
    readonly setAside: readonly number[];
    readonly isPart: (trade: Trade) => boolean;
  },
): void {
  let k = 0;
  for (const trade of trades) {
    while (k < setAside.length && setAside[k]! < trade.tradeId) bars.skip(symbol, setAside[k++]!);
    if (setAside[k] === trade.tradeId) k++;
    if (isPart(trade)) bars.push(trade);
    else bars.skip(symbol, trade.tradeId);
  }
  while (k < setAside.length) bars.skip(symbol, setAside[k++]!);
}
