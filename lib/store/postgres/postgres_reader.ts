import type { Bar, Gap, Trade } from "../../market/mod.ts";
import {
  askedBars,
  askedBound,
  askedCloses,
  askedInterval,
  askedLimit,
  askedTrades,
} from "../asked.ts";
import { priceBarsOf } from "../bar_select.ts";
import type { CloseChanges, CloseQuery, StoredClose } from "../closes.ts";
import { RecordedReader } from "../recorded_reader.ts";
import type { Ask } from "../seconds.ts";
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
} from "../reader.ts";
import { type Row, toGap, toHeartbeat, toSymbol } from "../rows.ts";
import type { TradeColumns } from "../trade_columns.ts";
import { Link, readAgain } from "./link.ts";
import { parsePostgres } from "./location.ts";
import { requireSchema } from "./migrate.ts";
import { PostgresAlertReader } from "./postgres_alerts.ts";
import {
  selectBarChanges,
  selectBarColumns,
  selectBars,
  selectCloseColumns,
} from "./select_bars.ts";
import { selectCloseChanges, selectCloseRange, selectCloses } from "./select_closes.ts";
import {
  selectQuality,
  selectQuarantine,
  selectQuarantineCounts,
  selectQuarantinedIds,
} from "./select_quality.ts";
import { selectTradeColumns, selectTrades } from "./select_trades.ts";

/** Reads a database on a PostgreSQL server; a connection that was lost is made again. */
export class PostgresReader extends RecordedReader implements StoreReader {
  readonly alerts: PostgresAlertReader;
  readonly #link: Link;
  readonly #storeId: string;

  /** @throws {StoreError} If there is no such database, or it cannot be read. */
  constructor(url: string) {
    super();
    this.#link = new Link(parsePostgres(url), "tandem reader");
    try {
      requireSchema(this.#link);
      this.#storeId = String(this.#writer().store_id);
    } catch (error) {
      this.#link[Symbol.dispose]();
      throw error;
    }
    this.alerts = new PostgresAlertReader((work) => this.#read(work));
  }

  symbols(): StoredSymbol[] {
    return this.#read((link) =>
      link.rows(
        `SELECT s.venue, s.symbol, s.stream_kind, s.trades_from_ms, q.last_trade_time_ms
         FROM symbols s LEFT JOIN quality q USING (symbol_id) ORDER BY s.symbol, s.symbol_id`,
      )
    ).map(toSymbol);
  }

  bars(query: BarQuery): Bar[] {
    const asked = askedBars(query);
    return this.#atOnce((link) => selectBars(link, asked));
  }

  barColumns(query: BarQuery): BarColumns {
    const asked = askedBars(query);
    return this.#atOnce((link) => selectBarColumns(link, asked));
  }

  closeColumns(query: BarQuery): CloseColumns {
    const asked = askedBars(query);
    return this.#atOnce((link) => selectCloseColumns(link, asked));
  }

  priceBars(query: BarQuery): PriceBar[] {
    return priceBarsOf(this.barColumns(query));
  }

  trades(query: TradeQuery): Trade[] {
    const asked = askedTrades(query);
    return this.#atOnce((link) => selectTrades(link, asked));
  }

  tradeColumns(query: TradeQuery): TradeColumns {
    const asked = askedTrades(query);
    return this.#atOnce((link) => selectTradeColumns(link, asked));
  }

  gaps(symbol?: string, limit?: number): Gap[] {
    const most = askedLimit(limit) ?? null;
    return this.#read((link) =>
      link.rows(
        `SELECT * FROM v_gaps WHERE $1::text IS NULL OR symbol = $1
         ORDER BY opened_at_ms DESC, symbol, first_missing_id LIMIT $2`,
        ...[symbol ?? null, most],
      )
    ).map(toGap);
  }

  quality(): SymbolQuality[] {
    return this.#read(selectQuality);
  }

  quarantine(limit = 100): StoredQuarantine[] {
    const most = askedLimit(limit) ?? null;
    return this.#read((link) => selectQuarantine(link, most));
  }

  quarantineCounts(): QuarantineCount[] {
    return this.#read(selectQuarantineCounts);
  }

  quarantinedIds(symbol: string): number[] {
    return this.#read((link) => selectQuarantinedIds(link, symbol));
  }

  heartbeat(): WriterHeartbeat | null {
    return toHeartbeat(this.#writer());
  }

  version(): number {
    return Number(this.#writer().version);
  }

  isReplaced(): boolean {
    return this.#writer().store_id !== this.#storeId;
  }

  sizeBytes(): number {
    return this.#read((link) =>
      Number(link.rows("SELECT pg_database_size(current_database()) AS bytes")[0]!.bytes)
    );
  }

  cursor(): number {
    return Number(this.#writer().sequence);
  }

  barChanges(query: { symbol: string; intervalMs: number; cursor: number }): BarChanges {
    askedInterval(query.intervalMs);
    askedBound("cursor", query.cursor);
    return this.#atOnce((link) => ({
      bars: selectBarChanges(link, query),
      cursor: Number(writerOf(link).sequence),
    }));
  }

  closes(query: CloseQuery): StoredClose[] {
    const asked = askedCloses(query);
    return this.#atOnce((link) => selectCloses(link, asked));
  }

  closeChanges({ intervalMs, cursor }: { intervalMs: number; cursor: number }): CloseChanges {
    askedInterval(intervalMs);
    askedBound("cursor", cursor);
    return this.#atOnce((link) => ({
      closes: selectCloseChanges(link, intervalMs, cursor),
      cursor: Number(writerOf(link).sequence),
    }));
  }

  closeRange(intervalMs: number): { readonly firstMs: number; readonly lastMs: number } | null {
    askedInterval(intervalMs);
    return this.#read((link) => selectCloseRange(link, intervalMs));
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }

  protected readonly ask: Ask = (sql, ...args) => this.#read((link) => link.rows(sql, ...args));

  #writer(): Row {
    return this.#read(writerOf);
  }

  #read<T>(work: (link: Link) => T): T {
    return readAgain(this.#link, () => work(this.#link));
  }

  /** Several statements that see the same state. */
  #atOnce<T>(work: (link: Link) => T): T {
    return this.#read((link) => link.snapshot(() => work(link)));
  }
}

/** What the writer says of itself: the one row. */
function writerOf(link: Link): Row {
  return link.rows("SELECT * FROM writer")[0]!;
}
