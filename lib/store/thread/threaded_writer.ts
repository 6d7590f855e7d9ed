import type { AlertWriter } from "../alerts.ts";
import type { Bar, Gap, Trade } from "../../market/mod.ts";
import { areSignalsHeeded } from "../postgres/signals.ts";
import type { BarQuery, TradeQuery } from "../reader.ts";
import type { RetentionPolicy, RetentionReport } from "../retention/policy.ts";
import { StoreError } from "../store_error.ts";
import { buffersOf } from "../trade_buffer.ts";
import type {
  BatchUnderWay,
  IdRun,
  StoreWriter,
  WriteBatch,
  WriteResult,
  WriterOptions,
  WriterShares,
} from "../writer.ts";
import { type Call, Caller } from "./caller.ts";
import { SharedTrades } from "./shared_trades.ts";

/**
 * Opens a database for writing, as `openWriter()` does, with the writer in a thread of its own:
 * while it writes a batch that was begun, this thread goes on. What is asked of it besides is
 * answered after that; this thread waits meanwhile.
 *
 * @example A batch under way
 * ```ts
 * import { openWriterThread } from "tandem/store";
 * import { strictEqual } from "node:assert/strict";
 *
 * const path = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * using writer = await openWriterThread(path, { identity });
 * writer.register("binance-usdm", "BTCUSDT", "aggTrade");
 * const batch = writer.begin({
 *   trades: [{
 *     venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 1, timeMs: 5, price: 0.1, quantity: 3,
 *     takerSide: "buy", source: "ws",
 *   }],
 * });
 * await batch.settled;
 * strictEqual(batch.settle().storedTrades, 1);
 * ```
 *
 * @param database The database file, or `postgres://USER@HOST:PORT/DATABASE`.
 * @param options Who writes, and how durably.
 * @returns The writer; dispose it to end the thread and give the lease back.
 * @throws {StoreError} If another process writes it, or the file cannot be used.
 */
export async function openWriterThread(
  database: string,
  options: WriterOptions,
): Promise<StoreWriter> {
  const caller = new Caller(
    new URL("./writer_worker.ts", import.meta.url),
    (reason) =>
      new StoreError(
        "unreachable",
        database,
        `Cannot go on writing "${database}" as the thread that does has ended (${reason}): start again; what was received since is fetched again`,
      ),
  );
  try {
    const opened = caller.begin("thread", "open", [database, options, areSignalsHeeded()]);
    await opened.settled;
    return new ThreadedWriter(caller, opened.wait() as string[]);
  } catch (error) {
    caller[Symbol.dispose]();
    throw error;
  }
}

/** Asks the writer in the other thread; every answer but that of a batch is waited for. */
class ThreadedWriter implements StoreWriter {
  readonly alerts: AlertWriter;
  readonly shares: WriterShares;
  readonly #caller: Caller;
  /** Those that are registered: asked too often to wait for an answer. */
  readonly #symbols: Set<string>;
  readonly #trades = new SharedTrades();
  #lastBatch: Call | null = null;

  constructor(caller: Caller, symbols: readonly string[]) {
    this.#caller = caller;
    this.#symbols = new Set(symbols);
    this.alerts = alertsOf(caller);
    this.shares = sharesOf(caller);
  }

  register(...args: Parameters<StoreWriter["register"]>): void {
    this.#ask("register", args);
    this.#symbols.add(args[1]);
  }

  isRegistered(symbol: string): boolean {
    return this.#symbols.has(symbol);
  }

  write(batch: WriteBatch): WriteResult {
    return this.begin(batch).settle();
  }

  begin({ trades = [], buffers = [], ...rest }: WriteBatch): BatchUnderWay {
    // The memory is free again when the batch before is written.
    this.#lastBatch?.sleep();
    const given = this.#trades.put([...buffersOf(trades), ...buffers]);
    const call = this.#lastBatch = this.#caller.begin("thread", "write", [given, rest]);
    return { settled: call.settled, settle: () => call.wait() as WriteResult };
  }

  lastTradeIds(): Map<string, number> {
    return this.#ask("lastTradeIds", []);
  }

  lastTradeId(symbol: string): number | null {
    return this.#ask("lastTradeId", [symbol]);
  }

  lastTradeTimeMs(symbol: string): number | null {
    return this.#ask("lastTradeTimeMs", [symbol]);
  }

  bookmark(name: string): number | null {
    return this.#ask("bookmark", [name]);
  }

  openGaps(symbol: string): Gap[] {
    return this.#ask("openGaps", [symbol]);
  }

  lastLostId(symbol: string, afterId: number): number | null {
    return this.#ask("lastLostId", [symbol, afterId]);
  }

  forgetLostGaps(symbol: string, afterId: number): void {
    this.#ask("forgetLostGaps", [symbol, afterId]);
  }

  closedUntilMs(symbol: string): number | null {
    return this.#ask("closedUntilMs", [symbol]);
  }

  tradesFromMs(symbol: string): number | null {
    return this.#ask("tradesFromMs", [symbol]);
  }

  tradesFrom(symbol: string, fromMs: number): Trade[] {
    return this.#ask("tradesFrom", [symbol, fromMs]);
  }

  trades(query: TradeQuery): Trade[] {
    return this.#ask("trades", [query]);
  }

  bars(query: BarQuery): Bar[] {
    return this.#ask("bars", [query]);
  }

  isKnown(symbol: string, tradeId: number): boolean {
    return this.#ask("isKnown", [symbol, tradeId]);
  }

  quarantinedIds(symbol: string, fromId: number, toId: number): number[] {
    return this.#ask("quarantinedIds", [symbol, fromId, toId]);
  }

  missingRuns(symbol: string, fromId: number, toId: number): IdRun[] {
    return this.#ask("missingRuns", [symbol, fromId, toId]);
  }

  markSimulated(): void {
    this.#ask("markSimulated", []);
  }

  heartbeat(nowMs: number): void {
    this.#ask("heartbeat", [nowMs]);
  }

  async housekeep(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport> {
    const call = this.#caller.begin("thread", "housekeep", [policy]);
    const end = () => this.#caller.begin("thread", "endHousekeeping", []);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    await call.settled;
    signal.removeEventListener("abort", end);
    return call.wait() as RetentionReport;
  }

  checkpoint(): void {
    this.#ask("checkpoint", []);
  }

  [Symbol.dispose](): void {
    try {
      if (!this.#caller.hasEnded) this.#caller.ask("thread", "close", []);
    } finally {
      this.#caller[Symbol.dispose]();
    }
  }

  #ask<K extends keyof StoreWriter>(method: K, args: readonly unknown[]) {
    return this.#caller.ask("writer", String(method), args) as StoreWriter[K] extends
      (...args: never[]) => infer R ? R : never;
  }
}

/** The alerts of a writer in another thread. */
function alertsOf(caller: Caller): AlertWriter {
  const asking = <K extends keyof AlertWriter>(method: K) =>
    ((...args: unknown[]) => caller.ask("alerts", method, args)) as AlertWriter[K];
  return {
    rules: asking("rules"),
    history: asking("history"),
    pending: asking("pending"),
    putRule: asking("putRule"),
    removeRule: asking("removeRule"),
    changeRules: asking("changeRules"),
    write: asking("write"),
    tell: asking("tell"),
  };
}

/** The shares of a writer in another thread. */
function sharesOf(caller: Caller): WriterShares {
  return {
    writers: () => caller.ask("shares", "writers", []) as number,
    hold: (share) => caller.ask("shares", "hold", [share]) as boolean,
    giveBack: (share) => void caller.ask("shares", "giveBack", [share]),
  };
}
