import type { Trade } from "../../market/mod.ts";
import { DAY_MS } from "../archive/archive_path.ts";
import type { TradeQuery } from "../reader.ts";
import { tradeAt, type TradeColumns } from "../trade_columns.ts";
import type { Link } from "./link.ts";
import { venuesOf, whole } from "./venues.ts";

const WIDTH = 5;

/** Reads trades of one symbol in id order, as columns. */
export function selectTradeColumns(link: Link, query: TradeQuery): TradeColumns {
  const { symbol, fromId = 0, toId = Number.MAX_SAFE_INTEGER, limit } = query;
  const [venue] = venuesOf(link, symbol);
  const days = venue === undefined ? null : daysOf(link, venue.symbolId, fromId, toId);
  const [tradeId, timeMs, price, quantity, flags] = days === null
    ? Array.from({ length: WIDTH }, () => new Float64Array())
    : link.columns(
      `SELECT trade_id::float8, time_ms::float8, price, quantity, flags::float8 FROM trades
       WHERE symbol_id = ${whole(venue!.symbolId)}
         AND trade_id BETWEEN ${whole(fromId)} AND ${whole(toId)}
         AND time_ms >= ${whole(Math.max(query.fromMs ?? -Infinity, days.fromMs))}
         AND time_ms < ${whole(Math.min(query.toMs ?? Infinity, days.toMs))}
       ORDER BY trade_id ${limit === undefined ? "" : `LIMIT ${whole(Math.max(0, limit))}`}`,
      WIDTH,
    );
  return {
    length: tradeId!.length,
    tradeId: tradeId!,
    timeMs: timeMs!,
    price: price!,
    quantity: quantity!,
    takerBought: Uint8Array.from(flags!, (f) => f & 1),
    source: Uint8Array.from(flags!, (f) => (f >> 1) & 3),
  };
}

/** The same as records. */
export function selectTrades(link: Link, query: TradeQuery): Trade[] {
  const trades = selectTradeColumns(link, query);
  if (trades.length === 0) return [];
  const { venue } = venuesOf(link, query.symbol)[0]!;
  return Array.from(trades.tradeId, (_, k) => tradeAt(trades, k, venue, query.symbol));
}

/** Reads trades of one symbol in id order, from the first that is not earlier than a time on. */
export function selectTradesFrom(link: Link, symbol: string, fromMs: number): Trade[] {
  const [venue] = venuesOf(link, symbol);
  if (venue === undefined) return [];
  const [first] = link.rows(
    "SELECT min(trade_id) AS id FROM trades WHERE symbol_id = $1 AND time_ms >= $2",
    ...[venue.symbolId, whole(fromMs)],
  );
  return first!.id === null ? [] : selectTrades(link, { symbol, fromId: Number(first!.id) });
}

/** The days in which ids of a symbol may be: only their partitions need to be looked into. */
export function daysOf(
  link: Link,
  symbolId: number,
  fromId: number,
  toId: number,
): { readonly fromMs: number; readonly toMs: number } | null {
  const [days] = link.rows(
    `SELECT min(day_ms) AS first, max(day_ms) AS last FROM trade_days
     WHERE symbol_id = $1 AND last_trade_id >= $2 AND first_trade_id <= $3`,
    ...[symbolId, whole(fromId), whole(toId)],
  );
  if (days!.first === null) return null;
  return { fromMs: Number(days!.first), toMs: Number(days!.last) + DAY_MS };
}
