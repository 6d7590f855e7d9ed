import type { DatabaseSync } from "node:sqlite";
import { asStoreError } from "../as_store_error.ts";
import { DAY_MS } from "../archive/archive_path.ts";
import type { BuiltDay } from "../archive/build_day.ts";
import { DayBuilder } from "../archive/day_builder.ts";
import { BarTable } from "./bar_table.ts";
import type { RetentionPolicy, RetentionReport } from "./policy.ts";
import { removeForgottenDays } from "./forgotten_days.ts";
import { SecondRows } from "./second_rows.ts";
import { BATCH_ROWS, type KeptSymbol, TradeTables } from "./trade_tables.ts";

/** Between two transactions the writer gets its turn for so long, ms. */
const PAUSE_MS = 5;

/**
 * Moves closed days of trades to Parquet files and deletes what is too old or too much, in steps of
 * a few ms between which the writer goes on. Killed anywhere it loses nothing and leaves nothing
 * twice: a file is valid once it is registered, rows go only after that, and readers take a trade
 * that is in both places once.
 */
export class Housekeeper {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #trades: TradeTables;
  readonly #bars: BarTable;
  readonly #seconds: readonly SecondRows[];
  readonly #store: string;
  readonly #onDeleted: () => void;

  /** @param onDeleted Called after trades were deleted from the table. */
  constructor(db: DatabaseSync, path: string, onDeleted: () => void) {
    this.#db = db;
    this.#path = path;
    this.#trades = new TradeTables(db, path);
    this.#bars = new BarTable(db);
    this.#seconds = ["marks", "quotes"].map((table) => new SecondRows(db, table));
    this.#store = String(db.prepare("SELECT store_id FROM writer").get()!.store_id);
    this.#onDeleted = onDeleted;
  }

  /**
   * Does everything that a policy asks for; what cannot be done now is told and left for next time.
   *
   * @throws {StoreError} If the database cannot be written.
   */
  async run(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport> {
    const report: RetentionReport = {
      days: 0,
      movedTrades: 0,
      deletedTrades: 0,
      deletedBars: 0,
      deletedSeconds: 0,
      usedBytes: 0,
      problems: [],
    };
    try {
      const { nowMs, archiveAfterMs, tradesMs, barsMs, maxBytes } = policy;
      for (const symbol of this.#trades.symbols()) {
        removeForgottenDays(this.#db, this.#path, this.#store, symbol);
      }
      // What is to be deleted need not be moved before.
      if (tradesMs !== null) await this.#expire(floorOf(nowMs - tradesMs), report, signal);
      if (archiveAfterMs !== null) await this.#move(nowMs - archiveAfterMs, report, signal);
      if (barsMs !== null) {
        await this.#steps(
          () => this.#bars.expire(floorOf(nowMs - barsMs)),
          (n) => report.deletedBars += n,
          signal,
        );
        for (const rows of this.#seconds) {
          await this.#steps(
            () => rows.expire(floorOf(nowMs - barsMs)),
            (n) => report.deletedSeconds += n,
            signal,
          );
        }
      }
      if (maxBytes !== null) await this.#shrink(maxBytes, nowMs, report, signal);
      report.usedBytes = this.#trades.usedBytes();
    } catch (error) {
      throw asStoreError(this.#path, error);
    }
    return report;
  }

  /** Moves the days that ended before a time. */
  async #move(endMs: number, report: RetentionReport, signal: AbortSignal): Promise<void> {
    using builder = new DayBuilder(this.#path, this.#store);
    for (const symbol of this.#trades.symbols()) {
      let lastMs = -Infinity;
      while (!signal.aborted) {
        const dayMs = this.#trades.firstDayMs(symbol.symbolId);
        if (dayMs === null || dayMs <= lastMs || dayMs + DAY_MS > endMs) break;
        lastMs = dayMs;
        try {
          const day = await builder.build({ ...symbol, dayMs }, signal);
          if (day !== null) await this.#take(symbol, dayMs, day, report, signal);
        } catch (error) {
          report.problems.push(asStoreError(this.#path, error).message);
          break;
        }
      }
    }
  }

  /** Registers the file of a day, then deletes its rows. */
  async #take(
    { symbolId }: KeptSymbol,
    dayMs: number,
    day: BuiltDay,
    report: RetentionReport,
    signal: AbortSignal,
  ): Promise<void> {
    this.#trades.register(symbolId, dayMs, day);
    report.days++;
    for (const part of partsOf(day.runs)) {
      if (signal.aborted) return;
      report.movedTrades += this.#trades.deleteIds(symbolId, part);
      this.#onDeleted();
      await pause();
    }
  }

  /** Deletes trades before a day, wherever they rest. */
  async #expire(floorMs: number, report: RetentionReport, signal: AbortSignal): Promise<void> {
    for (const symbol of this.#trades.symbols()) {
      if (signal.aborted) return;
      report.deletedTrades += this.#trades.expireDays(symbol, floorMs);
      await this.#steps(
        () => {
          const deleted = this.#trades.expireRows(symbol.symbolId, floorMs);
          this.#onDeleted();
          return deleted;
        },
        (n) => report.deletedTrades += n,
        signal,
      );
    }
  }

  /** Deletes the oldest days of trades while everything takes too much; never the running day. */
  async #shrink(
    maxBytes: number,
    nowMs: number,
    report: RetentionReport,
    signal: AbortSignal,
  ): Promise<void> {
    const todayMs = floorOf(nowMs);
    while (!signal.aborted && this.#trades.usedBytes() > maxBytes) {
      const oldest = Math.min(
        this.#trades.firstArchivedDayMs() ?? Infinity,
        ...this.#trades.symbols().map((s) => this.#trades.firstDayMs(s.symbolId) ?? Infinity),
      );
      if (!(oldest < todayMs)) {
        report.problems.push(
          `Cannot bring "${this.#path}" below ${maxBytes} bytes as only bars and the trades of today are left: raise --max-size, or lower --bar-retention`,
        );
        return;
      }
      await this.#expire(oldest + DAY_MS, report, signal);
    }
  }

  /** Repeats a step until it has nothing to do. */
  async #steps(step: () => number, count: (n: number) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const done = step();
      if (done === 0) return;
      count(done);
      await pause();
    }
  }
}

/** Runs of ids (first and last of each, one after the other) in parts of as many ids as a batch has. */
function* partsOf(runs: Float64Array): Generator<number[], void, undefined> {
  let part: number[] = [];
  let room = BATCH_ROWS;
  for (let k = 0; k < runs.length; k += 2) {
    for (let from = runs[k]!; from <= runs[k + 1]!;) {
      const to = Math.min(runs[k + 1]!, from + room - 1);
      part.push(from, to);
      room -= to - from + 1;
      from = to + 1;
      if (room > 0) continue;
      yield part;
      part = [];
      room = BATCH_ROWS;
    }
  }
  if (part.length > 0) yield part;
}

/** The start of the UTC day of a time. */
function floorOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
