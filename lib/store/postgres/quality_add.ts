import type { QualityIncrement } from "../writer.ts";
import { arrayText } from "./arrays.ts";
import type { TradeTally } from "./trade_insert.ts";
import type { Step } from "./wire.ts";

const ADD_QUALITY = `
INSERT INTO quality AS q (symbol_id, received, stored, duplicate, late, reconnects,
  last_trade_time_ms, clock_skew_ms)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
  $6::bigint[], $7::bigint[], $8::float8[])
ON CONFLICT (symbol_id) DO UPDATE SET
  received = q.received + excluded.received, stored = q.stored + excluded.stored,
  duplicate = q.duplicate + excluded.duplicate, late = q.late + excluded.late,
  reconnects = q.reconnects + excluded.reconnects,
  last_trade_time_ms = greatest(q.last_trade_time_ms, excluded.last_trade_time_ms),
  clock_skew_ms = coalesce(excluded.clock_skew_ms, q.clock_skew_ms)`;

/** Adds to the counters of symbols what a batch tells, and what is copied of it. */
export function addQuality(
  increments: readonly QualityIncrement[],
  tallies: ReadonlyMap<string, TradeTally>,
  idOf: (symbol: string) => number,
): Step[] {
  const told = new Map(increments.map((q) => [q.symbol, q]));
  const rows = [...new Set([...told.keys(), ...tallies.keys()])].map((symbol) => ({
    symbolId: idOf(symbol),
    tally: tallies.get(symbol),
    q: told.get(symbol),
  }));
  if (rows.length === 0) return [];
  const column = (of: (row: typeof rows[number]) => number | null | undefined) =>
    arrayText(rows.map(of));
  return [{
    sql: ADD_QUALITY,
    args: [
      column((r) => r.symbolId),
      column((r) => r.q?.received ?? 0),
      column((r) => r.tally?.copied ?? 0),
      column((r) => r.q?.duplicate ?? 0),
      column((r) => r.q?.late ?? 0),
      column((r) => r.q?.reconnects ?? 0),
      column((r) => r.tally?.lastTimeMs),
      column((r) => r.q?.clockSkewMs),
    ],
  }];
}
