import {
  BYBIT_LINEAR,
  type QuarantineReason,
  sequenceId,
  type Trade,
  type TradeSource,
} from "../../market/mod.ts";
import { bybitSymbol } from "./names.ts";
import type { Places } from "./places.ts";

/** What a row tells, by whatever names: nothing of it is believed yet. */
export interface RowFields {
  readonly name: unknown;
  readonly tradeId: unknown;
  readonly sequence: unknown;
  readonly timeMs: unknown;
  readonly price: unknown;
  readonly size: unknown;
  readonly side: unknown;
  readonly isBlock: unknown;
}

/** What a row is: a trade, or the first reason why it is none. */
export type RowReading =
  | { readonly kind: "trade"; readonly trade: Trade }
  /** It was agreed on beside the order book; the id is used up. */
  | { readonly kind: "block"; readonly symbol: string; readonly tradeId: number }
  | {
    readonly kind: "rejected";
    readonly reason: QuarantineReason;
    /** The symbol, or `null` where the row does not tell. */
    readonly symbol: string | null;
    /** Whether it is known which of its sequence's trades it is. */
    readonly isPlaced: boolean;
  };

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const SIDES: ReadonlyMap<unknown, "buy" | "sell"> = new Map([["Buy", "buy"], ["Sell", "sell"]]);

/** The fields of a row of `publicTrade`. */
export function socketFields(row: Readonly<Record<string, unknown>>): RowFields {
  const { s: name, i: tradeId, seq: sequence, T: timeMs, p: price, v: size, S: side } = row;
  return { name, tradeId, sequence, timeMs, price, size, side, isBlock: row.BT };
}

/** The fields of a row of `recent-trade`, which writes numbers as text. */
export function restFields(row: Readonly<Record<string, unknown>>): RowFields {
  const { symbol: name, execId: tradeId, price, size, side, isBlockTrade: isBlock } = row;
  const [sequence, timeMs] = [row.seq, row.time].map((text) =>
    typeof text === "string" && /^\d{1,16}$/.test(text) ? Number(text) : text
  );
  return { name, tradeId, sequence, timeMs, price, size, side, isBlock };
}

/** Reads a row. Sizes are base units at this venue; side is the taker's. */
export function readRow(fields: RowFields, places: Places, source: TradeSource): RowReading {
  const { name, tradeId, sequence, timeMs } = fields;
  if (typeof name !== "string" || name === "") return unplaced(name, null);
  const symbol = bybitSymbol(name);
  if (typeof tradeId !== "string" || tradeId === "") return unplaced(tradeId, symbol);
  if (!isWhole(sequence)) return unplaced(sequence, symbol);
  const id = sequenceId(sequence, places.of(name, sequence, tradeId));
  if (!Number.isSafeInteger(id)) return unplaced(sequence, symbol);
  const no = (reason: QuarantineReason): RowReading => ({
    ...{ kind: "rejected", reason, symbol, isPlaced: true },
  });
  const wrong = (value: unknown) => no(value === undefined ? "missing field" : "wrong type");
  if (!isWhole(timeMs) || timeMs >= 2 ** 43) return wrong(timeMs);
  const takerSide = SIDES.get(fields.side);
  if (takerSide === undefined) return wrong(fields.side);
  if (!isDecimal(fields.price)) return wrong(fields.price);
  if (!isDecimal(fields.size)) return wrong(fields.size);
  const [price, quantity] = [Number(fields.price), Number(fields.size)];
  if (!(price > 0 && price < Infinity)) return no("price not positive");
  if (!(quantity > 0 && quantity < Infinity)) return no("quantity not positive");
  if (fields.isBlock === true) return { kind: "block", symbol, tradeId: id };
  const trade: Trade = {
    ...{ venue: BYBIT_LINEAR, symbol, tradeId: id, timeMs, price, quantity, takerSide, source },
  };
  return { kind: "trade", trade };
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isDecimal(value: unknown): value is string {
  return typeof value === "string" && DECIMAL.test(value);
}

function unplaced(value: unknown, symbol: string | null): RowReading {
  const reason = value === undefined ? "missing field" : "wrong type";
  return { kind: "rejected", reason, symbol, isPlaced: false };
}
