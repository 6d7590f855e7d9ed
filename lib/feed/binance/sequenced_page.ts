import { idOf, type Sequenced } from "../chain/sequenced.ts";
import type { AggTradesPage } from "./rest_queries.ts";

/**
 * Returns the rows of a page, trades or not, in id order: what a `Sequencer` takes.
 *
 * @example A page without rows
 * ```ts
 * import { sequencedPage } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(sequencedPage("BTCUSDT", { trades: [], rejected: [], receivedMs: 0 }), []);
 * ```
 *
 * @param symbol The symbol of the page.
 * @param page What REST answered.
 * @returns One item per row.
 */
export function sequencedPage(symbol: string, page: AggTradesPage): Sequenced[] {
  const { receivedMs } = page;
  const items: Sequenced[] = page.trades.map((trade) => ({
    kind: "trade",
    trade,
    eventTimeMs: null,
    receivedMs,
  }));
  for (const { tradeId, frame } of page.rejected) {
    items.push({ kind: "nonMarket", symbol, tradeId, eventTimeMs: null, receivedMs, frame });
  }
  return items.sort((a, b) => idOf(a) - idOf(b));
}
