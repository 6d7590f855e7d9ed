import type { Bar } from "../../market/mod.ts";
import type { BarColumns, BarQuery, CloseColumns } from "../reader.ts";
import type { Link } from "./link.ts";
import { venuesOf, whole } from "./venues.ts";

const BAR_CELLS = `open_time_ms::float8, open, high, low, close, volume, quote_volume,
  trade_count::float8, taker_buy_volume, first_trade_id::float8, last_trade_id::float8,
  complete::float8, revision::float8`;
const BAR_WIDTH = 13;

/** Reads the newest bars of a range, oldest first. */
export function selectBars(link: Link, query: BarQuery): Bar[] {
  const { symbol, intervalMs, limit } = query;
  const bars = venuesOf(link, symbol).flatMap(({ symbolId, venue }) => {
    const c = link.columns(newestBars(BAR_CELLS, symbolId, query), BAR_WIDTH);
    return Array.from(c[0]!, (_, k) => barAt(c, k, venue, symbol, intervalMs));
  });
  bars.sort((a, b) => a.openTimeMs - b.openTimeMs);
  return limit === undefined ? bars : bars.slice(Math.max(0, bars.length - limit));
}

/** The same as columns of what a price series needs. */
export function selectBarColumns(link: Link, query: BarQuery): BarColumns {
  const cells = "open_time_ms::float8, open, close, complete::float8, revision::float8";
  const [openTimeMs, open, close, complete, revision] = newestColumns(link, cells, 5, query);
  return {
    openTimeMs: openTimeMs!,
    open: open!,
    close: close!,
    complete: Uint8Array.from(complete!),
    revision: revision!,
  };
}

/** The times and closes alone. */
export function selectCloseColumns(link: Link, query: BarQuery): CloseColumns {
  const [openTimeMs, close] = newestColumns(link, "open_time_ms::float8, close", 2, query);
  return { openTimeMs: openTimeMs!, close: close! };
}

/** Reads bars of a symbol that were written or revised after a cursor, in order of time. */
export function selectBarChanges(
  link: Link,
  { symbol, intervalMs, cursor }: { symbol: string; intervalMs: number; cursor: number },
): Bar[] {
  return venuesOf(link, symbol).flatMap(({ symbolId, venue }) => {
    const c = link.columns(
      `SELECT ${BAR_CELLS} FROM bars WHERE symbol_id = ${whole(symbolId)}
         AND interval_ms = ${whole(intervalMs)} AND sequence > ${whole(cursor)}
       ORDER BY open_time_ms`,
      BAR_WIDTH,
    );
    return Array.from(c[0]!, (_, k) => barAt(c, k, venue, symbol, intervalMs));
  }).sort((a, b) => a.openTimeMs - b.openTimeMs);
}

/** NULL comes as NaN, which is never stored. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The query for the newest bars of a range, oldest first. */
function newestBars(cells: string, symbolId: number, query: BarQuery): string {
  const { intervalMs, fromMs = -Infinity, toMs = Infinity, limit } = query;
  const order = limit === undefined
    ? "ORDER BY open_time_ms"
    : `ORDER BY open_time_ms DESC LIMIT ${whole(Math.max(0, limit))}`;
  const rows = `SELECT ${cells} FROM bars WHERE symbol_id = ${whole(symbolId)}
     AND interval_ms = ${whole(intervalMs)}
     AND open_time_ms >= ${whole(fromMs)} AND open_time_ms < ${whole(toMs)} ${order}`;
  return limit === undefined ? rows : `SELECT * FROM (${rows}) AS newest ORDER BY 1`;
}

/** Columns of every venue of a symbol as one, oldest first, the newest `limit`. */
function newestColumns(
  link: Link,
  cells: string,
  width: number,
  query: BarQuery,
): readonly Float64Array[] {
  const parts = venuesOf(link, query.symbol).map(({ symbolId }) =>
    link.columns(newestBars(cells, symbolId, query), width)
  );
  if (parts.length === 1) return parts[0]!;
  const all = Array.from(
    { length: width },
    (_, k) => Float64Array.from(parts.flatMap((part) => [...part[k]!])),
  );
  const times = all[0]!;
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const newest = order.subarray(Math.max(0, order.length - (query.limit ?? Infinity)));
  return all.map((column) => Float64Array.from(newest, (at) => column[at]!));
}

/** A bar of the columns that `BAR_CELLS` are. */
function barAt(
  c: readonly Float64Array[],
  k: number,
  venue: string,
  symbol: string,
  intervalMs: number,
): Bar {
  return {
    ...{ venue, symbol, intervalMs },
    openTimeMs: c[0]![k]!,
    open: c[1]![k]!,
    high: c[2]![k]!,
    low: c[3]![k]!,
    close: c[4]![k]!,
    volume: c[5]![k]!,
    quoteVolume: orNull(c[6]![k]!),
    tradeCount: orNull(c[7]![k]!),
    takerBuyVolume: orNull(c[8]![k]!),
    firstTradeId: orNull(c[9]![k]!),
    lastTradeId: orNull(c[10]![k]!),
    complete: c[11]![k] === 1,
    revision: c[12]![k]!,
  };
}
