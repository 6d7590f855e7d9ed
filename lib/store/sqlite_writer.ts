import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Bar, Gap, Mark, Quote, Trade } from "../market/mod.ts";
import { SqliteAlertWriter } from "./sqlite_alerts.ts";
import { ArchivedIds } from "./archive/archived_ids.ts";
import { askedBars, askedBound, askedTrades } from "./asked.ts";
import { asStoreError } from "./as_store_error.ts";
import { selectBars } from "./bar_select.ts";
import { BarUpsert } from "./bar_upsert.ts";
import { Bookmarks } from "./bookmarks.ts";
import { ChainState } from "./chain_state.ts";
import { openForWriting } from "./database.ts";
import { GapInsert } from "./gap_insert.ts";
import { checkInode, inodeOf } from "./inode_of.ts";
import { Lease } from "./lease.ts";
import { holderText } from "./leased_error.ts";
import type { BarQuery, TradeQuery } from "./reader.ts";
import { QualityAdd } from "./quality_add.ts";
import { QuarantineInsert } from "./quarantine_insert.ts";
import { SecondInsert } from "./second_insert.ts";
import { MARKS, QUOTES } from "./second_tables.ts";
import { Housekeeper } from "./retention/housekeeper.ts";
import type { RetentionPolicy, RetentionReport } from "./retention/policy.ts";
import { selectTrades, selectTradesFrom } from "./select_trades.ts";
import { SymbolRows } from "./symbol_rows.ts";
import { buffersOf } from "./trade_buffer.ts";
import { TradeInsert } from "./trade_insert.ts";
import { UNDIVIDED } from "./undivided.ts";
import { writtenAtOnce } from "./under_way.ts";
import type {
  BatchUnderWay,
  IdRun,
  StoreWriter,
  WriteBatch,
  WriteResult,
  WriterOptions,
  WriterShares,
} from "./writer.ts";

/** Opens a database file for writing, makes or updates it, and takes its lease. */
export function openSqliteWriter(path: string, options: WriterOptions): StoreWriter {
  const { identity } = options;
  const lease = new Lease(path, holderText(identity));
  try {
    return new SqliteWriter(path, lease, options);
  } catch (error) {
    lease[Symbol.dispose]();
    throw asStoreError(path, error);
  }
}

class SqliteWriter implements StoreWriter {
  readonly alerts: SqliteAlertWriter;
  readonly shares: WriterShares = UNDIVIDED;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #db: DatabaseSync;
  readonly #inode: number | null;
  readonly #symbols: SymbolRows;
  readonly #chain: ChainState;
  readonly #housekeeper: Housekeeper;
  readonly #trades: TradeInsert;
  readonly #bars: BarUpsert;
  readonly #marks: SecondInsert<Mark>;
  readonly #quotes: SecondInsert<Quote>;
  readonly #gaps: GapInsert;
  readonly #quarantine: QuarantineInsert;
  readonly #quality: QualityAdd;
  readonly #bookmarks: Bookmarks;
  readonly #heartbeat: StatementSync;

  constructor(path: string, lease: Lease, options: WriterOptions) {
    this.#path = path;
    this.#lease = lease;
    const db = this.#db = openForWriting(path, options.synchronous ?? "NORMAL");
    this.#inode = inodeOf(path);
    this.alerts = new SqliteAlertWriter(path, db);
    this.#symbols = new SymbolRows(db, path);
    const archived = new ArchivedIds(db, path);
    this.#chain = new ChainState(db, path, archived);
    this.#trades = new TradeInsert(db, archived);
    this.#housekeeper = new Housekeeper(db, path, () => this.#trades.forget());
    this.#bars = new BarUpsert(db);
    this.#marks = new SecondInsert(db, MARKS);
    this.#quotes = new SecondInsert(db, QUOTES);
    this.#gaps = new GapInsert(db);
    this.#quarantine = new QuarantineInsert(db);
    this.#quality = new QualityAdd(db);
    this.#bookmarks = new Bookmarks(db);
    this.#heartbeat = db.prepare("UPDATE writer SET heartbeat_at_ms = ? WHERE only = 1");
    const { pid, host, startedAtMs, simulated } = options.identity;
    db.prepare(
      `UPDATE writer SET pid = ?, host = ?, started_at_ms = ?, heartbeat_at_ms = ?,
         simulated = max(simulated, ?) WHERE only = 1`,
    ).run(pid, host, startedAtMs, startedAtMs, simulated ? 1 : 0);
  }

  register(...args: Parameters<StoreWriter["register"]>): void {
    this.#run(() => this.#symbols.register(...args));
  }

  isRegistered(symbol: string): boolean {
    return this.#symbols.has(symbol);
  }

  write(batch: WriteBatch): WriteResult {
    return this.#run(() => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const storedTrades = this.#writeAll(batch);
        this.#db.exec("COMMIT");
        return { storedTrades };
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        this.#trades.forget();
        this.#quarantine.forget();
        throw error;
      }
    });
  }

  begin(batch: WriteBatch): BatchUnderWay {
    return writtenAtOnce(() => this.write(batch));
  }

  lastTradeIds(): Map<string, number> {
    return this.#run(() => this.#chain.lastTradeIds());
  }

  lastTradeId(symbol: string): number | null {
    return this.#run(() => this.#chain.lastTradeIds(symbol).get(symbol) ?? null);
  }

  lastTradeTimeMs(symbol: string): number | null {
    return this.#run(() => this.#chain.lastTradeTimeMs(symbol));
  }

  bookmark(name: string): number | null {
    return this.#run(() => this.#bookmarks.placeOf(name));
  }

  openGaps(symbol: string): Gap[] {
    return this.#run(() => this.#chain.openGaps(symbol));
  }

  lastLostId(symbol: string, afterId: number): number | null {
    return this.#run(() => this.#gaps.lastLostId(this.#idOf(symbol), afterId));
  }

  forgetLostGaps(symbol: string, afterId: number): void {
    this.#run(() => this.#gaps.forgetLost(this.#idOf(symbol), afterId));
  }

  closedUntilMs(symbol: string): number | null {
    return this.#run(() => this.#chain.closedUntilMs(this.#idOf(symbol)));
  }

  tradesFromMs(symbol: string): number | null {
    return this.#run(() => this.#chain.tradesFromMs(this.#idOf(symbol)));
  }

  tradesFrom(symbol: string, fromMs: number): Trade[] {
    askedBound("fromMs", fromMs);
    return this.#run(() => selectTradesFrom(this.#db, this.#path, symbol, fromMs));
  }

  trades(query: TradeQuery): Trade[] {
    const asked = askedTrades(query);
    return this.#run(() => selectTrades(this.#db, this.#path, asked));
  }

  bars(query: BarQuery): Bar[] {
    const asked = askedBars(query);
    return this.#run(() => selectBars(this.#db, asked));
  }

  isKnown(symbol: string, tradeId: number): boolean {
    return this.#run(() => this.#chain.isKnown(this.#idOf(symbol), tradeId));
  }

  quarantinedIds(symbol: string, fromId: number, toId: number): number[] {
    return this.#run(() => this.#chain.quarantinedIds(this.#idOf(symbol), fromId, toId));
  }

  missingRuns(symbol: string, fromId: number, toId: number): IdRun[] {
    return this.#run(() => this.#chain.missingRuns(symbol, this.#idOf(symbol), fromId, toId));
  }

  markSimulated(): void {
    this.#run(() => this.#db.exec("UPDATE writer SET simulated = 1 WHERE only = 1"));
  }

  heartbeat(nowMs: number): void {
    this.#run(() => {
      checkInode(this.#path, this.#inode);
      this.#heartbeat.run(nowMs);
    });
  }

  housekeep(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport> {
    return this.#housekeeper.run(policy, signal);
  }

  checkpoint(): void {
    this.#run(() => this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)"));
  }

  [Symbol.dispose](): void {
    try {
      this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // A reader may hold the log; the next writer checkpoints it.
    } finally {
      this.#db.close();
      this.#lease[Symbol.dispose]();
    }
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(this.#path, error);
    }
  }

  /** The id of a symbol; one that no row has for a symbol that is not registered. */
  #idOf(symbol: string): number {
    return this.#symbols.find(symbol) ?? -1;
  }

  #writeAll(batch: WriteBatch): number {
    const symbols = this.#symbols;
    const idOf = (symbol: string) => symbols.get(symbol).symbolId;
    const trades = [...buffersOf(batch.trades ?? []), ...batch.buffers ?? []];
    const stored = this.#trades.run(trades, (symbol) => symbols.get(symbol));
    this.#bars.run(batch.bars ?? [], idOf);
    this.#marks.run(batch.marks ?? [], idOf);
    this.#quotes.run(batch.quotes ?? [], idOf);
    for (const { symbol, timeMs } of batch.closed ?? []) this.#chain.close(idOf(symbol), timeMs);
    for (const gap of batch.gaps ?? []) this.#gaps.run(idOf(gap.symbol), gap);
    const quarantined = this.#quarantine.run(batch.quarantined ?? [], (s) => symbols.find(s));
    this.#quality.run(batch.quality ?? [], stored, quarantined, idOf);
    this.#bookmarks.run(batch.bookmarks ?? new Map());
    return stored.values().reduce((sum, tally) => sum + tally.stored, 0);
  }
}
