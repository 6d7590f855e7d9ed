import type { DatabaseSync } from "node:sqlite";
import type { Trade } from "../market/mod.ts";
import type { TradeQuery } from "./reader.ts";
import { withArrays } from "./rows.ts";
import {
  PRICE_UNSCALED,
  QUANTITY_UNSCALED,
  sourceOf,
  TAKER_BOUGHT,
  unscaled,
} from "./trade_codec.ts";

/** How far trade times may step back while ids ascend; the venue's ids are not quite in time order. */
const DISORDER_MS = 60_000;

/** Rows read at a time: reading many at once is faster than stepping, and memory stays bounded. */
const PAGE_ROWS = 8_192;

type TradeRow = [tradeId: number, timeMs: number, price: number, quantity: number, flags: number];

/** Trades of one symbol in id order. Times are found by bisection over ids, not by a scan. */
export function selectTrades(db: DatabaseSync, query: TradeQuery): Trade[] {
  const row = db.prepare("SELECT symbol_id, venue FROM symbols WHERE symbol = ?")
    .get(query.symbol);
  if (row === undefined) return [];
  const symbolId = Number(row.symbol_id);
  const venue = String(row.venue);
  const fromMs = query.fromMs ?? -Infinity;
  const toMs = query.toMs ?? Infinity;
  const statement = withArrays(db.prepare(
    `SELECT trade_id, time_ms, price, quantity, flags FROM trades
     WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id LIMIT ${PAGE_ROWS}`,
  ));
  const trades: Trade[] = [];
  const limit = query.limit ?? Infinity;
  const toId = query.toId ?? Number.MAX_SAFE_INTEGER;
  let fromId = Math.max(query.fromId ?? 0, firstIdNear(db, symbolId, fromMs));
  while (true) {
    const rows = statement.all(symbolId, fromId, toId) as unknown as TradeRow[];
    for (const [tradeId, timeMs, price, quantity, flags] of rows) {
      if (trades.length >= limit || timeMs >= toMs + DISORDER_MS) return trades;
      if (timeMs < fromMs || timeMs >= toMs) continue;
      trades.push({
        venue,
        symbol: query.symbol,
        tradeId,
        timeMs,
        price: unscaled(price, (flags & PRICE_UNSCALED) !== 0),
        quantity: unscaled(quantity, (flags & QUANTITY_UNSCALED) !== 0),
        takerSide: (flags & TAKER_BOUGHT) !== 0 ? "buy" : "sell",
        source: sourceOf(flags),
      });
    }
    if (rows.length < PAGE_ROWS) return trades;
    fromId = rows.at(-1)![0] + 1;
  }
}

/** Trades of one symbol in id order, from the first that is not earlier than a time on. */
export function selectTradesFrom(db: DatabaseSync, symbol: string, fromMs: number): Trade[] {
  const symbolId = db.prepare("SELECT symbol_id FROM symbols WHERE symbol = ?").get(symbol)
    ?.symbol_id;
  if (symbolId === undefined) return [];
  const trades = selectTrades(db, {
    symbol,
    fromId: firstIdNear(db, Number(symbolId), fromMs),
  });
  const first = trades.findIndex((trade) => trade.timeMs >= fromMs);
  return first < 0 ? [] : trades.slice(first);
}

/** An id before which no stored trade is as late as `timeMs`. */
function firstIdNear(db: DatabaseSync, symbolId: number, timeMs: number): number {
  if (timeMs === -Infinity) return 0;
  const bounds = db.prepare(
    "SELECT min(trade_id) AS low, max(trade_id) AS high FROM trades WHERE symbol_id = ?",
  ).get(symbolId);
  if (bounds?.low === null || bounds === undefined) return 0;
  const at = db.prepare(
    `SELECT trade_id, time_ms FROM trades WHERE symbol_id = ? AND trade_id >= ?
     ORDER BY trade_id LIMIT 1`,
  );
  let low = Number(bounds.low);
  let high = Number(bounds.high);
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (Number(at.get(symbolId, middle)!.time_ms) < timeMs - DISORDER_MS) low = middle + 1;
    else high = middle;
  }
  return low;
}
