-- Trades take a fifth less space, closed days of them may rest in Parquet files, and quarantine is
-- counted per reason and bounded.

-- price_scale, quantity_scale: what a trade's integers are divided by; 1e8 where nothing is known.
-- trades_from_ms: trades before this exchange time were deleted by age; expired_until_id: the last id of them.
ALTER TABLE symbols ADD COLUMN price_scale REAL NOT NULL DEFAULT 1e8;
ALTER TABLE symbols ADD COLUMN quantity_scale REAL NOT NULL DEFAULT 1e8;
ALTER TABLE symbols ADD COLUMN trades_from_ms INTEGER;
ALTER TABLE symbols ADD COLUMN expired_until_id INTEGER;

-- stamp: time in ms * 32 + flags. Flags: 1 taker bought; 2 and 4 source (0 ws, 1 rest, 2 archive,
-- 3 import); 8 price, 16 quantity is the double itself, as no integer would give it back exactly.
DROP VIEW v_trades;

CREATE TABLE stamped_trades (
  symbol_id INTEGER NOT NULL REFERENCES symbols,
  trade_id  INTEGER NOT NULL,
  stamp     INTEGER NOT NULL,
  price     NUMERIC NOT NULL,
  quantity  NUMERIC NOT NULL,
  PRIMARY KEY (symbol_id, trade_id)
) WITHOUT ROWID;

INSERT INTO stamped_trades
SELECT symbol_id, trade_id, time_ms * 32 + flags, price, quantity FROM trades
ORDER BY symbol_id, trade_id;

DROP TABLE trades;
ALTER TABLE stamped_trades RENAME TO trades;

CREATE VIEW v_trades AS
SELECT
  s.venue,
  s.symbol,
  t.trade_id,
  t.stamp >> 5 AS time_ms,
  CASE WHEN t.stamp & 8 THEN CAST(t.price AS REAL) ELSE t.price / s.price_scale END AS price,
  CASE WHEN t.stamp & 16 THEN CAST(t.quantity AS REAL) ELSE t.quantity / s.quantity_scale END
    AS quantity,
  CASE WHEN t.stamp & 1 THEN 'buy' ELSE 'sell' END AS taker_side,
  CASE (t.stamp >> 1) & 3
    WHEN 0 THEN 'ws' WHEN 1 THEN 'rest' WHEN 2 THEN 'archive' ELSE 'import'
  END AS source
FROM symbols s JOIN trades t USING (symbol_id);

-- UTC days of trades that rest in a Parquet file. Until the rows of a day are deleted, its trades
-- are in both places; late ones are in trades alone until the file is written anew.
CREATE TABLE archived_days (
  symbol_id      INTEGER NOT NULL REFERENCES symbols,
  day_ms         INTEGER NOT NULL,
  first_trade_id INTEGER NOT NULL,
  last_trade_id  INTEGER NOT NULL,
  trade_count    INTEGER NOT NULL,
  byte_count     INTEGER NOT NULL,
  PRIMARY KEY (symbol_id, day_ms)
) WITHOUT ROWID;

-- Marks the Parquet files of this database, as several may share a folder.
ALTER TABLE writer ADD COLUMN store_id TEXT NOT NULL DEFAULT '';
UPDATE writer SET store_id = lower(hex(randomblob(16)));

-- Every frame set aside is counted; symbol_id is 0 where it told no known symbol. Of the frames
-- themselves the newest of each reason are kept: an older one with a trade id stays without its
-- text, as it proves that the id was seen.
CREATE TABLE quarantine_counts (
  symbol_id         INTEGER NOT NULL,
  reason            TEXT NOT NULL,
  frames            INTEGER NOT NULL,
  last_received_ms  INTEGER NOT NULL,
  PRIMARY KEY (symbol_id, reason)
) WITHOUT ROWID;

INSERT INTO quarantine_counts
SELECT coalesce(symbol_id, 0), reason, count(*), max(received_ms) FROM quarantine GROUP BY 1, 2;

CREATE INDEX quarantine_by_reason ON quarantine (reason, quarantine_id) WHERE raw <> '';

CREATE VIEW v_quarantine AS
SELECT s.symbol, s.venue, q.trade_id, q.reason, q.raw, q.received_ms
FROM quarantine q LEFT JOIN symbols s USING (symbol_id);

DROP VIEW v_quality;

CREATE VIEW v_quality AS
SELECT
  s.symbol,
  s.venue,
  q.received,
  q.stored,
  q.duplicate,
  q.late,
  q.quarantined,
  q.reconnects,
  q.last_trade_time_ms,
  q.clock_skew_ms,
  (SELECT json_group_object(c.reason, c.frames) FROM quarantine_counts c
    WHERE c.symbol_id = q.symbol_id) AS quarantined_by_reason
FROM symbols s JOIN quality q USING (symbol_id)
UNION ALL
-- One row for frames that told no known symbol, once there are any.
SELECT
  NULL, NULL, sum(c.frames), 0, 0, 0, sum(c.frames), 0, NULL, NULL,
  json_group_object(c.reason, c.frames)
FROM quarantine_counts c WHERE c.symbol_id = 0 HAVING count(*) > 0;
