import type { DatabaseSync, StatementSync } from "node:sqlite";
import { withArrays } from "./rows.ts";

/** What a screen of many symbols needs of a bar. */
export interface StoredClose {
  /** The symbol as the venue writes it. */
  readonly symbol: string;
  /** Start of the interval, ms since the epoch. */
  readonly openTimeMs: number;
  /** Price of the last trade. */
  readonly close: number;
  /** Quote volume, or `null` where the source does not tell it. */
  readonly quoteVolume: number | null;
  /** Number of trades, or `null` where the source does not tell it. */
  readonly tradeCount: number | null;
  /** Whether trade ids prove that no trade of the interval is missing. */
  readonly complete: boolean;
}

/** Which closes to read: of every symbol, `[fromMs, toMs)` of open time. */
export interface CloseQuery {
  /** Length of the bars in ms. */
  readonly intervalMs: number;
  /** First open time, ms since the epoch. */
  readonly fromMs: number;
  /** End of the range, exclusive. */
  readonly toMs: number;
}

/** New and revised closes of every symbol, in open-time order. */
export interface CloseChanges {
  /** The closes that are new or changed. */
  readonly closes: readonly StoredClose[];
  /** Pass it to the next call; opaque. */
  readonly cursor: number;
}

/** An index seek per symbol: the join must go from the symbols to their bars. */
const SELECT = `SELECT s.symbol, b.open_time_ms, b.close, b.quote_volume, b.trade_count, b.complete
   FROM symbols s CROSS JOIN bars b ON b.symbol_id = s.symbol_id AND b.interval_ms = ?`;

/** Reads the closes of a range, in open-time order. */
export function selectCloses(
  db: DatabaseSync,
  { intervalMs, fromMs, toMs }: CloseQuery,
): StoredClose[] {
  const rows = db.prepare(`${SELECT} AND b.open_time_ms >= ? AND b.open_time_ms < ?`);
  return read(rows, intervalMs, fromMs, toMs);
}

/** Reads the closes written or revised after a cursor, in open-time order. */
export function selectCloseChanges(
  db: DatabaseSync,
  intervalMs: number,
  cursor: number,
): StoredClose[] {
  return read(db.prepare(`${SELECT} AND b.sequence > ?`), intervalMs, cursor);
}

/** First and last open time of the bars of an interval, of all symbols together, or `null`. */
export function selectCloseRange(
  db: DatabaseSync,
  intervalMs: number,
): { readonly firstMs: number; readonly lastMs: number } | null {
  const of = (what: string) =>
    `(SELECT ${what}(open_time_ms) FROM bars b
      WHERE b.symbol_id = s.symbol_id AND b.interval_ms = ?1)`;
  const row = db.prepare(
    `SELECT min(${of("min")}) AS first_ms, max(${of("max")}) AS last_ms FROM symbols s`,
  ).get(intervalMs);
  if (row === undefined || row.first_ms === null) return null;
  return { firstMs: Number(row.first_ms), lastMs: Number(row.last_ms) };
}

type Cells = [string, number, number, number | null, number | null, number];

function read(statement: StatementSync, ...args: number[]): StoredClose[] {
  const rows = withArrays(statement).all(...args) as unknown as Cells[];
  const closes = rows.map((
    [symbol, openTimeMs, close, quoteVolume, tradeCount, complete],
  ): StoredClose => ({
    symbol,
    openTimeMs,
    close,
    quoteVolume,
    tradeCount,
    complete: complete === 1,
  }));
  return closes.sort((a, b) => a.openTimeMs - b.openTimeMs);
}
