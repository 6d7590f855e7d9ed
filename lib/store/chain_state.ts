import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Gap } from "../market/mod.ts";
import type { ArchivedIds } from "./archive/archived_ids.ts";
import { numberOrNull, toGap } from "./rows.ts";
import { selectTradeColumns } from "./select_trades.ts";
import type { IdRun } from "./writer.ts";

/** Ids read at a time. */
const PAGE = 20_000;

/** What a writer is asked about the chain of trade ids of a symbol: where it ends, what it lacks. */
export class ChainState {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #archived: ArchivedIds;
  readonly #close: StatementSync;

  constructor(db: DatabaseSync, path: string, archived: ArchivedIds) {
    this.#db = db;
    this.#path = path;
    this.#archived = archived;
    // What is closed stays so, also when a feed that begins anew tells an earlier time first.
    this.#close = db.prepare(
      `UPDATE symbols SET closed_until_ms = max(coalesce(closed_until_ms, ?1), ?1)
       WHERE symbol_id = ?2`,
    );
  }

  /** The last known trade id of each symbol, or of one: stored, moved, deleted by age, or set aside. */
  lastTradeIds(symbol: string | null = null): Map<string, number> {
    const last = new Map<string, number>();
    const rows = this.#db.prepare(
      `SELECT s.symbol, max(
         coalesce((SELECT max(trade_id) FROM trades t WHERE t.symbol_id = s.symbol_id), -1),
         coalesce((SELECT max(last_trade_id) FROM archived_days d
           WHERE d.symbol_id = s.symbol_id), -1),
         coalesce(s.expired_until_id, -1),
         coalesce((SELECT max(trade_id) FROM quarantine q WHERE q.symbol_id = s.symbol_id), -1)
       ) AS last_id FROM symbols s WHERE ?1 IS NULL OR s.symbol = ?1`,
    );
    for (const row of rows.iterate(symbol)) {
      if (Number(row.last_id) >= 0) last.set(String(row.symbol), Number(row.last_id));
    }
    return last;
  }

  /** Time of the stored trade with the largest id, ms, or `null`. */
  lastTradeTimeMs(symbol: string): number | null {
    const row = this.#db.prepare(
      `SELECT t.trade_id, t.stamp >> 5 AS time_ms, (SELECT max(last_trade_id) FROM archived_days d
         WHERE d.symbol_id = s.symbol_id) AS archived_id
       FROM symbols s LEFT JOIN trades t ON t.symbol_id = s.symbol_id
       WHERE s.symbol = ? ORDER BY t.trade_id DESC LIMIT 1`,
    ).get(symbol);
    const archivedId = numberOrNull(row?.archived_id);
    if (archivedId === null || Number(row?.trade_id ?? -1) > archivedId) {
      return numberOrNull(row?.time_ms);
    }
    return selectTradeColumns(this.#db, this.#path, { symbol, fromId: archivedId }).timeMs.at(-1)!;
  }

  /** Exchange time since which the trades of a symbol are there; earlier ones were deleted by age. */
  tradesFromMs(symbolId: number): number | null {
    const row = this.#db.prepare("SELECT trades_from_ms AS t FROM symbols WHERE symbol_id = ?")
      .get(symbolId);
    return numberOrNull(row?.t);
  }

  /** Exchange time up to which the bars of a symbol are stored, ms, or `null`. */
  closedUntilMs(symbolId: number): number | null {
    const row = this.#db.prepare("SELECT closed_until_ms AS t FROM symbols WHERE symbol_id = ?")
      .get(symbolId);
    return numberOrNull(row?.t);
  }

  /** Every bar of a symbol that ends at or before a time is stored. */
  close(symbolId: number, timeMs: number): void {
    this.#close.run(timeMs, symbolId);
  }

  /** Gaps that are neither repaired nor lost, in id order. */
  openGaps(symbol: string): Gap[] {
    return this.#db.prepare(
      "SELECT * FROM v_gaps WHERE symbol = ? AND state = 'open' ORDER BY first_missing_id",
    ).all(symbol).map(toGap);
  }

  /** Whether an id is stored, moved or set aside, or was before it was deleted by age. */
  isKnown(symbolId: number, tradeId: number): boolean {
    const row = this.#db.prepare(
      `SELECT EXISTS (SELECT 1 FROM trades WHERE symbol_id = ?1 AND trade_id = ?2)
         OR EXISTS (SELECT 1 FROM quarantine WHERE symbol_id = ?1 AND trade_id = ?2)
         OR EXISTS (SELECT 1 FROM symbols WHERE symbol_id = ?1 AND expired_until_id >= ?2)
           AND NOT EXISTS (SELECT 1 FROM gaps WHERE symbol_id = ?1 AND state <> 'repaired'
             AND ?2 BETWEEN first_missing_id AND last_missing_id) AS known`,
    ).get(symbolId, tradeId);
    return row?.known === 1 || this.#archived.has(symbolId, tradeId);
  }

  /** The ids in `[fromId, toId]` that are neither stored, moved nor set aside, as runs. */
  missingRuns(symbol: string, symbolId: number, fromId: number, toId: number): IdRun[] {
    const missing: IdRun[] = [];
    let next = fromId;
    const pass = (id: number) => {
      if (id > next) missing.push({ firstId: next, lastId: id - 1 });
      next = Math.max(next, id + 1);
    };
    while (next <= toId) {
      const query = { symbol, fromId: next, toId, limit: PAGE };
      const stored = selectTradeColumns(this.#db, this.#path, query).tradeId;
      const pageEnd = stored.length < PAGE ? toId : stored.at(-1)!;
      const setAside = this.quarantinedIds(symbolId, next, pageEnd);
      const known = setAside.length === 0
        ? stored
        : Float64Array.from([...stored, ...setAside]).sort();
      known.forEach(pass);
      if (stored.length < PAGE) break;
    }
    pass(toId + 1);
    return missing;
  }

  /** Ids in `[fromId, toId]` that were set aside, ascending. */
  quarantinedIds(symbolId: number, fromId: number, toId: number): number[] {
    return this.#db.prepare(
      `SELECT DISTINCT trade_id FROM quarantine
       WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id`,
    ).all(symbolId, fromId, toId).map((r) => Number(r.trade_id));
  }
}
