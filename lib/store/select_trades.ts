import type { DatabaseSync } from "node:sqlite";
import type { Trade } from "../market/mod.ts";
import { archivePath, DAY_MS } from "./archive/archive_path.ts";
import { inSnapshot } from "./in_snapshot.ts";
import type { TradeQuery } from "./reader.ts";
import { STAMP_UNIT } from "./trade_codec.ts";
import { tradeAt, type TradeColumns } from "./trade_columns.ts";
import { DayCursor, HotCursor, type TradeCursor } from "./trade_cursors.ts";
import { DISORDER_MS, TradeSink } from "./trade_sink.ts";
import { StoreError } from "./store_error.ts";

/** A file may be deleted by age between being listed and being opened: then it is not listed again. */
const ATTEMPTS = 3;

/** Fewer rows than this are read at once, and no more than they. */
const FEW_ROWS = 1_000;

/** Trades of one symbol in id order, wherever they rest: in the table, or in files of closed days. */
export function selectTradeColumns(
  db: DatabaseSync,
  database: string,
  query: TradeQuery,
): TradeColumns {
  return gather(db, database, query, () => new TradeSink(query)).columns();
}

/** The same as records. */
export function selectTrades(db: DatabaseSync, database: string, query: TradeQuery): Trade[] {
  return toTrades(db, query.symbol, selectTradeColumns(db, database, query));
}

/** Trades of one symbol in id order, from the first that is not earlier than a time on. */
export function selectTradesFrom(
  db: DatabaseSync,
  database: string,
  symbol: string,
  fromMs: number,
): Trade[] {
  // Whatever comes after that one in id order belongs to it, be it earlier.
  const trades = gather(db, database, { symbol, fromMs }, () => new TradeSink({})).columns();
  const first = trades.timeMs.findIndex((timeMs) => timeMs >= fromMs);
  return first < 0 ? [] : toTrades(db, symbol, trades, first);
}

function toTrades(db: DatabaseSync, symbol: string, columns: TradeColumns, from = 0): Trade[] {
  const venue = String(db.prepare("SELECT venue FROM symbols WHERE symbol = ?").get(symbol)?.venue);
  return Array.from(
    { length: columns.length - from },
    (_, k) => tradeAt(columns, from + k, venue, symbol),
  );
}

function gather(
  db: DatabaseSync,
  database: string,
  query: TradeQuery,
  makeSink: () => TradeSink,
): TradeSink {
  for (let attempt = 1;; attempt++) {
    const sink = makeSink();
    try {
      inSnapshot(db, () => merge(cursorsOf(db, database, query), sink));
      return sink;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      if (attempt < ATTEMPTS) continue;
      throw new StoreError(
        "corrupt",
        database,
        `Cannot read trades of ${query.symbol} as a file of closed days is missing (${error.message}): restore the folder "archive" beside "${database}" from a backup`,
        { cause: error },
      );
    }
  }
}

/** Gives the trades of all cursors to the sink in id order, one that rests in two places once. */
function merge(cursors: TradeCursor[], sink: TradeSink): void {
  using opened = new DisposableStack();
  for (const cursor of cursors) if (cursor instanceof DayCursor) opened.use(cursor);
  while (!sink.isDone) {
    cursors.sort((a, b) => a.nextId - b.nextId);
    const [first, second] = cursors;
    if (first === undefined || first.nextId === Infinity) return;
    if (second !== undefined && second.nextId === first.nextId) second.skip();
    else first.take(second?.nextId ?? Infinity, sink);
  }
}

/** Where trades of a query may rest. */
function cursorsOf(db: DatabaseSync, database: string, query: TradeQuery): TradeCursor[] {
  const s = db.prepare(
    "SELECT symbol_id, venue, price_scale, quantity_scale FROM symbols WHERE symbol = ?",
  ).get(query.symbol);
  if (s === undefined) return [];
  const symbolId = Number(s.symbol_id);
  const { fromId = 0, toId = Number.MAX_SAFE_INTEGER, fromMs, toMs, limit = Infinity } = query;
  // Without times every row that is read is wanted: to look one up must not read a page.
  const isFew = fromMs === undefined && toMs === undefined && limit > 0 && limit < FEW_ROWS;
  const days = db.prepare(
    `SELECT day_ms, first_trade_id FROM archived_days
     WHERE symbol_id = ? AND last_trade_id >= ? AND first_trade_id <= ?
       AND day_ms > ? AND day_ms < ? ORDER BY day_ms`,
  ).all(
    symbolId,
    fromId,
    toId,
    Math.max(fromMs ?? -Infinity, -Number.MAX_SAFE_INTEGER / 2) - DAY_MS - DISORDER_MS,
    Math.min(toMs ?? Infinity, Number.MAX_SAFE_INTEGER / 2),
  );
  return [
    ...days.map((day) =>
      new DayCursor(
        archivePath(database, String(s.venue), query.symbol, Number(day.day_ms)),
        { firstId: Number(day.first_trade_id), fromId, toId },
      )
    ),
    new HotCursor(db, {
      symbolId,
      priceScale: Number(s.price_scale),
      quantityScale: Number(s.quantity_scale),
      fromId: Math.max(fromId, firstIdNear(db, symbolId, fromMs ?? -Infinity)),
      toId,
      ...(isFew ? { pageRows: query.limit! } : {}),
    }),
  ];
}

/** An id before which no trade of the table is as late as `timeMs`: bisection over ids, no scan. */
function firstIdNear(db: DatabaseSync, symbolId: number, timeMs: number): number {
  if (timeMs === -Infinity) return 0;
  const bounds = db.prepare(
    // Apart, each is looked up; together they would be looked for in every trade.
    `SELECT (SELECT min(trade_id) FROM trades WHERE symbol_id = ?1) AS low,
       (SELECT max(trade_id) FROM trades WHERE symbol_id = ?1) AS high`,
  ).get(symbolId);
  if (bounds?.low === null || bounds === undefined) return 0;
  const at = db.prepare(
    `SELECT stamp FROM trades WHERE symbol_id = ? AND trade_id >= ? ORDER BY trade_id LIMIT 1`,
  );
  let low = Number(bounds.low);
  let high = Number(bounds.high);
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const stamp = Number(at.get(symbolId, middle)!.stamp);
    if (stamp < (timeMs - DISORDER_MS) * STAMP_UNIT) low = middle + 1;
    else high = middle;
  }
  return low;
}
