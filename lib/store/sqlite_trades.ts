import type { DatabaseSync } from "node:sqlite";
import type { Trade } from "../market/mod.ts";
import type { TradeQuery } from "./reader.ts";
import {
  PRICE_UNSCALED,
  QUANTITY_UNSCALED,
  sourceOf,
  TAKER_BOUGHT,
  unscaled,
} from "./trade_codec.ts";

/** Trades of one symbol in id order, read from the table without building rows of names. */
export function selectTrades(db: DatabaseSync, query: TradeQuery): Trade[] {
  const symbol = db.prepare("SELECT symbol_id, venue FROM symbols WHERE symbol = ?")
    .get(query.symbol);
  if (symbol === undefined) return [];
  const statement = db.prepare(
    `SELECT trade_id, time_ms, price, quantity, flags FROM trades
     WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? AND time_ms >= ? AND time_ms < ?
     ORDER BY trade_id LIMIT ?`,
  );
  (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  const rows = statement.all(
    Number(symbol.symbol_id),
    query.fromId ?? 0,
    query.toId ?? Number.MAX_SAFE_INTEGER,
    query.fromMs ?? 0,
    query.toMs ?? Number.MAX_SAFE_INTEGER,
    query.limit ?? -1,
  ) as unknown as [number, number, number, number, number][];
  const venue = String(symbol.venue);
  return rows.map(([tradeId, timeMs, price, quantity, flags]) => ({
    venue,
    symbol: query.symbol,
    tradeId,
    timeMs,
    price: unscaled(price, (flags & PRICE_UNSCALED) !== 0),
    quantity: unscaled(quantity, (flags & QUANTITY_UNSCALED) !== 0),
    takerSide: (flags & TAKER_BOUGHT) !== 0 ? "buy" : "sell",
    source: sourceOf(flags),
  }));
}
