import { DAY_MS } from "../archive/archive_path.ts";
import type { RetentionPolicy, RetentionReport } from "../retention/policy.ts";
import { AGING_BARS, AGING_SECONDS, type AgingTable, stepsToExpire } from "./expire_rows.ts";
import type { Link } from "./link.ts";
import { daysWithTrades } from "./known.ts";
import { partitionOf } from "./trade_insert.ts";
import type { Step, StepResult } from "./wire.ts";

/** Between two transactions the writer gets its turn for so long, ms. */
const PAUSE_MS = 5;
/** To drop a day nobody may be reading trades: who reads for longer is not waited for. */
const LOCK_WAIT_MS = 500;

/** What housekeeping does its work with. */
export interface HousekeeperTools {
  read<T>(work: (link: Link) => T): T;
  /** Runs steps in one transaction. */
  transact(steps: readonly Step[]): readonly StepResult[];
  /** Called after trades were deleted. */
  onDeleted(): void;
}

/** Deletes what is too old or too much: trades by whole days, each of which is a table. */
export class PostgresHousekeeper {
  readonly #tools: HousekeeperTools;

  constructor(tools: HousekeeperTools) {
    this.#tools = tools;
  }

  /** Does what a policy asks for; what cannot be done now is told and left for next time. */
  async run(policy: RetentionPolicy, signal: AbortSignal): Promise<RetentionReport> {
    const { nowMs, archiveAfterMs, tradesMs, barsMs, maxBytes } = policy;
    const report: RetentionReport = {
      ...{ days: 0, movedTrades: 0, deletedTrades: 0, deletedBars: 0, deletedSeconds: 0 },
      usedBytes: 0,
      problems: [],
    };
    if (archiveAfterMs !== null) {
      report.problems.push(
        "Cannot move days of trades out of PostgreSQL to Parquet files, so they stay: leave --archive-after out",
      );
    }
    if (tradesMs !== null) {
      const floorMs = floorOf(nowMs - tradesMs);
      for (const dayMs of this.#days()) {
        if (dayMs >= floorMs || signal.aborted) break;
        await this.#drop(dayMs, floorMs, report);
      }
    }
    if (barsMs !== null) {
      const floorMs = floorOf(nowMs - barsMs);
      report.deletedBars += await this.#expire(AGING_BARS, floorMs, signal);
      for (const table of AGING_SECONDS) {
        report.deletedSeconds += await this.#expire(table, floorMs, signal);
      }
    }
    if (maxBytes !== null) await this.#shrink(maxBytes, nowMs, report, signal);
    report.usedBytes = this.#usedBytes();
    return report;
  }

  /** Drops the table of a day, and notes since when trades are there. */
  async #drop(dayMs: number, floorMs: number, report: RetentionReport): Promise<void> {
    const { read, transact, onDeleted } = this.#tools;
    const [row] = read((link) =>
      link.rows("SELECT sum(trade_count) AS n FROM trade_days WHERE day_ms = $1", dayMs)
    );
    try {
      transact([
        { sql: `SET LOCAL lock_timeout = ${LOCK_WAIT_MS}` },
        {
          sql: `WITH gone AS (DELETE FROM trade_days WHERE day_ms = $1 RETURNING *),
            raised AS (
              UPDATE symbols s SET trades_from_ms = greatest(trades_from_ms, $2),
                expired_until_id = greatest(expired_until_id, g.last_trade_id)
              FROM gone g WHERE g.symbol_id = s.symbol_id
            )
            DELETE FROM quarantine q USING gone g WHERE q.symbol_id = g.symbol_id
              AND q.trade_id <= g.last_trade_id AND q.raw = ''`,
          args: [dayMs, floorMs],
        },
        { sql: `DROP TABLE ${partitionOf(dayMs)}` },
      ]);
      report.deletedTrades += Number(row!.n ?? 0);
      onDeleted();
    } catch (error) {
      report.problems.push(error instanceof Error ? error.message : String(error));
    }
    await pause();
  }

  /** Deletes rows before a time, some at once. @returns How many. */
  async #expire(table: AgingTable, floorMs: number, signal: AbortSignal): Promise<number> {
    const { read, transact } = this.#tools;
    let all = 0;
    for (const step of stepsToExpire(table, floorMs, read)) {
      if (signal.aborted) break;
      all += transact([step])[0]!.count;
      await pause();
    }
    return all;
  }

  /** Drops the oldest days while everything takes too much; never the running one. */
  async #shrink(
    maxBytes: number,
    nowMs: number,
    report: RetentionReport,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted && this.#usedBytes() > maxBytes) {
      const [oldest = Infinity] = this.#days();
      if (oldest >= floorOf(nowMs)) {
        report.problems.push(
          `Cannot bring the database below ${maxBytes} bytes as only bars and the trades of today are left: raise --max-size, or lower --bar-retention`,
        );
        return;
      }
      const problems = report.problems.length;
      await this.#drop(oldest, oldest + DAY_MS, report);
      if (report.problems.length > problems) return;
    }
  }

  /** The days of which there is a table, oldest first. */
  #days(): number[] {
    return this.#tools.read(daysWithTrades);
  }

  #usedBytes(): number {
    const [row] = this.#tools.read((link) =>
      link.rows(
        `SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS bytes FROM pg_class
         WHERE relnamespace = 'tandem'::regnamespace AND relkind = 'r'`,
      )
    );
    return Number(row!.bytes);
  }
}

/** The start of the UTC day of a time. */
function floorOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
