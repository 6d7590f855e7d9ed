/** Stores a bar; one that differs replaces it with its revision raised, the same leaves it alone. */
export const UPSERT_BAR = `
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

/** Adds to the counters of a symbol. */
export const ADD_QUALITY = `
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
