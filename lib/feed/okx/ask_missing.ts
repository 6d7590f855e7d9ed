import { idOf, type MissingIds } from "../chain/sequenced.ts";
import { RestError } from "../rest_error.ts";
import type { Answer } from "../venue/adapter.ts";
import type { OkxRest } from "./rest.ts";
import type { ContractSizes } from "./trade_row.ts";

/** How many rows the venue gives in one answer at most. */
const PAGE = 100;

/**
 * Asks for missing ids, the oldest first. The venue pages backwards, so that the page ends where as
 * many ids as it holds can have passed since the first one.
 */
export async function askMissing(
  rest: OkxRest,
  symbol: string,
  { firstId, untilId }: MissingIds,
  contractSizes: ContractSizes,
  signal: AbortSignal,
): Promise<Answer | RestError> {
  const lastId = Math.min(untilId, firstId + PAGE - 1);
  try {
    const limit = lastId - firstId + 1;
    const page = await rest.trades({ symbol, beforeId: lastId + 1, limit }, contractSizes, signal);
    return {
      items: page.filter((item) => idOf(item) >= firstId),
      untilId: lastId,
      oldestId: null,
    };
  } catch (error) {
    if (error instanceof RestError) return error;
    throw error;
  }
}
