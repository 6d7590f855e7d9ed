import { idOf, type MissingIds } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { Answer } from "../venue/adapter.ts";
import { BybitRest } from "./rest.ts";

/**
 * Asks for what may have been traded between two ids: the venue gives its newest trades and no
 * others. Where they begin after the first id, it is not known what was traded before.
 */
export async function askMissing(
  rest: BybitRest,
  symbol: string,
  { firstId, untilId }: MissingIds,
  signal: AbortSignal,
): Promise<Answer | RestError> {
  try {
    const { items, sinceId } = await rest.recent(symbol, BybitRest.MOST, signal);
    const newest = items.at(-1);
    const isReached = sinceId === null || firstId - 1 >= sinceId;
    const oldest = isReached ? undefined : items[0];
    return {
      items: items.filter((item) => idOf(item) >= firstId),
      // What the socket has told already may be ahead of REST: then it is asked again.
      untilId: newest === undefined ? firstId - 1 : Math.min(untilId, idOf(newest)),
      oldestId: oldest === undefined ? null : idOf(oldest),
      oldestMs: oldest?.kind === "trade" ? oldest.trade.timeMs : null,
    };
  } catch (error) {
    if (error instanceof RestError) return error;
    throw error;
  }
}
