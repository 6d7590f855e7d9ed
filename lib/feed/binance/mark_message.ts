import { BINANCE_USDM, type QuarantineReason } from "../../market/mod.ts";
import type { Mark } from "../../market/mod.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import type { SideFrame } from "../side/side_feed.ts";
import { COIN_MARGINED, isObject, parseAnyFrame } from "./message.ts";
import { DECIMAL, type Fields, isSymbol, isTime } from "./trade_fields.ts";

const SECOND_MS = 1_000;

/**
 * Returns what a frame of `<symbol>@markPrice@1s` tells.
 *
 * A contract that is delisted, or that pays no funding, says so by a next funding at 0 or an empty
 * rate: both are `null` then, never 0. So is an index price that is not above 0. A mark price that
 * is not, or a field of another kind, sets the frame aside; so does a COIN-M contract (`st` = 2).
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
  const payload = payloadOf(text);
  if (payload === null || payload["e"] !== "markPriceUpdate") return otherFrame(text, receivedMs);
  const symbol = isSymbol(payload["s"]) ? payload["s"] : null;
  const mark = symbol === null ? notThere(payload["s"]) : readMark(payload, symbol);
  if (typeof mark !== "string") return { kind: "row", row: mark };
  const frame = quarantinedFrame({ symbol, reason: mark, raw: text, receivedMs });
  return { kind: "quarantine", frame };
}

function readMark(payload: Fields, symbol: string): Mark | QuarantineReason {
  const { E: eventTimeMs, p, i, r, T: dueMs, st } = payload;
  if (st === COIN_MARGINED) return "unknown symbol";
  if (!isTime(eventTimeMs)) return notThere(eventTimeMs);
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
    ...{ venue: BINANCE_USDM, symbol },
    timeMs: Math.floor(eventTimeMs / SECOND_MS) * SECOND_MS,
    markPrice,
    indexPrice: indexPrice > 0 ? indexPrice : null,
    fundingRate: isDue ? fundingRate : null,
    nextFundingMs: isDue ? dueMs : null,
  };
}

/** A frame that is no mark: an answer, a shutdown, or something that is set aside. */
function otherFrame(text: string, receivedMs: number): SideFrame<Mark> {
  const frame = parseAnyFrame(text, "aggTrade", receivedMs);
  switch (frame.kind) {
    case "quarantine":
    case "reply":
    case "shutdown":
      return frame;
    default:
      return {
        kind: "quarantine",
        frame: quarantinedFrame({ symbol: null, reason: "unknown frame", raw: text, receivedMs }),
      };
  }
}

function payloadOf(text: string): Fields | null {
  try {
    const frame: unknown = JSON.parse(text);
    const payload = isObject(frame) ? frame["data"] ?? frame : null;
    return isObject(payload) ? payload : null;
  } catch {
    return null;
  }
}

/** A number that is written as the exchange writes it; `null` for anything else. */
function decimal(value: unknown): number | null {
  return typeof value === "string" && DECIMAL.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : null;
}

function notThere(value: unknown): QuarantineReason {
  return value === undefined ? "missing field" : "wrong type";
}
