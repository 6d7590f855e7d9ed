import type { BinanceRest } from "./rest.ts";
import { RestError } from "../rest_error.ts";
import { idOf, type MissingIds, PAGE } from "../chain/sequenced.ts";
import type { Answer } from "../venue/adapter.ts";
import { sequencedPage } from "./sequenced_page.ts";

const TOO_OLD = -4166;
const HISTORY_MS = 48 * 3_600_000;
/** The edge of the history moves on while one asks for it. */
const HISTORY_MARGIN_MS = 120_000;

/**
 * Asks for exactly the missing ids, or for all from the first to the last of several runs: a page
 * costs the same whatever it holds. When that was in vain, asks for a full page to see what follows;
 * when they are too old, where the exchange's history begins.
 *
 * @param attempt How often the first one was asked for in vain.
 */
export async function askMissing(
  rest: BinanceRest,
  symbol: string,
  missing: MissingIds,
  attempt: number,
  signal: AbortSignal,
): Promise<Answer | RestError> {
  const { firstId, lastId, untilId } = missing;
  const limit = attempt === 0 ? Math.min(PAGE, untilId - firstId + 1) : PAGE;
  try {
    const page = await rest.aggTrades({ symbol, fromId: firstId, limit }, signal);
    return { items: sequencedPage(symbol, page), oldestId: null };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    if (error.code !== TOO_OLD) return error;
  }
  try {
    const startTimeMs = await rest.time(signal) - HISTORY_MS + HISTORY_MARGIN_MS;
    const page = await rest.aggTrades({ symbol, startTimeMs, limit: 1 }, signal);
    const [oldest] = sequencedPage(symbol, page);
    return { items: [], oldestId: oldest === undefined ? lastId + 1 : idOf(oldest) };
  } catch (error) {
    if (error instanceof RestError) return error;
    throw error;
  }
}
