import type { QuarantineReason } from "../../market/mod.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import type { InSecond } from "../side/one_per_second.ts";
import type { SideFrame } from "../side/side_feed.ts";
import { COIN_MARGINED, isObject, parseAnyFrame } from "./message.ts";
import { DECIMAL, type Fields, isSymbol, isTime } from "./trade_fields.ts";

const SECOND_MS = 1_000;

/** Clocks differ by less: a time so far ahead is wrong, and what came after it would be too late. */
const AHEAD_MS = 10 * 60_000;

/**
 * Returns what a frame of a stream beside the trades means.
 *
 * @param type The event type of the stream.
 * @param read Makes a row of the payload of a USD-M contract, or tells why there is none.
 */
export function sideFrame<Row extends InSecond>(
  text: string,
  receivedMs: number,
  type: string,
  read: (payload: Fields, symbol: string) => Row | QuarantineReason,
): SideFrame<Row> {
  const payload = payloadOf(text);
  if (payload === null || payload["e"] !== type) return otherFrame(text, receivedMs);
  const { s, st } = payload;
  const symbol = isSymbol(s) ? s : null;
  const row = symbol === null
    ? notThere(s)
    : st === COIN_MARGINED
    ? "unknown symbol"
    : read(payload, symbol);
  const isFine = typeof row !== "string" && row.timeMs <= receivedMs + AHEAD_MS;
  if (isFine) return { kind: "row", row };
  const reason = typeof row === "string" ? row : "time out of range";
  const frame = quarantinedFrame({ symbol, reason, raw: text, receivedMs });
  return { kind: "quarantine", frame };
}

/** The start of the second of a time, or why it is none. */
export function secondOf(timeMs: unknown): number | QuarantineReason {
  return isTime(timeMs) ? Math.floor(timeMs / SECOND_MS) * SECOND_MS : notThere(timeMs);
}

/** A number that is written as the exchange writes it; `null` for anything else. */
export function decimal(value: unknown): number | null {
  return typeof value === "string" && DECIMAL.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : null;
}

/** Why a field cannot be read. */
export function notThere(value: unknown): QuarantineReason {
  return value === undefined ? "missing field" : "wrong type";
}

/** A frame of no row: an answer, a shutdown, or something that is set aside. */
function otherFrame(text: string, receivedMs: number): SideFrame<never> {
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
