import { BINANCE_USDM, type Mark, type QuarantineReason } from "../../market/mod.ts";
import type { SideFrame } from "../side/side_feed.ts";
import { decimal, notThere, secondOf, sideFrame } from "./side_frame.ts";
import { type Fields, isTime } from "./trade_fields.ts";

/**
 * Returns what a frame of `<symbol>@markPrice@1s` tells.
 *
 * A contract that is delisted, or that pays no funding, says so by a next funding at 0 or an empty
 * rate: both are `null` then, never 0. So is an index price that is not above 0. A mark price that
 * is not, a field of another kind, or a time more than ten minutes ahead of that of receipt sets the
 * frame aside; so does a COIN-M contract (`st` = 2).
 *
 * @example A contract that is delisted has no funding
 * ```ts
 * import { parseMark } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const text = '{"e":"markPriceUpdate","E":1500,"s":"OMGUSDT","p":"0.30000000",' +
 *   '"i":"0.31000000","r":"0.00000000","T":0,"st":1}';
 * deepStrictEqual(parseMark(text, 1_510), {
 *   kind: "row",
 *   row: {
 *     venue: "binance-usdm", symbol: "OMGUSDT", timeMs: 1_000, markPrice: 0.3, indexPrice: 0.31,
 *     fundingRate: null, nextFundingMs: null,
 *   },
 * });
 * ```
 *
 * @param text The frame as received.
 * @param receivedMs Local time of receipt, ms since the epoch.
 * @returns The mark of its second, the reason why there is none, or an answer to a control frame.
 */
export function parseMark(text: string, receivedMs: number): SideFrame<Mark> {
  return sideFrame(text, receivedMs, "markPriceUpdate", readMark);
}

function readMark(payload: Fields, symbol: string): Mark | QuarantineReason {
  const { E: eventTimeMs, p, i, r, T: dueMs } = payload;
  const timeMs = secondOf(eventTimeMs);
  if (typeof timeMs === "string") return timeMs;
  const markPrice = decimal(p);
  if (markPrice === null) return notThere(p);
  if (!(markPrice > 0)) return "price not positive";
  const indexPrice = i === undefined || i === "" ? 0 : decimal(i);
  if (indexPrice === null) return "wrong type";
  const fundingRate = r === undefined || r === "" ? NaN : decimal(r);
  if (fundingRate === null) return "wrong type";
  if (dueMs !== undefined && !isTime(dueMs)) return "wrong type";
  const isDue = dueMs !== undefined && dueMs > 0 && !Number.isNaN(fundingRate);
  return {
    ...{ venue: BINANCE_USDM, symbol, timeMs, markPrice },
    indexPrice: indexPrice > 0 ? indexPrice : null,
    fundingRate: isDue ? fundingRate : null,
    nextFundingMs: isDue ? dueMs : null,
  };
}
