import { isSequenceId } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";

/** A first live id so far behind the last known one belongs to another history … */
const FAR_IDS = 1_000;
/** … where ids are made of a sequence that all symbols share, some minutes of it. */
const FAR_SEQUENCE_IDS = 2 ** 32;

/**
 * Tells that the first live id of a symbol is far behind the last known one: it is of another
 * exchange, or the venue counts anew.
 *
 * @returns The notice, or `null` where it is not.
 */
export function otherHistory(
  symbol: string,
  firstId: number,
  lastId: number | null,
): FeedEvent | null {
  const far = isSequenceId(firstId) ? FAR_SEQUENCE_IDS : FAR_IDS;
  if (lastId === null || firstId + far > lastId) return null;
  return {
    kind: "status",
    status: "notice",
    message: `${symbol}: trade ${firstId} is far behind the last known one, ${lastId}; ` +
      "is this another exchange than before? Its trades are dropped as known until it catches up",
    symbols: [symbol],
  };
}
