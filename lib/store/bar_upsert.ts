import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Bar } from "../market/mod.ts";

/** Stores a bar; one that differs replaces it with its revision raised, the same leaves it alone. */
const UPSERT_BAR = `
INSERT INTO bars (symbol_id, interval_ms, open_time_ms, open, high, low, close, volume,
  quote_volume, trade_count, taker_buy_volume, first_trade_id, last_trade_id, complete, sequence)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
ON CONFLICT (symbol_id, interval_ms, open_time_ms) DO UPDATE SET
  open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
  volume = excluded.volume, quote_volume = excluded.quote_volume,
  trade_count = excluded.trade_count, taker_buy_volume = excluded.taker_buy_volume,
  first_trade_id = excluded.first_trade_id, last_trade_id = excluded.last_trade_id,
  complete = excluded.complete, revision = revision + 1, sequence = excluded.sequence
WHERE (open, high, low, close, volume, complete) IS NOT
    (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.complete)
  OR (quote_volume, trade_count, taker_buy_volume, first_trade_id, last_trade_id) IS NOT
    (excluded.quote_volume, excluded.trade_count, excluded.taker_buy_volume,
     excluded.first_trade_id, excluded.last_trade_id)`;

/** Stores bars, each commit under a number of its own, so that readers can follow changes. */
export class BarUpsert {
  readonly #upsert: StatementSync;
  readonly #setSequence: StatementSync;
  #sequence: number;

  constructor(db: DatabaseSync) {
    this.#upsert = db.prepare(UPSERT_BAR);
    this.#setSequence = db.prepare("UPDATE writer SET sequence = ? WHERE only = 1");
    this.#sequence = Number(db.prepare("SELECT sequence FROM writer").get()!.sequence);
  }

  run(bars: readonly Bar[], idOf: (symbol: string) => number): void {
    if (bars.length === 0) return;
    const sequence = ++this.#sequence;
    for (const b of bars) {
      this.#upsert.run(
        idOf(b.symbol),
        b.intervalMs,
        b.openTimeMs,
        b.open,
        b.high,
        b.low,
        b.close,
        b.volume,
        b.quoteVolume,
        b.tradeCount,
        b.takerBuyVolume,
        b.firstTradeId,
        b.lastTradeId,
        b.complete ? 1 : 0,
        sequence,
      );
    }
    this.#setSequence.run(sequence);
  }
}
