import type { DatabaseSync } from "node:sqlite";
import type { Gap } from "../market/mod.ts";
import { toGap } from "./rows.ts";

/** What a writer is asked about the chain of trade ids of a symbol: where it ends, what it lacks. */
export class ChainState {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The last known trade id of each symbol: stored, or set aside. */
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

  /** Time of the stored trade with the largest id, ms, or `null`. */
  lastTradeTimeMs(symbolId: number): number | null {
    const row = this.#db.prepare(
      "SELECT stamp >> 5 AS time_ms FROM trades WHERE symbol_id = ? ORDER BY trade_id DESC LIMIT 1",
    ).get(symbolId);
    return row === undefined ? null : Number(row.time_ms);
  }

  /** Exchange time up to which the bars of a symbol are stored, ms, or `null`. */
  closedUntilMs(symbolId: number): number | null {
    const row = this.#db.prepare("SELECT closed_until_ms AS t FROM symbols WHERE symbol_id = ?")
      .get(symbolId);
    return row?.t === null || row?.t === undefined ? null : Number(row.t);
  }

  /** Gaps that are neither repaired nor lost, in id order. */
  openGaps(symbol: string): Gap[] {
    return this.#db.prepare(
      "SELECT * FROM v_gaps WHERE symbol = ? AND state = 'open' ORDER BY first_missing_id",
    ).all(symbol).map(toGap);
  }

  /** Whether an id is stored or set aside. */
  isKnown(symbolId: number, tradeId: number): boolean {
    const row = this.#db.prepare(
      `SELECT EXISTS (SELECT 1 FROM trades WHERE symbol_id = ?1 AND trade_id = ?2)
         OR EXISTS (SELECT 1 FROM quarantine WHERE symbol_id = ?1 AND trade_id = ?2) AS known`,
    ).get(symbolId, tradeId);
    return row?.known === 1;
  }

  /** Ids in `[fromId, toId]` that were set aside, ascending. */
  quarantinedIds(symbolId: number, fromId: number, toId: number): number[] {
    return this.#db.prepare(
      `SELECT DISTINCT trade_id FROM quarantine
       WHERE symbol_id = ? AND trade_id BETWEEN ? AND ? ORDER BY trade_id`,
    ).all(symbolId, fromId, toId).map((r) => Number(r.trade_id));
  }
}
