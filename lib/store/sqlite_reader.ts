import type { DatabaseSync } from "node:sqlite";
import type { Bar, Gap, Trade } from "../market/mod.ts";
import {
  type CloseChanges,
  type CloseQuery,
  selectCloseChanges,
  selectCloseRange,
  selectCloses,
  type StoredClose,
} from "./closes.ts";
import { openForReading } from "./database.ts";
import { RecordedReader } from "./recorded_reader.ts";
import type { Ask } from "./seconds.ts";
import type {
  BarChanges,
  BarColumns,
  BarQuery,
  CloseColumns,
  PriceBar,
  QuarantineCount,
  StoredQuarantine,
  StoredSymbol,
  StoreReader,
  SymbolQuality,
  TradeQuery,
  WriterHeartbeat,
} from "./reader.ts";
import { type Row, toBar, toGap, toHeartbeat, toSymbol } from "./rows.ts";
import { inodeOf } from "./inode_of.ts";
import { inSnapshot } from "./in_snapshot.ts";
import { selectTradeColumns, selectTrades } from "./select_trades.ts";
import type { TradeColumns } from "./trade_columns.ts";
import {
  askedBars,
  askedBound,
  askedCloses,
  askedInterval,
  askedLimit,
  askedTrades,
} from "./asked.ts";
import { SqliteAlertReader } from "./sqlite_alerts.ts";
import { asStoreError } from "./as_store_error.ts";
import { priceBarsOf, selectBarColumns, selectBars, selectCloseColumns } from "./bar_select.ts";
import {
  selectQuality,
  selectQuarantine,
  selectQuarantineCounts,
  selectQuarantinedIds,
} from "./quality_select.ts";

/** Reads a database file; never waits for its writer. */
export class SqliteReader extends RecordedReader implements StoreReader {
  readonly alerts: SqliteAlertReader;
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #inode: number | null;

  constructor(path: string) {
    super();
    this.#path = path;
    // Before it is opened: what takes its place in between must not pass for it.
    this.#inode = inodeOf(path);
    this.#db = openForReading(path);
    this.alerts = new SqliteAlertReader(path, this.#db);
  }

  symbols(): StoredSymbol[] {
    return this.#all(
      `SELECT s.venue, s.symbol, s.stream_kind, s.trades_from_ms, q.last_trade_time_ms
       FROM symbols s LEFT JOIN quality q USING (symbol_id) ORDER BY s.symbol`,
    ).map(toSymbol);
  }

  bars(query: BarQuery): Bar[] {
    const asked = askedBars(query);
    return this.#run(() => selectBars(this.#db, asked));
  }

  closeColumns(query: BarQuery): CloseColumns {
    const asked = askedBars(query);
    return this.#run(() => selectCloseColumns(this.#db, asked));
  }

  barColumns(query: BarQuery): BarColumns {
    const asked = askedBars(query);
    return this.#run(() => selectBarColumns(this.#db, asked));
  }

  priceBars(query: BarQuery): PriceBar[] {
    return priceBarsOf(this.barColumns(query));
  }

  trades(query: TradeQuery): Trade[] {
    const asked = askedTrades(query);
    return this.#run(() => selectTrades(this.#db, this.#path, asked));
  }

  tradeColumns(query: TradeQuery): TradeColumns {
    const asked = askedTrades(query);
    return this.#run(() => selectTradeColumns(this.#db, this.#path, asked));
  }

  gaps(symbol?: string, limit?: number): Gap[] {
    return this.#all(
      `SELECT * FROM v_gaps WHERE ?1 IS NULL OR symbol = ?1 
       ORDER BY opened_at_ms DESC, symbol, first_missing_id LIMIT ?2`,
      symbol ?? null,
      askedLimit(limit) ?? -1,
    ).map(toGap);
  }

  quality(): SymbolQuality[] {
    return this.#run(() => selectQuality(this.#db));
  }

  quarantine(limit = 100): StoredQuarantine[] {
    const most = askedLimit(limit) ?? -1;
    return this.#run(() => selectQuarantine(this.#db, most));
  }

  quarantineCounts(): QuarantineCount[] {
    return this.#run(() => selectQuarantineCounts(this.#db));
  }

  quarantinedIds(symbol: string): number[] {
    return this.#run(() => selectQuarantinedIds(this.#db, symbol));
  }

  heartbeat(): WriterHeartbeat | null {
    return toHeartbeat(this.#all("SELECT * FROM writer")[0]);
  }

  version(): number {
    return Number(this.#all("PRAGMA data_version")[0]?.data_version);
  }

  isReplaced(): boolean {
    return inodeOf(this.#path) !== this.#inode;
  }

  sizeBytes(): number {
    const one = (name: string) => Number(this.#all(`PRAGMA ${name}`)[0]?.[name]);
    return one("page_count") * one("page_size");
  }

  cursor(): number {
    return Number(this.#all("SELECT sequence FROM writer")[0]?.sequence ?? 0);
  }

  barChanges(
    query: { symbol: string; intervalMs: number; cursor: number },
  ): BarChanges {
    askedInterval(query.intervalMs);
    askedBound("cursor", query.cursor);
    return this.#atOnce((cursor) => {
      const bars = this.#all(
        `SELECT v.* FROM bars b
           JOIN symbols s USING (symbol_id)
           JOIN v_bars v ON v.symbol = s.symbol AND v.interval_ms = b.interval_ms
             AND v.open_time_ms = b.open_time_ms
         WHERE s.symbol = ? AND b.interval_ms = ? AND b.sequence > ?
         ORDER BY b.open_time_ms`,
        query.symbol,
        query.intervalMs,
        query.cursor,
      ).map(toBar);
      return { bars, cursor };
    });
  }

  closes(query: CloseQuery): StoredClose[] {
    const asked = askedCloses(query);
    return this.#run(() => selectCloses(this.#db, asked));
  }

  closeChanges({ intervalMs, cursor }: { intervalMs: number; cursor: number }): CloseChanges {
    askedInterval(intervalMs);
    askedBound("cursor", cursor);
    return this.#atOnce((next) => ({
      closes: selectCloseChanges(this.#db, intervalMs, cursor),
      cursor: next,
    }));
  }

  closeRange(intervalMs: number): { readonly firstMs: number; readonly lastMs: number } | null {
    askedInterval(intervalMs);
    return this.#run(() => selectCloseRange(this.#db, intervalMs));
  }

  /** Reads one state of the database, and its cursor. */
  #atOnce<T>(work: (cursor: number) => T): T {
    return this.#run(() => inSnapshot(this.#db, () => work(this.cursor())));
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #all(sql: string, ...args: (string | number | null)[]): Row[] {
    return this.#run(() => this.#db.prepare(sql).all(...args));
  }

  /** The same for a statement with $1, $2, …, as a server takes them. */
  protected readonly ask: Ask = (sql, ...args) => {
    const named = Object.fromEntries(args.map((value, k) => [`$${k + 1}`, value]));
    return this.#run(() => this.#db.prepare(sql).all(named));
  };

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(this.#path, error);
    }
  }
}
