import {
  BINANCE_USDM,
  type QuarantineReason,
  type Trade,
  type TradeSource,
} from "../../market/mod.ts";

/** A JSON object before anything is known of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Why a row is no trade. */
export interface Rejection {
  readonly reason: QuarantineReason;
}

/** A decimal number as the exchange writes it: digits with at most one point, no exponent. */
export const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Returns whether a value is an id or a time: a whole number >= 0 that a double holds exactly. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

/** Returns whether a value is a time in ms: whole, and before the year 2248. */
export function isTime(value: unknown): value is number {
  return isWhole(value) && value < 2 ** 43;
}

/** Returns whether a value is a symbol: text of a sane length. */
export function isSymbol(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 64;
}

function notThere(value: unknown): Rejection {
  return { reason: value === undefined ? "missing field" : "wrong type" };
}

/**
 * Makes a trade of the fields that aggregate trades, single trades and REST rows share: price `p`,
 * quantity `q`, time `T`, buyer is maker `m`, under the id field that the stream has.
 *
 * Newer fields may be absent and unknown ones present; `f` and `l` are not looked at because
 * nothing is ever derived from them.
 *
 * @returns The trade, or the first reason why it is none.
 */
export function readTrade(
  fields: Fields,
  idField: "a" | "t",
  symbol: string,
  source: TradeSource,
): Trade | Rejection {
  const { [idField]: tradeId, p, q, T: timeMs, m: buyerIsMaker } = fields;
  if (!isWhole(tradeId)) return notThere(tradeId);
  if (!isTime(timeMs)) return notThere(timeMs);
  if (typeof buyerIsMaker !== "boolean") return notThere(buyerIsMaker);
  if (typeof p !== "string" || !DECIMAL.test(p)) return notThere(p);
  if (typeof q !== "string" || !DECIMAL.test(q)) return notThere(q);
  const price = Number(p);
  if (!(price > 0 && price < Infinity)) return { reason: "price not positive" };
  const quantity = Number(q);
  if (!(quantity > 0 && quantity < Infinity)) return { reason: "quantity not positive" };
  return {
    venue: BINANCE_USDM,
    symbol,
    tradeId,
    timeMs,
    price,
    quantity,
    takerSide: buyerIsMaker ? "sell" : "buy",
    source,
  };
}
