import { DAY_MS } from "../archive/archive_path.ts";
import type { TradeBuffer } from "../trade_buffer.ts";
import { END_OF_TIME_MS } from "../trade_codec.ts";
import { arrayText } from "./arrays.ts";
import { CopyRows, flagsOf } from "./copy_rows.ts";
import type { Known } from "./known.ts";
import type { Step } from "./wire.ts";

/** What is inserted of one symbol. */
export interface TradeTally {
  readonly symbolId: number;
  /** How many are copied: they cannot be stored already. */
  copied: number;
  /** The newest time of all, ms. */
  lastTimeMs: number;
}

/** How trades get into the database, and what that will have changed. */
export interface TradePlan {
  readonly steps: readonly Step[];
  readonly tallies: ReadonlyMap<string, TradeTally>;
  /** How many are copied. */
  readonly copied: number;
  /** Whether some may be stored already: then the server counts what was new. */
  readonly isCounted: boolean;
}

/**
 * Plans how trades are stored, each once however often it is given: those after the last id of
 * their symbol are copied, others are looked for.
 *
 * @throws {RangeError} If the time of a trade is none, or its symbol is not registered.
 */
export function planTrades(buffers: readonly TradeBuffer[], known: Known): TradePlan {
  const tallies = new Map<string, TradeTally>();
  const copies = new CopyRows();
  const [days, copiedDays] = [new Set<number>(), new Map<string, DayTally>()];
  const others = new OtherRows();
  for (const trades of buffers) {
    const symbolId = known.idOf(trades.symbol);
    const tally = tallies.getOrInsertComputed(
      trades.symbol,
      () => ({ symbolId, copied: 0, lastTimeMs: 0 }),
    );
    let lastId = known.lastIds.get(symbolId) ?? -1;
    let day: DayTally | undefined;
    for (let k = 0; k < trades.length; k++) {
      const [tradeId, timeMs] = [trades.columns.tradeId[k]!, trades.columns.timeMs[k]!];
      check(trades, k);
      const dayMs = timeMs - timeMs % DAY_MS;
      tally.lastTimeMs = Math.max(tally.lastTimeMs, timeMs);
      if (day?.dayMs !== dayMs || tradeId <= lastId) days.add(dayMs);
      if (tradeId <= lastId) {
        others.add(symbolId, trades, k);
        continue;
      }
      if (day?.dayMs !== dayMs) {
        day = copiedDays.getOrInsertComputed(
          `${symbolId} ${dayMs}`,
          () => ({ symbolId, dayMs, firstId: tradeId, lastId: tradeId, count: 0 }),
        );
      }
      day.lastId = lastId = tradeId;
      day.count++;
      tally.copied++;
      copies.add(symbolId, trades, k);
    }
    known.lastIds.set(symbolId, lastId);
  }
  const missing = [...days].filter((day) => !known.days.has(day));
  for (const day of missing) known.days.add(day);
  return {
    steps: [
      ...missing.flatMap(makeDay),
      ...copies.length === 0 ? [] : [copies.step(), countDays([...copiedDays.values()])],
      ...others.length === 0 ? [] : [others.step(copies.length)],
    ],
    tallies,
    copied: copies.length,
    isCounted: others.length > 0,
  };
}

interface DayTally {
  readonly symbolId: number;
  readonly dayMs: number;
  readonly firstId: number;
  lastId: number;
  count: number;
}

/** "TAND" and the number of the lock of whoever makes days. */
const DAYS_LOCK = "1413566020, 2";

const MERGE_DAY = `ON CONFLICT (symbol_id, day_ms) DO UPDATE SET
  first_trade_id = least(d.first_trade_id, excluded.first_trade_id),
  last_trade_id = greatest(d.last_trade_id, excluded.last_trade_id),
  trade_count = d.trade_count + excluded.trade_count`;

/** Each is looked for in the days whose ids are about its own. */
const INSERT_OTHERS = `
WITH given AS (
  SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::float8[], $5::float8[],
    $6::smallint[]) WITH ORDINALITY AS g (symbol_id, trade_id, time_ms, price, quantity, flags, n)
), fresh AS (
  SELECT DISTINCT ON (symbol_id, trade_id) * FROM given g
  WHERE NOT EXISTS (SELECT FROM trade_days d JOIN trades t
    ON t.symbol_id = d.symbol_id AND t.trade_id = g.trade_id
      AND t.time_ms >= d.day_ms AND t.time_ms < d.day_ms + ${DAY_MS}
    WHERE d.symbol_id = g.symbol_id AND g.trade_id BETWEEN d.first_trade_id AND d.last_trade_id)
  ORDER BY symbol_id, trade_id, n
), stored AS (
  INSERT INTO trades (trade_id, time_ms, price, quantity, symbol_id, flags)
  SELECT trade_id, time_ms, price, quantity, symbol_id, flags FROM fresh
  RETURNING symbol_id, trade_id, time_ms
), days AS (
  INSERT INTO trade_days AS d
  SELECT symbol_id, time_ms - time_ms % ${DAY_MS}, min(trade_id), max(trade_id), count(*)
  FROM stored GROUP BY 1, 2 ${MERGE_DAY}
), counted AS (
  INSERT INTO quality AS q (symbol_id, stored)
  SELECT symbol_id, count(*) FROM stored GROUP BY 1
  ON CONFLICT (symbol_id) DO UPDATE SET stored = q.stored + excluded.stored
)
UPDATE writer SET batch_stored = $7::bigint + (SELECT count(*) FROM stored)`;

/** Trades that may be stored already. */
class OtherRows {
  readonly #columns: number[][] = Array.from({ length: 6 }, () => []);

  get length(): number {
    return this.#columns[0]!.length;
  }

  add(symbolId: number, { columns }: TradeBuffer, k: number): void {
    const cells = [
      ...[symbolId, columns.tradeId[k]!, columns.timeMs[k]!],
      ...[columns.price[k]!, columns.quantity[k]!, flagsOf(columns, k)],
    ];
    cells.forEach((cell, c) => this.#columns[c]!.push(cell));
  }

  step(copied: number): Step {
    return { sql: INSERT_OTHERS, args: [...this.#columns.map(arrayText), copied] };
  }
}

/** Notes which ids are in which day. */
function countDays(days: readonly DayTally[]): Step {
  const column = (name: keyof DayTally) => arrayText(days.map((day) => day[name]));
  return {
    sql: `INSERT INTO trade_days AS d
      SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
      ${MERGE_DAY}`,
    args: (["symbolId", "dayMs", "firstId", "lastId", "count"] as const).map(column),
  };
}

/**
 * Makes the partition of a day, unless another writer just has. It is attached rather than made in
 * place, which would keep readers out until the commit.
 */
function makeDay(dayMs: number): Step[] {
  const name = partitionOf(dayMs);
  const range = `FROM (${dayMs}) TO (${dayMs + DAY_MS})`;
  return [{
    sql: `DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(${DAYS_LOCK});
      IF NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relname = '${name}') THEN
        CREATE TABLE ${name} (LIKE trades INCLUDING ALL);
        ALTER TABLE trades ATTACH PARTITION ${name} FOR VALUES ${range};
      ELSIF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'trades'::regclass
        AND inhrelid = '${name}'::regclass) THEN
        RAISE duplicate_table USING MESSAGE = 'relation "${name}" already exists';
      END IF;
    END $$`,
  }];
}

/** The table of a day, `trades_20260710`. */
export function partitionOf(dayMs: number): string {
  return `trades_${new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

function check({ symbol, columns }: TradeBuffer, k: number): void {
  const [tradeId, timeMs] = [columns.tradeId[k]!, columns.timeMs[k]!];
  if (!Number.isFinite(columns.price[k]! + columns.quantity[k]!)) {
    throw new RangeError(`Cannot store trade ${tradeId} of ${symbol} as its price is no number`);
  }
  if (timeMs >= 0 && timeMs < END_OF_TIME_MS) return;
  throw new RangeError(
    `Cannot store trade ${tradeId} of ${symbol} as its time must be ms since the epoch: it is ${timeMs}`,
  );
}
