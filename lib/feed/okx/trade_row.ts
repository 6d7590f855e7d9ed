import { OKX_SWAP, type QuarantineReason, type Trade, type TradeSource } from "../../market/mod.ts";
import { baseQuantity } from "./base_quantity.ts";
import { okxSymbol } from "./names.ts";

/** Base units of one contract of an instrument, as the venue writes it; `undefined` where unknown. */
export type ContractSizes = (instId: string) => string | undefined;

/** Why a row is no trade, and what it told. */
export interface Rejection {
  readonly reason: QuarantineReason;
  /** The symbol, or `null` where the row does not tell. */
  readonly symbol: string | null;
}

const WHOLE = /^\d{1,16}$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/**
 * Returns the trade of a row as socket and REST give it: `instId`, `tradeId`, `px`, `sz`, `side` and
 * `ts`, all of them text; `sz` counts contracts. Or the first reason why it is none.
 */
export function readRow(
  row: unknown,
  contractSizes: ContractSizes,
  source: TradeSource,
): Trade | Rejection {
  if (typeof row !== "object" || row === null) return { reason: "wrong type", symbol: null };
  const { instId, tradeId, px, sz, side, ts } = row as Readonly<Record<string, unknown>>;
  if (typeof instId !== "string" || instId === "") return no(instId, null);
  const symbol = okxSymbol(instId);
  const contractSize = contractSizes(instId);
  if (contractSize === undefined) return { reason: "unknown symbol", symbol: null };
  if (!isWhole(tradeId)) return no(tradeId, symbol);
  if (!isWhole(ts) || Number(ts) >= 2 ** 43) return no(ts, symbol);
  if (side !== "buy" && side !== "sell") return no(side, symbol);
  if (typeof px !== "string" || !DECIMAL.test(px)) return no(px, symbol);
  if (typeof sz !== "string" || !DECIMAL.test(sz)) return no(sz, symbol);
  const price = Number(px);
  if (!(price > 0 && price < Infinity)) return { reason: "price not positive", symbol };
  const quantity = baseQuantity(sz, contractSize);
  if (!(quantity > 0 && quantity < Infinity)) return { reason: "quantity not positive", symbol };
  return {
    venue: OKX_SWAP,
    symbol,
    tradeId: Number(tradeId),
    timeMs: Number(ts),
    price,
    quantity,
    takerSide: side,
    source,
  };
}

function isWhole(value: unknown): value is string {
  return typeof value === "string" && WHOLE.test(value) && Number.isSafeInteger(Number(value));
}

function no(value: unknown, symbol: string | null): Rejection {
  return { reason: value === undefined ? "missing field" : "wrong type", symbol };
}
