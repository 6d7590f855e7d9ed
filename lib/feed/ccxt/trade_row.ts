import {
  ccxtVenue,
  type QuarantineReason,
  type Trade,
  type TradeSource,
} from "../../market/mod.ts";
import { baseAmount, type CcxtInstrument } from "./instruments.ts";
import type { TradeNames } from "./trade_names.ts";

/** Whose trades are read. */
export interface RowContext {
  /** What ccxt calls the venue. */
  readonly venue: string;
  readonly instrument: CcxtInstrument;
  readonly names: TradeNames;
  readonly source: TradeSource;
  /** When the row was received, local ms. */
  readonly receivedMs: number;
}

/** What a row is: a trade and what the venue calls it, or the first reason why it is none. */
export type RowReading =
  | { readonly kind: "trade"; readonly trade: Trade; readonly name: string }
  | {
    readonly kind: "rejected";
    readonly reason: QuarantineReason;
    /** The id that it used up; `null` where the row does not tell. */
    readonly tradeId: number | null;
  };

/** With a negative exponent where a venue sends numbers: so small ones are written like that. */
const DECIMAL = /^-?\d+(?:\.\d+)?(?:e-\d+)?$/;
/** Before 2001 a time is in another unit, ms. */
const EARLIEST_MS = 1e12;
/** So far ahead of the local clock a time is wrong, ms. */
const AHEAD_MS = 60_000;

/** Reads a row as the gateway passes it on. Side is the taker's. */
export function readRow(row: Readonly<Record<string, unknown>>, context: RowContext): RowReading {
  const { instrument, names, receivedMs, source } = context;
  const { symbol } = instrument;
  const { id: name, timeMs, side, price: priceText, amount } = row;
  const wrong = (value: unknown) => value == null ? "missing field" : "wrong type";
  const unnamed = (reason: QuarantineReason): RowReading => ({
    ...{ kind: "rejected", reason, tradeId: null },
  });
  if (row.symbol !== instrument.unified) return unnamed("unknown symbol");
  if (typeof name !== "string" || name === "") return unnamed(wrong(name));
  if (typeof timeMs !== "number" || !Number.isSafeInteger(timeMs)) return unnamed(wrong(timeMs));
  // ccxt takes the time for a name where a row has none.
  if (name === String(timeMs)) return unnamed("missing field");
  if (timeMs < EARLIEST_MS || timeMs > receivedMs + AHEAD_MS) return unnamed("time out of range");
  const tradeId = names.idOf(symbol, name, timeMs);
  if (Number.isNaN(tradeId)) return unnamed("unknown place");
  const no = (reason: QuarantineReason): RowReading => ({ kind: "rejected", reason, tradeId });
  if (side !== "buy" && side !== "sell") return no(wrong(side));
  if (!isDecimal(priceText)) return no(wrong(priceText));
  if (!isDecimal(amount)) return no(wrong(amount));
  const [price, quantity] = [Number(priceText), baseAmount(amount, instrument.contractSize)];
  if (!(price > 0 && price < Infinity)) return no("price not positive");
  if (!(quantity > 0 && quantity < Infinity)) return no("quantity not positive");
  const { code } = ccxtVenue(context.venue);
  const trade: Trade = {
    ...{ venue: code, symbol, tradeId, timeMs, price, quantity, takerSide: side, source },
  };
  return { kind: "trade", trade, name };
}

function isDecimal(value: unknown): value is string {
  return typeof value === "string" && DECIMAL.test(value);
}
