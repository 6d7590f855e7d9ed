import { type Trade, venueOf } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";

/** Feeds look so often whether a stream has left out a trade, and some more, ms. */
const REACH_MS = 90_000;
/** In steps of so much more it is looked for the trade before that, and up to where, ms. */
const [WIDER, MOST_REACH_MS] = [4, 86_400_000];
/** More than that is not remembered of a symbol. */
const MOST = 1_000;

/**
 * The newest stored trades of a symbol whose ids are not counted, in id order; of others none. They
 * begin with one that is older than the reach, if there is one of a day: what was left out just
 * after it is late, and was not told before.
 */
export function recentTrades(symbol: string, writer: StoreWriter): Trade[] {
  if (venueOf(symbol)?.promises.denseIds !== false) return [];
  const lastMs = writer.lastTradeTimeMs(symbol);
  if (lastMs === null) return [];
  const fromMs = lastMs - REACH_MS;
  for (let reachMs = REACH_MS;; reachMs *= WIDER) {
    const trades = writer.tradesFrom(symbol, lastMs - reachMs);
    const isEnough = trades.length >= MOST || trades.some(({ timeMs }) => timeMs < fromMs);
    if (isEnough || reachMs >= MOST_REACH_MS) {
      const first = trades.findIndex(({ timeMs }) => timeMs >= fromMs);
      return trades.slice(Math.max(0, first - 1)).slice(-MOST);
    }
  }
}
