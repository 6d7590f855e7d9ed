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
  const days = venue === undefined
    ? null
    : daysOf(link, { ...query, symbolId: venue.symbolId, fromId, toId });
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

/** No trade has an earlier time than one this much before it, in order of ids, ms. */
const DISORDER_MS = 3_600_000;
/** So many ids are looked through, rather than halved once more. */
const FEW_IDS = 1_000;

/** The first id of a time or later: that day is halved by ids, which ascend nearly as times do. */
const FIRST_ID = `
WITH RECURSIVE halves (low, high) AS (
  SELECT first_trade_id, last_trade_id FROM trade_days WHERE symbol_id = $1 AND day_ms = $2
  UNION ALL
  SELECT CASE WHEN is_earlier THEN middle ELSE low END, CASE WHEN is_earlier THEN high ELSE middle END
  FROM halves, LATERAL (SELECT (low + high) / 2 AS middle) AS m, LATERAL (
    SELECT time_ms < $5 AS is_earlier FROM trades WHERE symbol_id = $1 AND trade_id >= middle
      AND time_ms >= $2 AND time_ms < $3 ORDER BY trade_id LIMIT 1) AS t
  WHERE high - low > ${FEW_IDS}
)
SELECT least(
  (SELECT min(trade_id) FROM trades WHERE symbol_id = $1 AND time_ms >= $4 AND time_ms < $3
     AND trade_id >= (SELECT max(low) FROM halves)),
  (SELECT min(first_trade_id) FROM trade_days WHERE symbol_id = $1 AND day_ms >= $3)) AS id`;

/** Reads trades of one symbol in id order, from the first that is not earlier than a time on. */
export function selectTradesFrom(link: Link, symbol: string, fromMs: number): Trade[] {
  const [venue] = venuesOf(link, symbol);
  if (venue === undefined) return [];
  const dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
  const [first] = link.rows(
    FIRST_ID,
    ...[venue.symbolId, whole(dayMs), whole(dayMs + DAY_MS)],
    ...[whole(fromMs), whole(fromMs - DISORDER_MS)],
  );
  return first!.id === null ? [] : selectTrades(link, { symbol, fromId: Number(first!.id) });
}

/** Which trades of a symbol: ids and times as of a query. */
export interface TradeRange extends Omit<TradeQuery, "symbol"> {
  readonly symbolId: number;
  readonly fromId: number;
  readonly toId: number;
}

/** The days from the first to the one with which there are enough, and all that have ids below. */
const DAYS = `
WITH days AS (
  SELECT *, coalesce(sum(trade_count) FILTER (WHERE first_trade_id >= $2 AND last_trade_id <= $3
      AND day_ms >= $4 AND day_ms + ${DAY_MS} <= $5)
    OVER (ORDER BY first_trade_id, day_ms ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
  FROM trade_days WHERE symbol_id = $1 AND last_trade_id >= $2 AND first_trade_id <= $3
    AND day_ms + ${DAY_MS} > $4 AND day_ms < $5
)
SELECT min(day_ms) AS first, max(day_ms) AS last FROM days
WHERE first_trade_id <= (SELECT max(last_trade_id) FROM days WHERE before < $6)`;

/** The days in which trades of a range may be: only their partitions need to be looked into. */
export function daysOf(
  link: Link,
  { symbolId, fromId, toId, fromMs = -Infinity, toMs = Infinity, limit = Infinity }: TradeRange,
): { readonly fromMs: number; readonly toMs: number } | null {
  const [days] = link.rows(DAYS, symbolId, ...[fromId, toId, fromMs, toMs, limit].map(whole));
  if (days!.first === null) return null;
  return { fromMs: Number(days!.first), toMs: Number(days!.last) + DAY_MS };
}
