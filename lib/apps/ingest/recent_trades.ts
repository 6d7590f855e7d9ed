import { type Trade, venueOf } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";

/** Feeds look so often whether a stream has left out a trade, and some more, ms. */
const REACH_MS = 90_000;
/** More than that is not remembered of a symbol. */
const MOST = 1_000;

/** The newest stored trades of a symbol whose ids are not counted, in id order; of others none. */
export function recentTrades(symbol: string, writer: StoreWriter): Trade[] {
  if (venueOf(symbol)?.promises.denseIds !== false) return [];
  const lastMs = writer.lastTradeTimeMs(symbol);
  return lastMs === null ? [] : writer.tradesFrom(symbol, lastMs - REACH_MS).slice(-MOST);
}
