import type { DatabaseSync } from "node:sqlite";
import { openForReading } from "../../database.ts";
import { Lease } from "../../lease.ts";
import { holderText } from "../../leased_error.ts";
import { StoreError } from "../../store_error.ts";
import type { WriterIdentity } from "../../writer.ts";
import { Known } from "../known.ts";
import { parsePostgres } from "../location.ts";
import { Session } from "../session.ts";
import { countEqual, insertRows, type MovedTable } from "./insert_rows.ts";
import {
  BARS,
  differingTable,
  moveSmallTables,
  readRows,
  renumbered,
  SECONDS,
} from "./moved_tables.ts";
import { compareTrades, moveTrades, type TradeSource } from "./move_trades.ts";

/** Rows moved in one transaction. */
const PAGE_ROWS = 10_000;

/** What was moved, and found equal row by row. */
export interface MoveReport {
  /** How many symbols. */
  readonly symbols: number;
  /** Trades that are there now. */
  readonly trades: number;
  /** Bars that are there now. */
  readonly bars: number;
}

/** How a database is moved. */
export interface MoveOptions {
  /** Who writes. */
  readonly identity: WriterIdentity;
  /** Told what is done, in a few words. */
  readonly onProgress?: (doing: string) => void;
  /** Ends it between two transactions; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Moves everything of a database file to an empty database on a server, and compares all of it. The
 * file stays as it is. Ended anywhere, it goes on from there the next time.
 *
 * @example A file that is not there
 * ```ts
 * import { moveDatabase } from "tandem/store";
 * import { rejects } from "node:assert/strict";
 *
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: false };
 * await rejects(
 *   moveDatabase("no/such/tandem.db", "postgres://me@db/tandem", { identity }),
 *   /there is no such file/,
 * );
 * ```
 *
 * @param path The database file, which nobody may write meanwhile.
 * @param url `postgres://USER@HOST:PORT/DATABASE`.
 * @param options Who writes, and who is told.
 * @returns What is there now.
 * @throws {StoreError} If one of them cannot be used, the other holds something else, or a row
 *   differs in the end.
 */
export async function moveDatabase(
  path: string,
  url: string,
  { identity, onProgress = () => {}, signal }: MoveOptions,
): Promise<MoveReport> {
  using held = new DisposableStack();
  const db = held.adopt(openForReading(path), (open) => open.close());
  held.use(new Lease(path, holderText(identity)));
  const session = held.use(new Session(parsePostgres(url), identity));
  const move = new Move(db, path, session, async (doing) => {
    onProgress(doing);
    // Lets a signal in.
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
  });
  return await move.run();
}

/** A move under way. */
class Move {
  readonly #db: DatabaseSync;
  readonly #session: Session;
  readonly #step: (doing: string) => Promise<void>;
  readonly #known = new Known();
  readonly #sources: readonly (TradeSource & { readonly symbolId: number })[];
  /** The id of a symbol on the server, by that in the file. */
  readonly #ids = new Map<number, number>();

  constructor(
    db: DatabaseSync,
    path: string,
    session: Session,
    step: (doing: string) => Promise<void>,
  ) {
    this.#db = db;
    this.#session = session;
    this.#step = step;
    this.#sources = readRows(db, "SELECT symbol_id, venue, symbol FROM symbols ORDER BY symbol_id")
      .map(([symbolId, venue, symbol]) => ({
        ...{ db, path, symbolId: Number(symbolId) },
        ...{ venue: String(venue), symbol: String(symbol) },
      }));
  }

  async run(): Promise<MoveReport> {
    this.#claim();
    this.#moveSymbols();
    let [trades, bars] = [0, 0];
    for (const [k, source] of this.#sources.entries()) {
      const which = `${source.symbol} (${k + 1} of ${this.#sources.length})`;
      for (let moved; (moved = moveTrades(source, this.#session, this.#known)) > 0;) {
        await this.#step(`Moving ${which}, ${moved} trades more`);
      }
      bars += await this.#moveRows(BARS, source.symbolId, which);
      for (const table of SECONDS) await this.#moveRows(table, source.symbolId, which);
    }
    this.#session.transact(moveSmallTables(this.#db, (id) => this.#idOf(id)));
    for (const [k, source] of this.#sources.entries()) {
      trades += await this.#compare(
        source,
        `${source.symbol} (${k + 1} of ${this.#sources.length})`,
      );
    }
    const odd = differingTable(this.#db, this.#session.link, (id) => this.#idOf(id));
    if (odd !== null) throw this.#differs(odd);
    return { symbols: this.#sources.length, trades, bars };
  }

  /** Takes an empty database, or one into which this file was being moved. */
  #claim(): void {
    const [source] = readRows(
      this.#db,
      "SELECT store_id, simulated, sequence, pid, host, started_at_ms, heartbeat_at_ms FROM writer",
    );
    const { link } = this.#session;
    const [held] = link.rows(
      `SELECT store_id = $1 AS is_same, (SELECT count(*) FROM symbols) AS symbols FROM writer`,
      source![0]!,
    );
    if (held!.is_same !== true && Number(held!.symbols) > 0) {
      throw new StoreError(
        "foreign",
        link.location.url,
        `Cannot move to "${link.location.url}" as it holds other data: name an empty database`,
      );
    }
    this.#session.transact([{
      // It is the same store, elsewhere.
      sql: `UPDATE writer SET store_id = $1, simulated = $2, sequence = $3, pid = $4, host = $5,
        started_at_ms = $6, heartbeat_at_ms = $7`,
      args: [...source!],
    }]);
  }

  #moveSymbols(): void {
    const rows = readRows(
      this.#db,
      `SELECT venue, symbol, stream_kind, closed_until_ms, trades_from_ms, expired_until_id
       FROM symbols ORDER BY symbol_id`,
    );
    this.#session.transact([insertRows(
      {
        name: "symbols",
        key: ["symbol", "venue"],
        columns: {
          ...{ venue: "text", symbol: "text", stream_kind: "text", closed_until_ms: "bigint" },
          ...{ trades_from_ms: "bigint", expired_until_id: "bigint" },
        },
      },
      rows,
    )]);
    const { link } = this.#session;
    this.#known.load(link);
    const there = link.rows("SELECT symbol_id, venue, symbol FROM symbols");
    for (const { symbolId, venue, symbol } of this.#sources) {
      const row = there.find((r) => r.venue === venue && r.symbol === symbol)!;
      this.#ids.set(symbolId, Number(row.symbol_id));
    }
  }

  /** Moves the rows of a symbol in the order of their key; gives how many there are. */
  async #moveRows(table: MovedTable, symbolId: number, which: string): Promise<number> {
    const { name } = table;
    const columns = Object.keys(table.columns);
    const [, ...within] = table.key;
    const key = within.join(", ");
    const places = within.map(() => "?").join(", ");
    let count = 0;
    for (let after = within.map(() => -Number.MAX_SAFE_INTEGER);;) {
      const page = readRows(
        this.#db,
        `SELECT ${columns.join(", ")} FROM ${name} WHERE symbol_id = ? AND (${key}) > (${places})
         ORDER BY ${key} LIMIT ${PAGE_ROWS}`,
        ...[symbolId, ...after],
      );
      if (page.length === 0) return count;
      const rows = renumbered(table, page, (id) => this.#idOf(id));
      this.#session.transact([insertRows(table, rows)]);
      if (countEqual(table, rows, this.#session.link) !== rows.length) {
        throw this.#differs(`${name} of ${which}`);
      }
      count += page.length;
      after = within.map((column) => Number(page.at(-1)![columns.indexOf(column)]));
      await this.#step(`Moving ${which}, ${count} ${name}`);
    }
  }

  /** Compares the trades of a symbol; gives how many there are. */
  async #compare(source: TradeSource, which: string): Promise<number> {
    const { link } = this.#session;
    for (let fromId: number | null = 0; fromId !== null;) {
      const { equal, nextId } = await compareTrades(source, link, fromId);
      if (!equal) throw this.#differs(`trades of ${source.symbol} from id ${fromId} on`);
      fromId = nextId;
      await this.#step(`Comparing ${which}`);
    }
    const [row] = link.rows(
      "SELECT coalesce(sum(trade_count), 0) AS n FROM trade_days WHERE symbol_id = $1",
      this.#known.idOf(source.symbol),
    );
    return Number(row!.n);
  }

  #idOf(symbolId: number): number {
    return this.#ids.get(symbolId)!;
  }

  #differs(what: string): StoreError {
    const { url } = this.#session.link.location;
    return new StoreError(
      "corrupt",
      url,
      `Cannot vouch for "${url}" as ${what} differ from the file: drop the database, make it anew and move again`,
    );
  }
}
