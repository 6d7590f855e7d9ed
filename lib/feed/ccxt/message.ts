import { ccxtVenue, type QuarantineReason } from "../../market/mod.ts";
import type { TradeEvent } from "../feed.ts";
import type { ParsedFrame } from "../parsed_frame.ts";
import { quarantinedFrame } from "../quarantined_frame.ts";
import type { CcxtInstrument } from "./instruments.ts";
import type { TradeNames } from "./trade_names.ts";
import { readRow } from "./trade_row.ts";

/** What a reader of the gateway's frames knows. */
export interface CcxtFrames {
  /** What ccxt calls the venue. */
  readonly venue: string;
  /** The instrument that ccxt calls so. */
  readonly instrument: (unified: string) => CcxtInstrument | undefined;
  readonly names: TradeNames;
}

/** Reads the text frames of the gateway: trades, reasons why there are none, or an answer. */
export function parseCcxtFrame(
  text: string,
  receivedMs: number,
  { venue, instrument: find, names }: CcxtFrames,
): ParsedFrame[] {
  const setAside = (reason: QuarantineReason, symbol: string | null, raw: string): ParsedFrame => ({
    kind: "quarantine",
    frame: quarantinedFrame({ venue: ccxtVenue(venue).code, symbol, reason, raw, receivedMs }),
  });
  // The gateway is a part of this program: what it writes can be read.
  const frame = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (frame.alive === true) return [];
  if (typeof frame.refused === "string") {
    return [{ kind: "reply", id: Number(frame.id), error: { code: null, message: frame.refused } }];
  }
  if (typeof frame.unread === "string") {
    return [setAside(frame.why === undefined ? "not JSON" : "unknown frame", null, frame.unread)];
  }
  const instrument = find(String(frame.symbol));
  if (instrument === undefined) return [setAside("unknown symbol", null, text)];
  const { symbol } = instrument;
  const trades: TradeEvent[] = [];
  const rest: ParsedFrame[] = frame.missed === true ? [{ kind: "missed", symbol }] : [];
  for (const row of frame.trades as readonly Readonly<Record<string, unknown>>[]) {
    const reading = readRow(row, { venue, instrument, names, source: "ws", receivedMs });
    if (reading.kind === "rejected") {
      rest.push(setAside(reading.reason, symbol, JSON.stringify(row.info ?? row)));
      continue;
    }
    const { trade } = reading;
    names.tell(reading.name, trade);
    trades.push({ kind: "trade", trade, eventTimeMs: trade.timeMs, receivedMs });
  }
  // Within a millisecond names that are no numbers are in an order of their own.
  trades.sort((a, b) => a.trade.tradeId - b.trade.tradeId);
  return [...rest, ...trades];
}
