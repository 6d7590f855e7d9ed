import type { Bar, Gap, StreamKind, Trade } from "../../market/mod.ts";
import type { BarQuery, TradeQuery } from "../reader.ts";
import type { RetentionPolicy, RetentionReport } from "../retention/policy.ts";
import { StoreError } from "../store_error.ts";
import { buffersOf } from "../trade_buffer.ts";
import type { Decimals, IdRun, StoreWriter, WriteBatch } from "../writer.ts";
import type { WriteResult, WriterOptions } from "../writer.ts";
import { upsertBars } from "./bar_upsert.ts";
import {
  boundsOf,
  isKnown,
  lastTradeIds,
  lastTradeTimeMs,
  missingRuns,
  openGaps,
} from "./chain.ts";
import { moveBookmarks, placeOf } from "./bookmarks.ts";
import { closeUntil } from "./closed_until.ts";
import { forgetLost, upsertGap } from "./gap_insert.ts";
import { daysWithTrades, PostgresHousekeeper } from "./housekeeper.ts";
import type { Link } from "./link.ts";
import { parsePostgres } from "./location.ts";
import { PostgresAlertWriter } from "./postgres_alerts.ts";
import { addQuality } from "./quality_add.ts";
import { insertQuarantine } from "./quarantine_insert.ts";
import { isTriedAgain, type Once, onceOf, remainder } from "./remainder.ts";
import { selectBars } from "./select_bars.ts";
import { selectQuarantinedIds } from "./select_quality.ts";
import { selectTrades, selectTradesFrom } from "./select_trades.ts";
import { Session } from "./session.ts";
import { TradeInsert } from "./trade_insert.ts";
import type { Step, StepResult } from "./wire.ts";

/** A batch in whose commit the connection was lost. */
interface Doubt {
  readonly once: Once;
  /** How many trades it copied, and whether the server counted others too. */
  readonly copied: number;
  readonly isCounted: boolean;
}

/** Writes a database on a PostgreSQL server. */
export class PostgresWriter implements StoreWriter {
  readonly alerts: PostgresAlertWriter;
  readonly #session: Session;
  readonly #housekeeper: PostgresHousekeeper;
  readonly #symbols = new Map<string, number>();
  readonly #lastIds = new Map<number, number>();
  readonly #days = new Set<number>();
  readonly #trades = new TradeInsert(this.#lastIds, this.#days);
  /** What is remembered of the database may be wrong. */
  #isStale = true;
  /** The batch in whose commit the connection was lost: nobody knows whether it was written … */
  #inDoubt: Doubt | null = null;
  /** … or it is known that it was, and whoever wrote it does not know yet. */
  #written: Doubt | null = null;

  /** @throws {StoreError} If another session writes it, or the server cannot be used. */
  constructor(url: string, { identity }: WriterOptions) {
    this.#session = new Session(parsePostgres(url), identity);
    this.alerts = new PostgresAlertWriter(
      (work) => this.#read(work),
      (steps) => this.#transact(steps),
    );
    this.#housekeeper = new PostgresHousekeeper({
      read: (work) => this.#read(work),
      transact: (steps) => this.#transact(steps),
      onDeleted: () => this.#isStale = true,
    });
    try {
      this.#read(() => {});
      const { pid, host, startedAtMs, simulated } = identity;
      this.#transact([
        {
          sql: `UPDATE writer SET pid = $1, host = $2, started_at_ms = $3, heartbeat_at_ms = $3,
            simulated = greatest(simulated, $4)`,
          args: [pid, host, startedAtMs, simulated ? 1 : 0],
        },
      ]);
    } catch (error) {
      this.#session[Symbol.dispose]();
      throw error;
    }
  }

  register(
    venue: string,
    symbol: string,
    streamKind: StreamKind | null,
    decimals?: Decimals,
  ): void {
    checkDecimals(decimals);
    const [known] = this.#read((link) =>
      link.rows("SELECT stream_kind FROM symbols WHERE venue = $1 AND symbol = $2", venue, symbol)
    );
    const held = known?.stream_kind ?? null;
    if (held !== null && streamKind !== null && held !== streamKind) {
      const { url } = this.#session.link.location;
      throw new StoreError(
        "stream kind",
        url,
        `Cannot store "${streamKind}" of ${symbol} as "${url}" holds its "${held}": use --stream ${held}, or another database with --db`,
      );
    }
    const [stored] = this.#transact([{
      sql: `INSERT INTO symbols AS s (venue, symbol, stream_kind) VALUES ($1, $2, $3)
        ON CONFLICT (symbol, venue) DO UPDATE SET
          stream_kind = coalesce(excluded.stream_kind, s.stream_kind) RETURNING symbol_id`,
      args: [venue, symbol, streamKind],
    }]);
    this.#symbols.set(symbol, Number(stored!.rows[0]!.symbol_id));
  }

  isRegistered(symbol: string): boolean {
    return this.#symbols.has(symbol);
  }

  write(given: WriteBatch): WriteResult {
    this.#ready();
    const earlier = this.#written;
    const isAgain = earlier !== null && isTriedAgain(given, earlier.once);
    const batch = isAgain ? remainder(given, earlier.once) : given;
    const { steps, copied, isCounted } = this.#plan(batch);
    try {
      const results = this.#transact(steps, crypto.randomUUID());
      const stored = isCounted ? Number(results.at(-2)!.rows[0]!.batch_stored) : copied;
      if (!isAgain) return { storedTrades: stored };
      this.#written = null;
      return { storedTrades: stored + this.#storedOf(earlier) };
    } catch (error) {
      this.#isStale = true;
      if (isOffline(error)) this.#inDoubt = { once: onceOf(given), copied, isCounted };
      throw error;
    }
  }

  lastTradeIds(): Map<string, number> {
    return this.#read((link) => lastTradeIds(link));
  }

  lastTradeId(symbol: string): number | null {
    return this.#read((link) => lastTradeIds(link, symbol).get(symbol) ?? null);
  }

  lastTradeTimeMs(symbol: string): number | null {
    return this.#read((link) => lastTradeTimeMs(link, this.#find(symbol)));
  }

  bookmark(name: string): number | null {
    return this.#read((link) => placeOf(link, name));
  }

  openGaps(symbol: string): Gap[] {
    return this.#read((link) => openGaps(link, symbol));
  }

  forgetLostGaps(symbol: string, afterId: number): void {
    this.#transact([forgetLost(this.#find(symbol), afterId)]);
  }

  closedUntilMs(symbol: string): number | null {
    return this.#read((link) => boundsOf(link, this.#find(symbol)).closedUntilMs);
  }

  tradesFromMs(symbol: string): number | null {
    return this.#read((link) => boundsOf(link, this.#find(symbol)).tradesFromMs);
  }

  tradesFrom(symbol: string, fromMs: number): Trade[] {
    return this.#read((link) => selectTradesFrom(link, symbol, fromMs));
  }

  trades(query: TradeQuery): Trade[] {
    return this.#read((link) => selectTrades(link, query));
  }

  bars(query: BarQuery): Bar[] {
    return this.#read((link) => selectBars(link, query));
  }

  isKnown(symbol: string, tradeId: number): boolean {
    return this.#read((link) => isKnown(link, this.#find(symbol), tradeId));
  }

  quarantinedIds(symbol: string, fromId: number, toId: number): number[] {
    return this.#read((link) => selectQuarantinedIds(link, symbol, fromId, toId));
  }

  missingRuns(symbol: string, fromId: number, toId: number): IdRun[] {
    return this.#read((link) => missingRuns(link, this.#find(symbol), fromId, toId));
  }

  heartbeat(nowMs: number): void {
    this.#transact([{ sql: "UPDATE writer SET heartbeat_at_ms = $1", args: [nowMs] }]);
  }

  housekeep(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport> {
    return this.#housekeeper.run(policy, signal);
  }

  /** The server does that by itself. */
  checkpoint(): void {}

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }

  #plan(batch: WriteBatch): { steps: Step[]; copied: number; isCounted: boolean } {
    const idOf = (symbol: string) => this.#idOf(symbol);
    const buffers = [...buffersOf(batch.trades ?? []), ...batch.buffers ?? []];
    // What the plan takes for stored may not be, in the end.
    this.#isStale = true;
    const { steps, tallies, copied, isCounted } = this.#trades.plan(buffers, idOf);
    this.#isStale = false;
    return {
      steps: [
        ...steps,
        ...upsertBars(batch.bars ?? [], idOf),
        ...closeUntil(batch.closed ?? [], idOf),
        ...(batch.gaps ?? []).flatMap((gap) => upsertGap(idOf(gap.symbol), gap)),
        ...insertQuarantine(batch.quarantined ?? [], (s) => this.#symbols.get(s) ?? null),
        ...addQuality(batch.quality ?? [], tallies, idOf),
        ...moveBookmarks(batch.bookmarks ?? new Map()),
        ...isCounted ? [{ sql: "SELECT batch_stored FROM writer" }] : [],
      ],
      ...{ copied, isCounted },
    };
  }

  /** How many trades a batch stored that turned out to be written. */
  #storedOf({ copied, isCounted }: Doubt): number {
    if (!isCounted) return copied;
    const [writer] = this.#read((link) => link.rows("SELECT batch_stored FROM writer"));
    return Number(writer!.batch_stored);
  }

  /** Runs steps in one transaction. */
  #transact(steps: readonly Step[], name: string | null = null): readonly StepResult[] {
    this.#ready();
    return this.#session.transact(steps, name);
  }

  #read<T>(work: (link: Link) => T): T {
    this.#ready();
    return this.#session.read(work);
  }

  /** Sees to it that there is a connection, and that what is remembered is right. */
  #ready(): void {
    const found = this.#session.ready();
    if (found !== null) {
      if (found.committed) this.#written = this.#inDoubt;
      this.#inDoubt = null;
      this.#isStale = true;
    }
    if (this.#isStale) this.#session.read((link) => this.#load(link));
    this.#isStale = false;
  }

  /** What is known of the database without asking. */
  #load(link: Link): void {
    this.#symbols.clear();
    this.#lastIds.clear();
    this.#days.clear();
    for (const r of link.rows("SELECT symbol, symbol_id FROM symbols ORDER BY symbol_id")) {
      this.#symbols.set(String(r.symbol), Number(r.symbol_id));
    }
    const ids = "SELECT symbol_id, max(last_trade_id) AS last FROM trade_days GROUP BY 1";
    for (const r of link.rows(ids)) this.#lastIds.set(Number(r.symbol_id), Number(r.last));
    for (const day of daysWithTrades(link)) this.#days.add(day);
  }

  /** The id of a symbol; one that no row has for a symbol that is not registered. */
  #find(symbol: string): number {
    return this.#symbols.get(symbol) ?? -1;
  }

  #idOf(symbol: string): number {
    const id = this.#symbols.get(symbol);
    if (id !== undefined) return id;
    throw new RangeError(`Cannot write ${symbol} as it must be registered first`);
  }
}

function isOffline(error: unknown): boolean {
  return error instanceof StoreError && error.code === "offline";
}

function checkDecimals(decimals: Decimals | undefined): void {
  for (const n of decimals === undefined ? [] : [decimals.price, decimals.quantity]) {
    if (Number.isInteger(n) && n >= 0) continue;
    throw new RangeError(`Cannot register a symbol as decimals must be whole: they are ${n}`);
  }
}
