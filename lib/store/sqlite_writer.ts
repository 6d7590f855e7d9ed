import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Bar, Gap, QuarantinedFrame, StreamKind, Trade } from "../market/mod.ts";
import { openForWriting } from "./database.ts";
import { Lease } from "./lease.ts";
import { toGap } from "./rows.ts";
import { SqliteAlertWriter } from "./sqlite_alerts.ts";
import { selectTradesFrom } from "./sqlite_trades.ts";
import { asStoreError } from "./as_store_error.ts";
import { StoreError } from "./store_error.ts";
import { type StoredTrades, TradeInsert } from "./trade_insert.ts";
import type {
  QualityIncrement,
  StoreWriter,
  WriteBatch,
  WriteResult,
  WriterOptions,
} from "./writer.ts";
import { ADD_QUALITY, UPSERT_BAR } from "./writer_sql.ts";

/**
 * Opens a database for writing, makes or updates it, and takes its lease.
 *
 * @example Writing and reading back
 * ```ts
 * import { openReader, openWriter } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = openWriter(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * writer.write({
 *   trades: [{
 *     venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 1, timeMs: 5, price: 0.1, quantity: 3,
 *     takerSide: "buy", source: "ws",
 *   }],
 * });
 * using reader = openReader(path);
 * strictEqual(reader.trades({ symbol: "BTCUSDT" })[0]?.price, 0.1);
 * ```
 *
 * @param path The database file; its folder must exist.
 * @param options Who writes, and how durably.
 * @returns The writer; dispose it to give the lease back.
 * @throws {StoreError} If another process writes it, or the file cannot be used.
 */
export function openWriter(path: string, options: WriterOptions): StoreWriter {
  const { identity } = options;
  const lease = new Lease(path, `process ${identity.pid} on ${identity.host}`);
  try {
    return new SqliteWriter(path, lease, options);
  } catch (error) {
    lease[Symbol.dispose]();
    throw asStoreError(path, error);
  }
}

class SqliteWriter implements StoreWriter {
  readonly alerts: SqliteAlertWriter;
  readonly #path: string;
  readonly #lease: Lease;
  readonly #db: DatabaseSync;
  readonly #ids = new Map<string, number>();
  readonly #tradeInsert: TradeInsert;
  readonly #upsertBar: StatementSync;
  readonly #setClosed: StatementSync;
  readonly #deleteGapsWithin: StatementSync;
  readonly #upsertGap: StatementSync;
  readonly #insertQuarantine: StatementSync;
  readonly #addQuality: StatementSync;
  readonly #setSequence: StatementSync;
  readonly #heartbeat: StatementSync;
  #sequence: number;

  constructor(path: string, lease: Lease, options: WriterOptions) {
    this.#path = path;
    this.#lease = lease;
    const db = this.#db = openForWriting(path, options.synchronous ?? "NORMAL");
    this.alerts = new SqliteAlertWriter(path, db);
    this.#tradeInsert = new TradeInsert(db);
    this.#upsertBar = db.prepare(UPSERT_BAR);
    this.#setClosed = db.prepare("UPDATE symbols SET closed_until_ms = ? WHERE symbol_id = ?");
    this.#deleteGapsWithin = db.prepare(
      "DELETE FROM gaps WHERE symbol_id = ? AND first_missing_id > ? AND first_missing_id <= ?",
    );
    this.#upsertGap = db.prepare(
      `INSERT INTO gaps (symbol_id, first_missing_id, last_missing_id, opened_at_ms, closed_at_ms, state)
       VALUES (?,?,?,?,?,?)
       ON CONFLICT (symbol_id, first_missing_id) DO UPDATE SET
         last_missing_id = excluded.last_missing_id,
         closed_at_ms = excluded.closed_at_ms, state = excluded.state`,
    );
    this.#insertQuarantine = db.prepare(
      `INSERT INTO quarantine (symbol_id, trade_id, reason, raw, received_ms) VALUES (?,?,?,?,?)
       ON CONFLICT DO NOTHING`,
    );
    this.#addQuality = db.prepare(ADD_QUALITY);
    this.#setSequence = db.prepare("UPDATE writer SET sequence = ? WHERE only = 1");
    this.#heartbeat = db.prepare("UPDATE writer SET heartbeat_at_ms = ? WHERE only = 1");
    const { pid, host, startedAtMs, simulated } = options.identity;
    db.prepare(
      `UPDATE writer SET pid = ?, host = ?, started_at_ms = ?, heartbeat_at_ms = ?,
         simulated = max(simulated, ?) WHERE only = 1`,
    ).run(pid, host, startedAtMs, startedAtMs, simulated ? 1 : 0);
    this.#sequence = Number(db.prepare("SELECT sequence FROM writer").get()!.sequence);
    for (const r of db.prepare("SELECT symbol_id, symbol FROM symbols").iterate()) {
      this.#ids.set(String(r.symbol), Number(r.symbol_id));
    }
  }

  register(venue: string, symbol: string, streamKind: StreamKind): void {
    const known = this.#db.prepare(
      "SELECT stream_kind FROM symbols WHERE venue = ? AND symbol = ?",
    ).get(venue, symbol)?.stream_kind;
    if (known !== undefined && known !== null && known !== streamKind) {
      throw new StoreError(
        "stream kind",
        this.#path,
        `Cannot store "${streamKind}" of ${symbol} as "${this.#path}" holds its "${known}": use --stream ${known}, or another file with --db`,
      );
    }
    const { symbol_id } = this.#run(() =>
      this.#db.prepare(
        `INSERT INTO symbols (venue, symbol, stream_kind) VALUES (?,?,?)
         ON CONFLICT (venue, symbol) DO UPDATE SET stream_kind = excluded.stream_kind
         RETURNING symbol_id`,
      ).get(venue, symbol, streamKind)!
    );
    this.#ids.set(symbol, Number(symbol_id));
  }

  isRegistered(symbol: string): boolean {
    return this.#ids.has(symbol);
  }

  write(batch: WriteBatch): WriteResult {
    return this.#run(() => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const stored = this.#tradeInsert.run(
          batch.trades ?? [],
          (symbol) => this.#symbolId(symbol),
        );
        if (batch.bars !== undefined && batch.bars.length > 0) this.#writeBars(batch.bars);
        for (const { symbol, timeMs } of batch.closed ?? []) {
          this.#setClosed.run(timeMs, this.#symbolId(symbol));
        }
        for (const gap of batch.gaps ?? []) this.#writeGap(gap);
        const quarantined = this.#writeQuarantine(batch.quarantined ?? []);
        this.#writeQuality(batch.quality ?? [], stored, quarantined);
        this.#db.exec("COMMIT");
        let storedTrades = 0;
        for (const count of stored.values()) storedTrades += count.stored;
        return { storedTrades };
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  lastTradeIds(): Map<string, number> {
    const last = new Map<string, number>();
    const rows = this.#db.prepare(
      `SELECT s.symbol, max(
         coalesce((SELECT max(trade_id) FROM trades t WHERE t.symbol_id = s.symbol_id), -1),
         coalesce((SELECT max(trade_id) FROM quarantine q WHERE q.symbol_id = s.symbol_id), -1)
       ) AS last_id FROM symbols s`,
    );
    for (const { symbol, last_id } of rows.iterate()) {
      if (Number(last_id) >= 0) last.set(String(symbol), Number(last_id));
    }
    return last;
  }

  lastTradeTimeMs(symbol: string): number | null {
    const row = this.#db.prepare(
      "SELECT time_ms FROM trades WHERE symbol_id = ? ORDER BY trade_id DESC LIMIT 1",
    ).get(this.#ids.get(symbol) ?? -1);
    return row === undefined ? null : Number(row.time_ms);
  }

  openGaps(symbol: string): Gap[] {
    return this.#db.prepare(
      "SELECT * FROM v_gaps WHERE symbol = ? AND state = 'open' ORDER BY first_missing_id",
    ).all(symbol).map(toGap);
  }

  forgetLostGaps(symbol: string, afterId: number): void {
    this.#run(() =>
      this.#db.prepare(
        "DELETE FROM gaps WHERE symbol_id = ? AND first_missing_id > ? AND state = 'lost'",
      ).run(this.#ids.get(symbol) ?? -1, afterId)
    );
  }

  closedUntilMs(symbol: string): number | null {
    const row = this.#db.prepare("SELECT closed_until_ms AS t FROM symbols WHERE symbol_id = ?")
      .get(this.#ids.get(symbol) ?? -1);
    return row?.t === null || row?.t === undefined ? null : Number(row.t);
  }

  tradesFrom(symbol: string, fromMs: number): Trade[] {
    return selectTradesFrom(this.#db, symbol, fromMs);
  }

  isKnown(symbol: string, tradeId: number): boolean {
    const row = this.#db.prepare(
      `SELECT EXISTS (SELECT 1 FROM trades WHERE symbol_id = ?1 AND trade_id = ?2)
         OR EXISTS (SELECT 1 FROM quarantine WHERE symbol_id = ?1 AND trade_id = ?2) AS known`,
    ).get(this.#ids.get(symbol) ?? -1, tradeId);
    return row?.known === 1;
  }

  quarantinedIds(symbol: string, fromId: number, toId: number): number[] {
    return this.#db.prepare(
      `SELECT DISTINCT trade_id FROM quarantine
       WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id`,
    ).all(this.#ids.get(symbol) ?? -1, fromId, toId).map((r) => Number(r.trade_id));
  }

  heartbeat(nowMs: number): void {
    this.#run(() => this.#heartbeat.run(nowMs));
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

  #symbolId(symbol: string): number {
    const id = this.#ids.get(symbol);
    if (id === undefined) {
      throw new RangeError(`Cannot write ${symbol} as it must be registered first`);
    }
    return id;
  }

  #writeBars(bars: readonly Bar[]): void {
    const sequence = ++this.#sequence;
    for (const b of bars) {
      this.#upsertBar.run(
        this.#symbolId(b.symbol),
        b.intervalMs,
        b.openTimeMs,
        b.open,
        b.high,
        b.low,
        b.close,
        b.volume,
        b.quoteVolume,
        b.tradeCount,
        b.takerBuyVolume,
        b.firstTradeId,
        b.lastTradeId,
        b.complete ? 1 : 0,
        sequence,
      );
    }
    this.#setSequence.run(sequence);
  }

  /** A gap takes the place of those that a killed process knew within it: none ever overlap. */
  #writeGap(gap: Gap): void {
    const symbolId = this.#symbolId(gap.symbol);
    this.#deleteGapsWithin.run(symbolId, gap.firstMissingId, gap.lastMissingId);
    this.#upsertGap.run(
      symbolId,
      gap.firstMissingId,
      gap.lastMissingId,
      gap.openedAtMs,
      gap.closedAtMs,
      gap.state,
    );
  }

  #writeQuarantine(frames: readonly QuarantinedFrame[]): Map<string, number> {
    const bySymbol = new Map<string, number>();
    for (const frame of frames) {
      const id = frame.symbol === null ? undefined : this.#ids.get(frame.symbol);
      const { changes } = this.#insertQuarantine.run(
        id ?? null,
        frame.tradeId,
        frame.reason,
        // SQLite and its clients take NUL for the end of a text.
        frame.raw.replaceAll("\0", "\u2400"),
        frame.receivedMs,
      );
      if (id === undefined || frame.symbol === null) continue;
      bySymbol.set(frame.symbol, (bySymbol.get(frame.symbol) ?? 0) + Number(changes));
    }
    return bySymbol;
  }

  #writeQuality(
    increments: readonly QualityIncrement[],
    stored: Map<string, StoredTrades>,
    quarantined: Map<string, number>,
  ): void {
    const rest = new Map(increments.map((q) => [q.symbol, q]));
    for (const symbol of new Set([...rest.keys(), ...stored.keys(), ...quarantined.keys()])) {
      const q = rest.get(symbol);
      const own = stored.get(symbol);
      this.#addQuality.run(
        this.#symbolId(symbol),
        q?.received ?? 0,
        own?.stored ?? 0,
        q?.duplicate ?? 0,
        q?.late ?? 0,
        quarantined.get(symbol) ?? 0,
        q?.reconnects ?? 0,
        own?.lastTimeMs ?? null,
        q?.clockSkewMs ?? null,
      );
    }
  }
}
