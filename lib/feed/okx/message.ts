import { OKX_SWAP, type QuarantineReason } from "../../market/mod.ts";
import type { ParsedFrame } from "../parsed_frame.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import { type ContractSizes, readRow } from "./trade_row.ts";

/** The answer to a `ping`. */
export const PONG = "pong";

/** The venue is about to close the connection for an upgrade. */
const UPGRADE = "64008";

/** What frames of the heartbeat's channel are called. */
const CANDLES = /^candle/;

/**
 * Returns what a text frame of OKX's public sockets means; one for each row it holds.
 *
 * Strict: a row that is not exactly a trade of a known instrument is set aside with the reason.
 *
 * @example A trade of three contracts of 0.01 BTC
 * ```ts
 * import { parseOkxFrame } from "tandem/feed";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const text = '{"arg":{"channel":"trades-all","instId":"BTC-USDT-SWAP"},"data":[{' +
 *   '"instId":"BTC-USDT-SWAP","tradeId":"7","px":"83091.7","sz":"3","side":"buy","ts":"1400"}]}';
 * const [frame] = parseOkxFrame(text, () => "0.01", 1_410);
 * deepStrictEqual(frame, {
 *   kind: "trade",
 *   trade: {
 *     venue: "okx-swap", symbol: "okx:BTC-USDT-SWAP", tradeId: 7, timeMs: 1_400,
 *     price: 83091.7, quantity: 0.03, takerSide: "buy", source: "ws",
 *   },
 *   eventTimeMs: 1_400,
 *   receivedMs: 1_410,
 * });
 * ```
 *
 * @param text The frame as received.
 * @param contractSizes Base units of one contract of each instrument.
 * @param receivedMs Local time of receipt, ms since the epoch.
 * @returns Trades, reasons why there is none, a time, an answer, or nothing where only its coming
 *   counts.
 */
export function parseOkxFrame(
  text: string,
  contractSizes: ContractSizes,
  receivedMs: number,
): ParsedFrame[] {
  if (text === PONG) return [];
  const reject = (reason: QuarantineReason, symbol: string | null = null): ParsedFrame => ({
    kind: "quarantine",
    frame: quarantinedFrame({ venue: OKX_SWAP, symbol, reason, raw: text, receivedMs }),
  });
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return [reject("not JSON")];
  }
  if (typeof frame !== "object" || frame === null) return [reject("unknown frame")];
  const { event, arg, data } = frame as Readonly<Record<string, unknown>>;
  if (event !== undefined) return [answerOf(frame)];
  const { channel } = (arg ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(data)) return [reject("unknown frame")];
  if (typeof channel === "string" && CANDLES.test(channel)) return timesOf(data);
  if (channel !== "trades-all") return [reject("unknown frame")];
  return data.map((row): ParsedFrame => {
    const trade = readRow(row, contractSizes, "ws");
    if ("reason" in trade) return reject(trade.reason, trade.symbol);
    // The venue does not say when it sent the frame.
    return { kind: "trade", trade, eventTimeMs: trade.timeMs, receivedMs };
  });
}

/** A candle says when its second began: it is that late at least. */
function timesOf(candles: readonly unknown[]): ParsedFrame[] {
  const times = candles.flatMap((candle) => {
    const openMs = Array.isArray(candle) ? Number(candle[0]) : NaN;
    return Number.isSafeInteger(openMs) && openMs > 0 ? [openMs] : [];
  });
  return times.length === 0 ? [] : [{ kind: "time", eventTimeMs: Math.max(...times) }];
}

function answerOf(frame: object): ParsedFrame {
  const { event, code, msg, id } = frame as Readonly<Record<string, unknown>>;
  if (event === "notice" && code === UPGRADE) return { kind: "shutdown" };
  const known = typeof id === "string" && /^\d{1,9}$/.test(id) ? Number(id) : null;
  if (event !== "error") return { kind: "reply", id: known, error: null };
  return {
    kind: "reply",
    id: known,
    error: {
      code: typeof code === "string" && /^\d+$/.test(code) ? Number(code) : null,
      message: typeof msg === "string" ? msg : JSON.stringify(frame),
    },
  };
}
