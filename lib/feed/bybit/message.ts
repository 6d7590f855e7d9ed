import { BYBIT_LINEAR, type QuarantineReason } from "../../market/mod.ts";
import type { ParsedFrame } from "../parsed_frame.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { bybitSymbol } from "./names.ts";
import { Places } from "./places.ts";
import { readRow, socketFields } from "./trade_row.ts";

const TRADES = "publicTrade.";
/** What frames of the heartbeat's topic are called. */
const TICKERS = "tickers.";

/**
 * Returns a reader of the text frames of Bybit's public sockets. It remembers the last sequence
 * numbers: of one whose trades come in several messages those of the next go on.
 *
 * Strict: a row that is not exactly a trade is set aside with the reason. Rows behind one that does
 * not tell its number or its name are set aside with it, as their ids are not known then.
 *
 * @example Two trades of one taker
 * ```ts
 * import { bybitFrameParser } from "tandem/feed";
 * import { sequenceId } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const row = (id: string) =>
 *   `{"T":1400,"s":"BTCUSDT","S":"Buy","v":"0.03","p":"83091.7","i":"${id}","BT":false,"seq":9}`;
 * const text = '{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1405,' +
 *   `"data":[${row("20f43950")},${row("307fb58f")}]}`;
 * const [first, second] = bybitFrameParser()(text, 1_410);
 * deepStrictEqual(first, {
 *   kind: "trade",
 *   trade: {
 *     venue: "bybit-linear", symbol: "bybit:BTCUSDT", tradeId: sequenceId(9, 0), timeMs: 1_400,
 *     price: 83091.7, quantity: 0.03, takerSide: "buy", source: "ws",
 *   },
 *   eventTimeMs: 1_405,
 *   receivedMs: 1_410,
 * });
 * deepStrictEqual(second?.kind === "trade" && second.trade.tradeId, sequenceId(9, 1));
 * ```
 *
 * @returns What a frame means: trades, reasons why there is none, a time, an answer, or nothing where
 *   only its coming counts.
 */
export function bybitFrameParser(): (text: string, receivedMs: number) => ParsedFrame[] {
  const places = new Places();
  return (text, receivedMs) => parse(text, receivedMs, places);
}

function parse(text: string, receivedMs: number, places: Places): ParsedFrame[] {
  const setAside = (reason: QuarantineReason, symbol: string | null, raw: string) => ({
    kind: "quarantine" as const,
    frame: quarantinedFrame({ venue: BYBIT_LINEAR, symbol, reason, raw, receivedMs }),
  });
  const reject = (reason: QuarantineReason, symbol: string | null = null) =>
    setAside(reason, symbol, text);
  let frame: Readonly<Record<string, unknown>>;
  try {
    frame = JSON.parse(text);
  } catch {
    return [reject("not JSON")];
  }
  if (typeof frame !== "object" || frame === null) return [reject("unknown frame")];
  const { topic, op, data, ts } = frame;
  if (op !== undefined) return answerOf(frame);
  if (typeof topic !== "string") return [reject("unknown frame")];
  const symbol = topic.startsWith(TRADES) ? bybitSymbol(topic.slice(TRADES.length)) : null;
  if (typeof ts !== "number" || !(ts > 0 && ts < 2 ** 43)) {
    return [reject(ts === undefined ? "missing field" : "wrong type", symbol)];
  }
  if (topic.startsWith(TICKERS)) return [{ kind: "time", eventTimeMs: ts }];
  if (symbol === null) return [reject("unknown frame")];
  if (!Array.isArray(data)) return [reject("unknown frame", symbol)];
  let arePlaced = true;
  return data.map((row): ParsedFrame => {
    const no = (reason: QuarantineReason, of: string | null = symbol) =>
      setAside(reason, of, JSON.stringify(row));
    if (typeof row !== "object" || row === null) {
      arePlaced = false;
      return no("wrong type");
    }
    const fields = socketFields(row);
    if (typeof fields.name === "string" && bybitSymbol(fields.name) !== symbol) {
      arePlaced = false;
      return no("unknown symbol");
    }
    const reading = readRow(fields, places, "ws");
    if (reading.kind === "rejected" && !reading.isPlaced) arePlaced = false;
    if (!arePlaced) {
      return no(reading.kind === "rejected" ? reading.reason : "unknown place");
    }
    switch (reading.kind) {
      case "trade":
        return { kind: "trade", trade: reading.trade, eventTimeMs: ts, receivedMs };
      case "rejected":
        return no(reading.reason, reading.symbol);
      case "block": {
        const { tradeId } = reading;
        const { frame } = no("not a market trade", reading.symbol);
        const item = { kind: "nonMarket" as const, symbol: reading.symbol, tradeId, receivedMs };
        return { ...item, eventTimeMs: ts, frame: { ...frame, tradeId } };
      }
    }
  });
}

function answerOf(frame: Readonly<Record<string, unknown>>): ParsedFrame[] {
  const { op, success, ret_msg: message, req_id: id } = frame;
  // The answer to a ping proves that somebody is there, no more.
  if (op === "ping" || op === "pong") return [];
  const known = typeof id === "string" && /^\d{1,9}$/.test(id) ? Number(id) : null;
  const text = typeof message === "string" ? message : JSON.stringify(frame);
  const error = success === false ? { code: null, message: text } : null;
  return [{ kind: "reply", id: known, error }];
}
