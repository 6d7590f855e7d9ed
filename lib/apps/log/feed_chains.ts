import type { FeedOptions } from "../../feed/mod.ts";
import { ccxtNameOf, firstOfSequence, type Gap, isSequenceId, venueOf } from "../../market/mod.ts";
import type { LogChains } from "./log_state.ts";

/** Where the chains of a feed that starts go on: after what stores say that they have. */
export function chainsOfFeed(
  chains: LogChains,
): Required<Pick<FeedOptions, "lastIds" | "openGaps" | "sureId">> {
  return {
    lastIds: new Map(Object.entries(chains).map(([symbol, { lastId }]) => [symbol, lastId])),
    openGaps(symbol) {
      const chain = chains[symbol];
      if (chain === undefined) return [];
      const { lastId, openGaps } = chain;
      const isBefore = (gap: Gap) => gap.firstMissingId <= lastId;
      const before = openGaps.filter(isBefore);
      const doubtful = doubtfulMoment(symbol, lastId, before.at(-1)?.lastMissingId ?? -1);
      return [...before, ...doubtful, ...openGaps.filter((gap) => !isBefore(gap))];
    },
    sureId: (symbol) => chains[symbol]?.sureId ?? null,
  };
}

/**
 * The millisecond of the last stored trade, as far as it lies after an id: through ccxt the ids within
 * one are not in the order in which trades come, and a feed may have ended between two of them. It is
 * asked for as a whole: the store knows which are new.
 */
function doubtfulMoment(symbol: string, lastId: number, afterId: number): Gap[] {
  if (ccxtNameOf(symbol) === null || !isSequenceId(lastId)) return [];
  const firstId = Math.max(firstOfSequence(lastId), afterId + 1);
  if (firstId >= lastId) return [];
  const ids = { venue: venueOf(symbol)!.code, symbol };
  return [{
    ...{ ...ids, firstMissingId: firstId, lastMissingId: lastId - 1 },
    ...{ openedAtMs: Date.now(), closedAtMs: null, state: "open" },
  }];
}
