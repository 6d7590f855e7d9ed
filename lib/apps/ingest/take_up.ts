import { ccxtNameOf, firstOfSequence, type Gap, isSequenceId, venueOf } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import type { Pipeline } from "./pipeline.ts";

/** Takes up a symbol where it was left, with what it may lack before its last trade as open gaps. */
export function takeUp(symbol: string, pipeline: Pipeline, writer: StoreWriter): void {
  pipeline.restore(symbol);
  const gaps = doubtfulMoment(symbol, writer);
  if (gaps.length > 0) writer.write({ gaps });
}

/**
 * What may be missing of the millisecond in which the last stored trade was: through ccxt the ids
 * within one are not in the order in which trades come, and a process may end between two of them.
 */
function doubtfulMoment(symbol: string, writer: StoreWriter): Gap[] {
  const lastId = ccxtNameOf(symbol) === null ? null : writer.lastTradeId(symbol);
  if (lastId === null || !isSequenceId(lastId)) return [];
  const ids = { venue: venueOf(symbol)!.code, symbol };
  const openedAtMs = writer.lastTradeTimeMs(symbol) ?? 0;
  return writer.missingRuns(symbol, firstOfSequence(lastId), lastId - 1).map((run): Gap => ({
    ...{ ...ids, firstMissingId: run.firstId, lastMissingId: run.lastId },
    ...{ openedAtMs, closedAtMs: null, state: "open" },
  }));
}
