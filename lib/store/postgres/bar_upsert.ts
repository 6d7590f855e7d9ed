import type { Bar } from "../../market/mod.ts";
import { arrayText } from "./arrays.ts";
import type { Step } from "./wire.ts";

const UPSERT_BARS = `
INSERT INTO bars AS b (symbol_id, interval_ms, open_time_ms, open, high, low, close, volume,
  quote_volume, trade_count, taker_buy_volume, first_trade_id, last_trade_id, complete, sequence)
SELECT n.*, w.sequence FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::float8[],
  $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::bigint[],
  $11::float8[], $12::bigint[], $13::bigint[], $14::int[]) AS n, writer w
ON CONFLICT (symbol_id, interval_ms, open_time_ms) DO UPDATE SET
  open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
  volume = excluded.volume, quote_volume = excluded.quote_volume,
  trade_count = excluded.trade_count, taker_buy_volume = excluded.taker_buy_volume,
  first_trade_id = excluded.first_trade_id, last_trade_id = excluded.last_trade_id,
  complete = excluded.complete, revision = b.revision + 1, sequence = excluded.sequence
WHERE (b.open, b.high, b.low, b.close, b.volume, b.complete, b.quote_volume, b.trade_count,
    b.taker_buy_volume, b.first_trade_id, b.last_trade_id) IS DISTINCT FROM
  (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.complete,
    excluded.quote_volume, excluded.trade_count, excluded.taker_buy_volume,
    excluded.first_trade_id, excluded.last_trade_id)`;

/** Stores bars, a changed one with its revision raised, so that readers can follow changes. */
export function upsertBars(bars: readonly Bar[], idOf: (symbol: string) => number): Step[] {
  if (bars.length === 0) return [];
  // One statement cannot store a row twice: a bar that is given again makes another round.
  const rounds: Bar[][] = [];
  const seen = new Map<string, number>();
  for (const bar of bars) {
    const key = `${idOf(bar.symbol)} ${bar.intervalMs} ${bar.openTimeMs}`;
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(bar);
  }
  return [
    { sql: "UPDATE writer SET sequence = sequence + 1" },
    ...rounds.map((round) => upsert(round, idOf)),
  ];
}

function upsert(bars: readonly Bar[], idOf: (symbol: string) => number): Step {
  const column = (of: (b: Bar) => number | null) => arrayText(bars.map(of));
  return {
    sql: UPSERT_BARS,
    args: [
      column((b) => idOf(b.symbol)),
      column((b) => b.intervalMs),
      column((b) => b.openTimeMs),
      column((b) => b.open),
      column((b) => b.high),
      column((b) => b.low),
      column((b) => b.close),
      column((b) => b.volume),
      column((b) => b.quoteVolume),
      column((b) => b.tradeCount),
      column((b) => b.takerBuyVolume),
      column((b) => b.firstTradeId),
      column((b) => b.lastTradeId),
      column((b) => b.complete ? 1 : 0),
    ],
  };
}
