import { type TakerSide, type Trade, TRADE_SOURCES } from "../market/mod.ts";

export { TRADE_SOURCES };

/** The sides by the number that `TradeColumns.takerBought` holds. */
export const TAKER_SIDES: readonly TakerSide[] = ["sell", "buy"];

/** Trades of one symbol as columns, in id order: for work on millions of them. */
export interface TradeColumns {
  /** How many trades there are. */
  readonly length: number;
  /** Trade ids, ascending. */
  readonly tradeId: Float64Array;
  /** Exchange times, ms since the epoch. */
  readonly timeMs: Float64Array;
  /** Prices, quote per base. */
  readonly price: Float64Array;
  /** Quantities, base units. */
  readonly quantity: Float64Array;
  /** 1 where the taker bought, 0 where it sold. */
  readonly takerBought: Uint8Array;
  /** Where each was read: an index of `TRADE_SOURCES`. */
  readonly source: Uint8Array;
}

/** One trade of columns, as a record. */
export function tradeAt(columns: TradeColumns, k: number, venue: string, symbol: string): Trade {
  return {
    venue,
    symbol,
    tradeId: columns.tradeId[k]!,
    timeMs: columns.timeMs[k]!,
    price: columns.price[k]!,
    quantity: columns.quantity[k]!,
    takerSide: TAKER_SIDES[columns.takerBought[k]!]!,
    source: TRADE_SOURCES[columns.source[k]!]!,
  };
}
