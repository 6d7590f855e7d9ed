import type { DatabaseSync } from "node:sqlite";
import type { Bar } from "../market/mod.ts";
import type { BarColumns, BarQuery, CloseColumns, PriceBar } from "./reader.ts";
import { BarSink } from "./bar_sink.ts";
import { RowScan } from "./row_scan.ts";
import { withArrays } from "./rows.ts";

type Cells = readonly [
  openTimeMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  quoteVolume: number | null,
  tradeCount: number | null,
  takerBuyVolume: number | null,
  firstTradeId: number | null,
  lastTradeId: number | null,
  complete: number,
  revision: number,
];

const CELLS = `open_time_ms, open, high, low, close, volume, quote_volume, trade_count,
  taker_buy_volume, first_trade_id, last_trade_id, complete, revision`;

/** Reads the newest bars of a range, oldest first. */
export function selectBars(db: DatabaseSync, query: BarQuery): Bar[] {
  const { symbol, intervalMs } = query;
  const bars = select<Cells>(db, CELLS, query).map(({ venue, rows }) =>
    rows.map((cells) => toBar(cells, venue, symbol, intervalMs))
  );
  return newest(bars, query.limit, ({ openTimeMs }) => openTimeMs);
}

/** The same as columns of what a price series needs. */
export function selectBarColumns(db: DatabaseSync, query: BarQuery): BarColumns {
  const scan = new RowScan(db, "open_time_ms, open, close, revision * 2 + complete", FROM, ORDER);
  const venues = venuesOf(db, query.symbol);
  const sink = new BarSink();
  for (const { symbolId } of venues) {
    sink.begin(query.limit);
    if (!sink.isDone) scan.run(sink.take, symbolId, ...rangeOf(query));
  }
  return sink.columns(venues.length > 1, query.limit);
}

/** The times and closes alone: as arrays, since a call per row would take as long and read more. */
export function selectCloseColumns(db: DatabaseSync, query: BarQuery): CloseColumns {
  type Pair = readonly [openTimeMs: number, close: number];
  const pairs = select<Pair>(db, "open_time_ms, close", query).map(({ rows }) => rows);
  const rows = newest(pairs, query.limit, ([openTimeMs]) => openTimeMs);
  const openTimeMs = new Float64Array(rows.length);
  const close = new Float64Array(rows.length);
  for (let t = 0; t < rows.length; t++) {
    openTimeMs[t] = rows[t]![0];
    close[t] = rows[t]![1];
  }
  return { openTimeMs, close };
}

/** The same as records. */
export function priceBarsOf(
  { openTimeMs, open, close, complete, revision }: BarColumns,
): PriceBar[] {
  return Array.from(openTimeMs, (time, t) => ({
    openTimeMs: time,
    open: open[t]!,
    close: close[t]!,
    complete: complete[t] === 1,
    revision: revision[t]!,
  }));
}

const FROM =
  "FROM bars WHERE symbol_id = ? AND interval_ms = ? AND open_time_ms >= ? AND open_time_ms < ?";

/** Newest first, as the newest are limited; along the primary key, so that nothing is sorted. */
const ORDER = "open_time_ms DESC";

/** The rows of each venue, oldest first. */
function select<T>(
  db: DatabaseSync,
  cells: string,
  query: BarQuery,
): { venue: string; rows: T[] }[] {
  const statement = withArrays(db.prepare(`SELECT ${cells} ${FROM} ORDER BY ${ORDER} LIMIT ?`));
  return venuesOf(db, query.symbol).map(({ symbolId, venue }) => {
    const rows = statement.all(symbolId, ...rangeOf(query), query.limit ?? -1);
    return { venue, rows: rows.reverse() as unknown as T[] };
  });
}

/** Where a symbol is traded. */
function venuesOf(db: DatabaseSync, symbol: string): { symbolId: number; venue: string }[] {
  return db.prepare("SELECT symbol_id, venue FROM symbols WHERE symbol = ?").all(symbol)
    .map((row) => ({ symbolId: Number(row.symbol_id), venue: String(row.venue) }));
}

function rangeOf({ intervalMs, fromMs = -Infinity, toMs = Infinity }: BarQuery) {
  return [intervalMs, safe(fromMs), safe(toMs)] as const;
}

/** Lists of one or more venues as one, oldest first, the newest `limit`. */
function newest<T>(
  lists: readonly T[][],
  limit: number | undefined,
  timeOf: (row: T) => number,
): T[] {
  if (lists.length < 2) return lists[0] ?? [];
  const merged = lists.flat().sort((a, b) => timeOf(a) - timeOf(b));
  return limit === undefined ? merged : merged.slice(Math.max(0, merged.length - limit));
}

function toBar(cells: Cells, venue: string, symbol: string, intervalMs: number): Bar {
  return {
    venue,
    symbol,
    intervalMs,
    openTimeMs: cells[0],
    open: cells[1],
    high: cells[2],
    low: cells[3],
    close: cells[4],
    volume: cells[5],
    quoteVolume: cells[6],
    tradeCount: cells[7],
    takerBuyVolume: cells[8],
    firstTradeId: cells[9],
    lastTradeId: cells[10],
    complete: cells[11] === 1,
    revision: cells[12],
  };
}

/** SQLite orders integers exactly and knows no infinity in an integer column's range. */
function safe(timeMs: number): number {
  return Math.min(Math.max(timeMs, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
