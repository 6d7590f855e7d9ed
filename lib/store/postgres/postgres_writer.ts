import type { Bar, Gap, StreamKind, Trade } from "../../market/mod.ts";
import type { BarQuery, TradeQuery } from "../reader.ts";
import type { RetentionPolicy, RetentionReport } from "../retention/policy.ts";
import { askedBars, askedBound, askedTrades } from "../asked.ts";
import { asStoreError } from "../as_store_error.ts";
import { otherKind, scaleOf } from "../symbol_rows.ts";
import { writtenAtOnce } from "../under_way.ts";
import type { BatchUnderWay, Decimals, IdRun, StoreWriter, WriteBatch } from "../writer.ts";
import type { WriteResult, WriterOptions, WriterShares } from "../writer.ts";
import { UNDIVIDED } from "../undivided.ts";
import { boundsOf, isKnown, lastLostId, lastTradeIds, lastTradeTimeMs } from "./chain.ts";
import { missingRuns, openGaps } from "./chain.ts";
import { placeOf } from "./bookmarks.ts";
import { forgetLost } from "./gap_insert.ts";
import { PostgresHousekeeper } from "./housekeeper.ts";
import { Known } from "./known.ts";
import { isConnectionLost, type Link } from "./link.ts";
import { parsePostgres } from "./location.ts";
import { planBatch } from "./plan_batch.ts";
import { PostgresAlertWriter } from "./postgres_alerts.ts";
import { type Doubt, isTriedAgain, onceOf, remainder } from "./remainder.ts";
import { selectBars } from "./select_bars.ts";
import { selectQuarantinedIds } from "./select_quality.ts";
import { selectTrades, selectTradesFrom } from "./select_trades.ts";
import { Session } from "./session.ts";
import { PostgresShares } from "./shares.ts";
import type { Step, StepResult } from "./wire.ts";

/** Writes a database on a PostgreSQL server. */
export class PostgresWriter implements StoreWriter {
  readonly alerts: PostgresAlertWriter;
  readonly shares: WriterShares;
  readonly #session: Session;
  readonly #housekeeper: PostgresHousekeeper;
  readonly #known = new Known();
  /** What is known may be wrong. */
  #isStale = true;
  /** The batch in whose commit the connection was lost: nobody knows whether it was written … */
  #inDoubt: Doubt | null = null;
  /** … or it is known that it was, and whoever wrote it does not know yet. */
  #written: Doubt | null = null;

  /** @throws {StoreError} If another session writes it, or the server cannot be used. */
  constructor(url: string, { identity, sharedAs, mostSilenceMs = 10_000 }: WriterOptions) {
    const sharing = sharedAs === undefined ? null : { sharedAs, mostSilenceMs };
    this.#session = new Session(parsePostgres(url), identity, sharing);
    this.shares = sharing === null
      ? UNDIVIDED
      : new PostgresShares(this.#session, () => this.#isStale = true);
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
    this.#check(() => [decimals?.price, decimals?.quantity].map(scaleOf));
    const [known] = this.#read((link) =>
      link.rows("SELECT stream_kind FROM symbols WHERE venue = $1 AND symbol = $2", venue, symbol)
    );
    const held = known?.stream_kind ?? null;
    if (held !== null && streamKind !== null && held !== streamKind) {
      throw otherKind(this.#session.link.location.url, symbol, String(held), streamKind);
    }
    const [stored] = this.#transact([{
      sql: `INSERT INTO symbols AS s (venue, symbol, stream_kind) VALUES ($1, $2, $3)
        ON CONFLICT (symbol, venue) DO UPDATE SET
          stream_kind = coalesce(excluded.stream_kind, s.stream_kind) RETURNING symbol_id`,
      args: [venue, symbol, streamKind],
    }]);
    this.#known.symbols.set(symbol, Number(stored!.rows[0]!.symbol_id));
  }

  isRegistered(symbol: string): boolean {
    return this.#known.symbols.has(symbol);
  }

  write(given: WriteBatch): WriteResult {
    this.#ready();
    const earlier = this.#written;
    const isAgain = earlier !== null && isTriedAgain(given, earlier.once);
    const batch = isAgain ? remainder(given, earlier.once) : given;
    // What the plan takes for stored may not be, in the end.
    this.#isStale = true;
    const { steps, stored } = this.#check(() => planBatch(batch, this.#known));
    this.#isStale = false;
    try {
      const results = this.#transact(steps, crypto.randomUUID());
      const storedTrades = stored ?? Number(results.at(-2)!.rows[0]!.batch_stored);
      if (!isAgain) return { storedTrades };
      this.#written = null;
      return { storedTrades: storedTrades + earlier.stored! };
    } catch (error) {
      this.#isStale = true;
      const once = isConnectionLost(error) ? onceOf(given) : null;
      const before = isAgain ? earlier.stored! : 0;
      if (once !== null) {
        this.#inDoubt = { once, stored: stored === null ? null : stored + before };
      }
      throw error;
    }
  }

  begin(batch: WriteBatch): BatchUnderWay {
    return writtenAtOnce(() => this.write(batch));
  }

  lastTradeIds(): Map<string, number> {
    return this.#read((link) => lastTradeIds(link));
  }

  lastTradeId(symbol: string): number | null {
    return this.#read((link) => lastTradeIds(link, symbol).get(symbol) ?? null);
  }

  lastTradeTimeMs(symbol: string): number | null {
    return this.#read((link) => lastTradeTimeMs(link, this.#known.find(symbol)));
  }

  bookmark(name: string): number | null {
    return this.#read((link) => placeOf(link, name));
  }

  openGaps(symbol: string): Gap[] {
    return this.#read((link) => openGaps(link, symbol));
  }

  lastLostId(symbol: string, afterId: number): number | null {
    return this.#read((link) => lastLostId(link, this.#known.find(symbol), afterId));
  }

  forgetLostGaps(symbol: string, afterId: number): void {
    this.#transact([forgetLost(this.#known.find(symbol), afterId)]);
  }

  closedUntilMs(symbol: string): number | null {
    return this.#read((link) => boundsOf(link, this.#known.find(symbol)).closedUntilMs);
  }

  tradesFromMs(symbol: string): number | null {
    return this.#read((link) => boundsOf(link, this.#known.find(symbol)).tradesFromMs);
  }

  tradesFrom(symbol: string, fromMs: number): Trade[] {
    askedBound("fromMs", fromMs);
    return this.#read((link) => selectTradesFrom(link, symbol, fromMs));
  }

  trades(query: TradeQuery): Trade[] {
    const asked = askedTrades(query);
    return this.#read((link) => selectTrades(link, asked));
  }

  bars(query: BarQuery): Bar[] {
    const asked = askedBars(query);
    return this.#read((link) => selectBars(link, asked));
  }

  isKnown(symbol: string, tradeId: number): boolean {
    return this.#read((link) => isKnown(link, this.#known.find(symbol), tradeId));
  }

  quarantinedIds(symbol: string, fromId: number, toId: number): number[] {
    return this.#read((link) => selectQuarantinedIds(link, symbol, fromId, toId));
  }

  missingRuns(symbol: string, fromId: number, toId: number): IdRun[] {
    return this.#read((link) => missingRuns(link, this.#known.find(symbol), fromId, toId));
  }

  markSimulated(): void {
    this.#transact([{ sql: "UPDATE writer SET simulated = 1", args: [] }]);
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

  /** Refuses what makes no sense, as of a file. */
  #check<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(this.#session.link.location.url, error);
    }
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
      if (found.committed && this.#inDoubt !== null) {
        const [writer] = this.#session.read((link) => link.rows("SELECT batch_stored FROM writer"));
        const stored = this.#inDoubt.stored ?? Number(writer!.batch_stored);
        this.#written = { ...this.#inDoubt, stored };
      }
      this.#inDoubt = null;
      this.#isStale = true;
    }
    if (this.#isStale) this.#session.read((link) => this.#known.load(link));
    this.#isStale = false;
  }
}
