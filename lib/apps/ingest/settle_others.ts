import { isTimeId } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import type { Pipeline } from "./pipeline.ts";

/**
 * Stores the bars that a killed process left open of symbols that are not followed any more, for
 * example as they have ended since, and cuts their gaps: nobody else will.
 */
export function settleOthers(
  pipeline: Pipeline,
  writer: StoreWriter,
  followed: readonly string[],
): void {
  const isFollowed = new Set(followed);
  const others = new Set<string>();
  for (const [symbol, lastId] of writer.lastTradeIds()) {
    if (isFollowed.has(symbol) || isTimeId(lastId)) continue;
    pipeline.restore(symbol);
    others.add(symbol);
  }
  pipeline.leave(others);
}
