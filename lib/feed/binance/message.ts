import type { QuarantineReason, StreamKind } from "../../market/mod.ts";
import type { QuarantineEvent } from "../feed.ts";
import type { ControlReply, ParsedFrame } from "../parsed_frame.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { fastTrade } from "./fast_message.ts";
import { type Fields, isSymbol, isWhole, readTrade } from "./trade_fields.ts";

const OTHER_STREAMS = new Set(["bookTicker", "markPriceUpdate", "kline"]);
/** Sent on the spot market's sockets since 2026-05-08; futures may follow. */
const SHUTDOWN = "serverShutdown";
/** `st` on the wire: a contract settled in its base. */
export const COIN_MARGINED = 2;

/**
 * Returns what a text frame of a combined or raw stream means.
 *
 * Strict: anything that is not exactly a trade of the wanted kind, a frame of a known other stream,
 * an answer to a control frame or the notice of a shutdown is set aside with the reason. A frame in the exchange's own
 * field order takes a shortcut over its bytes; the result is the same as that of
 * `JSON.parse` and validation for every text. Whether anyone subscribed to the symbol is not asked.
 *
 * A `trade` whose `X` is not `MARKET` is set aside as "not a market trade" and its id counts as
 * seen. An id whose price or quantity is corrupt does not: REST may know better. A COIN-M row
 * (`st` = 2) is an "unknown symbol", whatever its name.
 *
 * @example An aggregate trade, its newer fields absent
 * ```ts
 * import { parseFrame } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const text = '{"e":"aggTrade","E":1500,"a":7,"s":"BTCUSDT","p":"83091.70","q":"0.022",' +
 *   '"f":9,"l":9,"T":1400,"m":false}';
 * deepStrictEqual(parseFrame(text, "aggTrade", 1_510), {
 *   kind: "trade",
 *   trade: {
 *     venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 7, timeMs: 1_400,
 *     price: 83091.7, quantity: 0.022, takerSide: "buy", source: "ws",
 *   },
 *   eventTimeMs: 1_500,
 *   receivedMs: 1_510,
 *   lastFillId: 9,
 * });
 * ```
 *
 * @param text The frame as received.
 * @param streamKind Which trades are wanted; those of the other kind are unknown frames.
 * @param receivedMs Local time of receipt, ms since the epoch.
 * @returns The trade, the reason why there is none, an event time or an answer.
 */
export function parseFrame(text: string, streamKind: StreamKind, receivedMs: number): ParsedFrame {
  return fastTrade(text, streamKind, receivedMs) ?? parseAnyFrame(text, streamKind, receivedMs);
}

/**
 * Returns the same as `parseFrame()` without the shortcut, by `JSON.parse` and validation alone.
 *
 * @example A row that is no market trade
 * ```ts
 * import { parseAnyFrame } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * const text = '{"e":"trade","E":5,"T":5,"s":"BTCUSDT","t":7,"p":"0","q":"0","X":"NA","m":true}';
 * strictEqual(parseAnyFrame(text, "trade", 6).kind, "nonMarket");
 * ```
 *
 * @param text The frame as received.
 * @param streamKind Which trades are wanted.
 * @param receivedMs Local time of receipt, ms since the epoch.
 * @returns The trade, the reason why there is none, an event time or an answer.
 */
export function parseAnyFrame(
  text: string,
  streamKind: StreamKind,
  receivedMs: number,
): ParsedFrame {
  let symbol: string | null = null;
  const reject = (reason: QuarantineReason): QuarantineEvent => ({
    kind: "quarantine",
    frame: quarantinedFrame({ symbol, reason, raw: text, receivedMs }),
  });

  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return reject("not JSON");
  }
  if (!isObject(frame)) return reject("unknown frame");
  const reply = controlReply(frame);
  if (reply !== null) return reply;
  const payload = frame["data"] ?? frame;
  if (!isObject(payload)) return reject("unknown frame");

  const { e: type, E: eventTimeMs, s, st } = payload;
  if (isSymbol(s)) symbol = s;
  if (type === SHUTDOWN) return { kind: "shutdown" };
  if (type !== streamKind) {
    if (!OTHER_STREAMS.has(type as string) || !isWhole(eventTimeMs)) return reject("unknown frame");
    return { kind: "time", eventTimeMs };
  }
  if (symbol === null) return reject(s === undefined ? "missing field" : "wrong type");
  if (st === COIN_MARGINED) return reject("unknown symbol");
  if (!isWhole(eventTimeMs)) {
    return reject(eventTimeMs === undefined ? "missing field" : "wrong type");
  }
  if (streamKind === "trade") {
    const { X, t: tradeId } = payload;
    if (typeof X !== "string") return reject(X === undefined ? "missing field" : "wrong type");
    if (X !== "MARKET" && isWhole(tradeId)) {
      const reason = "not a market trade";
      const frame = quarantinedFrame({ symbol, tradeId, reason, raw: text, receivedMs });
      return { kind: "nonMarket", symbol, tradeId, eventTimeMs, receivedMs, frame };
    }
    if (X !== "MARKET") return reject(tradeId === undefined ? "missing field" : "wrong type");
  }
  const trade = readTrade(payload, streamKind === "trade" ? "t" : "a", symbol, "ws");
  if ("reason" in trade) return reject(trade.reason);
  const { l: lastFillId } = payload;
  return streamKind === "aggTrade" && isWhole(lastFillId)
    ? { kind: "trade", trade, eventTimeMs, receivedMs, lastFillId }
    : { kind: "trade", trade, eventTimeMs, receivedMs };
}

/** Returns whether a value is an object with fields. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function controlReply(frame: Fields): ControlReply | null {
  const { id, error } = frame;
  const known = isWhole(id) ? id : null;
  if (isObject(error)) {
    const { code, msg } = error;
    return {
      kind: "reply",
      id: known,
      error: {
        code: typeof code === "number" ? code : null,
        message: typeof msg === "string" ? msg : JSON.stringify(error),
      },
    };
  }
  if ("result" in frame) return { kind: "reply", id: known, error: null };
  // The documented form of an error, never seen on the wire, is bare.
  const { code, msg } = frame;
  if (typeof code === "number" && typeof msg === "string") {
    return { kind: "reply", id: known, error: { code, message: msg } };
  }
  return null;
}
