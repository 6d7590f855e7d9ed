import type { CloseQuery, StoredClose } from "../closes.ts";
import { numberOrNull } from "../rows.ts";
import type { Link } from "./link.ts";
import { orNull } from "./select_bars.ts";
import { whole } from "./venues.ts";

/** Reads the closes of a range of every symbol, in open-time order. */
export function selectCloses(link: Link, { intervalMs, fromMs, toMs }: CloseQuery): StoredClose[] {
  const range = `b.open_time_ms >= ${whole(fromMs)} AND b.open_time_ms < ${whole(toMs)}`;
  return read(link, intervalMs, range);
}

/** Reads the closes written or revised after a cursor, in open-time order. */
export function selectCloseChanges(link: Link, intervalMs: number, cursor: number): StoredClose[] {
  return read(link, intervalMs, `b.sequence > ${whole(cursor)}`);
}

/** First and last open time of the bars of an interval, of all symbols together, or `null`. */
export function selectCloseRange(
  link: Link,
  intervalMs: number,
): { readonly firstMs: number; readonly lastMs: number } | null {
  const of = (what: string) =>
    `LATERAL (SELECT ${what}(open_time_ms) AS ms FROM bars b
      WHERE b.symbol_id = s.symbol_id AND b.interval_ms = $1)`;
  const [row] = link.rows(
    `SELECT min(f.ms) AS first, max(l.ms) AS last FROM symbols s, ${of("min")} f, ${of("max")} l`,
    intervalMs,
  );
  const firstMs = numberOrNull(row?.first);
  return firstMs === null ? null : { firstMs, lastMs: Number(row!.last) };
}

function read(link: Link, intervalMs: number, which: string): StoredClose[] {
  const names = new Map(
    link.rows("SELECT symbol_id, symbol FROM symbols")
      .map((r) => [Number(r.symbol_id), String(r.symbol)]),
  );
  // From each symbol to its bars: an index seek per symbol, which the OFFSET insists on.
  const [id, openTimeMs, close, quoteVolume, tradeCount, complete] = link.columns(
    `SELECT s.symbol_id::float8, b.open_time_ms::float8, b.close, b.quote_volume,
       b.trade_count::float8, b.complete::float8
     FROM symbols s, LATERAL (SELECT * FROM bars b WHERE b.symbol_id = s.symbol_id
       AND b.interval_ms = ${whole(intervalMs)} AND ${which} OFFSET 0) AS b
     ORDER BY b.open_time_ms, s.symbol, s.symbol_id`,
    6,
  );
  return Array.from(id!, (symbolId, k) => ({
    symbol: names.get(symbolId)!,
    openTimeMs: openTimeMs![k]!,
    close: close![k]!,
    quoteVolume: orNull(quoteVolume![k]!),
    tradeCount: orNull(tradeCount![k]!),
    complete: complete![k] === 1,
  }));
}
