import type { DatabaseSync, StatementSync } from "node:sqlite";
import { PRICE_UNSCALED, QUANTITY_UNSCALED, scaled, TAKER_BOUGHT } from "../market/mod.ts";
import type { ArchivedIds } from "./archive/archived_ids.ts";
import type { SymbolRow } from "./symbol_rows.ts";
import type { TradeBuffer } from "./trade_buffer.ts";
import { END_OF_TIME_MS, STAMP_UNIT } from "./trade_codec.ts";

/** Rows per INSERT statement: fewer calls into SQLite, measured about 2.5 times faster than one. */
const ROWS = 64;
const TRADE_COLUMNS = 5;

/** What was inserted of one symbol. */
export interface StoredTrades {
  stored: number;
  lastTimeMs: number;
}

/** Inserts trades, each once however often it is given; many rows per statement. */
export class TradeInsert {
  readonly #args: number[] = new Array(ROWS * TRADE_COLUMNS).fill(0);
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  readonly #lastId: StatementSync;
  readonly #archived: ArchivedIds;
  /** The largest stored id by symbol: a trade after it cannot be stored already. */
  readonly #lastIds = new Map<number, number>();

  constructor(db: DatabaseSync, archived: ArchivedIds) {
    this.#archived = archived;
    // OR FAIL, as the whole transaction is rolled back anyway: to be able to undo one statement,
    // SQLite would first copy every page that it changes into a file, a page per trade.
    const insert = (rows: number) =>
      db.prepare(
        `INSERT OR FAIL INTO trades (symbol_id, trade_id, stamp, price, quantity)
         VALUES ${Array(rows).fill("(?,?,?,?,?)").join(",")} ON CONFLICT DO NOTHING`,
      );
    this.#many = insert(ROWS);
    this.#one = insert(1);
    this.#lastId = db.prepare(
      `SELECT max(
         coalesce((SELECT max(trade_id) FROM trades WHERE symbol_id = ?1), -1),
         coalesce((SELECT max(last_trade_id) FROM archived_days WHERE symbol_id = ?1), -1)
       ) AS last`,
    );
  }

  /** Inserts trades; gives per symbol how many were new, and the newest time. */
  run(
    buffers: Iterable<TradeBuffer>,
    rowOf: (symbol: string) => SymbolRow,
  ): Map<string, StoredTrades> {
    const bySymbol = new Map<string, StoredTrades>();
    const args = this.#args;
    let n = 0;
    for (const trades of buffers) {
      const row = rowOf(trades.symbol);
      const { symbolId } = row;
      const tally = bySymbol.getOrInsertComputed(trades.symbol, noTrades);
      const { tradeId: ids, timeMs: times } = trades.columns;
      let lastId = this.#lastIdOf(symbolId);
      for (let k = 0; k < trades.length; k++) {
        const [tradeId, timeMs] = [ids[k]!, times[k]!];
        if (timeMs > tally.lastTimeMs) tally.lastTimeMs = timeMs;
        if (tradeId <= lastId) {
          // It may be among those that wait.
          this.#runEach(n);
          n = 0;
          fillTrade(args, n, row, trades, k);
          if (!this.#archived.has(symbolId, tradeId)) {
            tally.stored += this.#runEach(TRADE_COLUMNS);
          }
          continue;
        }
        fillTrade(args, n, row, trades, k);
        lastId = tradeId;
        tally.stored++;
        n += TRADE_COLUMNS;
        if (n === args.length) {
          this.#many.run(...args);
          n = 0;
        }
      }
      this.#lastIds.set(symbolId, lastId);
    }
    this.#runEach(n);
    return bySymbol;
  }

  /** Inserts the first trades of the arguments one by one; gives how many were new. */
  #runEach(length: number): number {
    let stored = 0;
    for (let k = 0; k < length; k += TRADE_COLUMNS) {
      stored += Number(this.#one.run(...this.#args.slice(k, k + TRADE_COLUMNS)).changes);
    }
    return stored;
  }

  /** Forgets what it knows of the database: a transaction was rolled back, or rows were deleted. */
  forget(): void {
    this.#lastIds.clear();
    this.#archived.forget();
  }

  #lastIdOf(symbolId: number): number {
    const known = this.#lastIds.get(symbolId);
    if (known !== undefined) return known;
    const last = Number(this.#lastId.get(symbolId)!.last);
    this.#lastIds.set(symbolId, last);
    return last;
  }
}

function noTrades(): StoredTrades {
  return { stored: 0, lastTimeMs: -Infinity };
}

/** Puts the cells of a row among the arguments of a statement. */
function fillTrade(
  args: number[],
  at: number,
  row: SymbolRow,
  { symbol, columns }: TradeBuffer,
  k: number,
): void {
  const timeMs = columns.timeMs[k]!;
  if (!(timeMs >= 0 && timeMs < END_OF_TIME_MS)) {
    throw new RangeError(
      `Cannot store trade ${
        columns.tradeId[k]
      } of ${symbol} as its time must be ms since the epoch: it is ${timeMs}`,
    );
  }
  const price = scaled(columns.price[k]!, row.priceScale);
  const quantity = scaled(columns.quantity[k]!, row.quantityScale);
  args[at] = row.symbolId;
  args[at + 1] = columns.tradeId[k]!;
  args[at + 2] = timeMs * STAMP_UNIT + columns.takerBought[k]! * TAKER_BOUGHT +
    (columns.source[k]! << 1) +
    (price === null ? PRICE_UNSCALED : 0) + (quantity === null ? QUANTITY_UNSCALED : 0);
  args[at + 3] = price ?? columns.price[k]!;
  args[at + 4] = quantity ?? columns.quantity[k]!;
}
