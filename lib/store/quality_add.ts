import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredTrades } from "./trade_insert.ts";
import type { QualityIncrement } from "./writer.ts";

const ADD_QUALITY = `
INSERT INTO quality (symbol_id, received, stored, duplicate, late, quarantined, reconnects,
  last_trade_time_ms, clock_skew_ms)
VALUES (?,?,?,?,?,?,?,?,?)
ON CONFLICT (symbol_id) DO UPDATE SET
  received = received + excluded.received, stored = stored + excluded.stored,
  duplicate = duplicate + excluded.duplicate, late = late + excluded.late,
  quarantined = quarantined + excluded.quarantined, reconnects = reconnects + excluded.reconnects,
  last_trade_time_ms = max(
    coalesce(last_trade_time_ms, excluded.last_trade_time_ms),
    coalesce(excluded.last_trade_time_ms, last_trade_time_ms)),
  clock_skew_ms = coalesce(excluded.clock_skew_ms, clock_skew_ms)`;

/** Adds to the counters of symbols. */
export class QualityAdd {
  readonly #add: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(ADD_QUALITY);
  }

  run(
    increments: readonly QualityIncrement[],
    stored: Map<string, StoredTrades>,
    quarantined: Map<string, number>,
    idOf: (symbol: string) => number,
  ): void {
    const rest = new Map(increments.map((q) => [q.symbol, q]));
    for (const symbol of new Set([...rest.keys(), ...stored.keys(), ...quarantined.keys()])) {
      const q = rest.get(symbol);
      const own = stored.get(symbol);
      this.#add.run(
        idOf(symbol),
        q?.received ?? 0,
        own?.stored ?? 0,
        q?.duplicate ?? 0,
        q?.late ?? 0,
        quarantined.get(symbol) ?? 0,
        q?.reconnects ?? 0,
        own?.lastTimeMs ?? null,
        q?.clockSkewMs ?? null,
      );
    }
  }
}
