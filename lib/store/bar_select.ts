import type { DatabaseSync } from "node:sqlite";
import type { Bar } from "../market/mod.ts";
import type { BarColumns, BarQuery } from "./reader.ts";
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
  type Few = readonly [openTimeMs: number, open: number, close: number, complete: number];
  const cells = select<Few>(db, "open_time_ms, open, close, complete", query);
  const rows = newest(cells.map((venue) => venue.rows), query.limit, ([openTimeMs]) => openTimeMs);
  const columns: BarColumns = {
    openTimeMs: new Float64Array(rows.length),
    open: new Float64Array(rows.length),
    close: new Float64Array(rows.length),
    complete: new Uint8Array(rows.length),
  };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    columns.openTimeMs[i] = row[0];
    columns.open[i] = row[1];
    columns.close[i] = row[2];
    columns.complete[i] = row[3];
  }
  return columns;
}

/** The rows of each venue, oldest first; along the primary key, so that nothing is sorted. */
function select<T>(
  db: DatabaseSync,
  cells: string,
  { symbol, intervalMs, fromMs = -Infinity, toMs = Infinity, limit = -1 }: BarQuery,
): { venue: string; rows: T[] }[] {
  const statement = withArrays(db.prepare(
    `SELECT ${cells} FROM bars
     WHERE symbol_id = ? AND interval_ms = ? AND open_time_ms >= ? AND open_time_ms < ?
     ORDER BY open_time_ms DESC LIMIT ?`,
  ));
  const venues = db.prepare("SELECT symbol_id, venue FROM symbols WHERE symbol = ?").all(symbol);
  return venues.map(({ symbol_id, venue }) => {
    const rows = statement.all(symbol_id!, intervalMs, safe(fromMs), safe(toMs), limit);
    return { venue: String(venue), rows: rows.reverse() as unknown as T[] };
  });
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
