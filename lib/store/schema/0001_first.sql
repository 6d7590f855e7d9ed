-- Trades, bars and what is known about their quality. Other programs read the views, not the tables.

-- closed_until_ms: every bar that ends at or before this exchange time is stored.
CREATE TABLE symbols (
  symbol_id       INTEGER PRIMARY KEY,
  venue           TEXT NOT NULL,
  symbol          TEXT NOT NULL,
  stream_kind     TEXT CHECK (stream_kind IN ('aggTrade', 'trade')),
  closed_until_ms INTEGER,
  UNIQUE (symbol, venue)
);

-- price and quantity: integers scaled by 1e8 where that is exact, else the double (flags 8 and 16).
-- flags: 1 taker bought; 2 and 4 source (0 ws, 1 rest, 2 archive, 3 import); 8 price, 16 quantity unscaled.
CREATE TABLE trades (
  symbol_id INTEGER NOT NULL REFERENCES symbols,
  trade_id  INTEGER NOT NULL,
  time_ms   INTEGER NOT NULL,
  price     NUMERIC NOT NULL,
  quantity  NUMERIC NOT NULL,
  flags     INTEGER NOT NULL,
  PRIMARY KEY (symbol_id, trade_id)
) WITHOUT ROWID;

-- sequence: the commit that wrote or last revised the bar, so that readers can follow changes.
CREATE TABLE bars (
  symbol_id        INTEGER NOT NULL REFERENCES symbols,
  interval_ms      INTEGER NOT NULL,
  open_time_ms     INTEGER NOT NULL,
  open             REAL NOT NULL,
  high             REAL NOT NULL,
  low              REAL NOT NULL,
  close            REAL NOT NULL,
  volume           REAL NOT NULL,
  quote_volume     REAL,
  trade_count      INTEGER,
  taker_buy_volume REAL,
  first_trade_id   INTEGER,
  last_trade_id    INTEGER,
  complete         INTEGER NOT NULL,
  revision         INTEGER NOT NULL DEFAULT 0,
  sequence         INTEGER NOT NULL,
  PRIMARY KEY (symbol_id, interval_ms, open_time_ms)
) WITHOUT ROWID;

CREATE INDEX bars_by_change ON bars (symbol_id, interval_ms, sequence);

CREATE TABLE gaps (
  symbol_id        INTEGER NOT NULL REFERENCES symbols,
  first_missing_id INTEGER NOT NULL,
  last_missing_id  INTEGER NOT NULL,
  opened_at_ms     INTEGER NOT NULL,
  closed_at_ms     INTEGER,
  state            TEXT NOT NULL CHECK (state IN ('open', 'repaired', 'lost')),
  PRIMARY KEY (symbol_id, first_missing_id)
) WITHOUT ROWID;

CREATE TABLE quarantine (
  quarantine_id INTEGER PRIMARY KEY,
  symbol_id     INTEGER REFERENCES symbols,
  trade_id      INTEGER,
  reason        TEXT NOT NULL,
  raw           TEXT NOT NULL,
  received_ms   INTEGER NOT NULL
);

CREATE UNIQUE INDEX quarantine_by_trade ON quarantine (symbol_id, trade_id, reason)
  WHERE trade_id IS NOT NULL;

CREATE TABLE quality (
  symbol_id          INTEGER PRIMARY KEY REFERENCES symbols,
  received           INTEGER NOT NULL DEFAULT 0,
  stored             INTEGER NOT NULL DEFAULT 0,
  duplicate          INTEGER NOT NULL DEFAULT 0,
  late               INTEGER NOT NULL DEFAULT 0,
  quarantined        INTEGER NOT NULL DEFAULT 0,
  reconnects         INTEGER NOT NULL DEFAULT 0,
  last_trade_time_ms INTEGER,
  clock_skew_ms      REAL
);

-- One row: what the writer last said of itself. Information only; the lease is a file lock.
CREATE TABLE writer (
  only            INTEGER PRIMARY KEY CHECK (only = 1),
  sequence        INTEGER NOT NULL DEFAULT 0,
  pid             INTEGER NOT NULL DEFAULT 0,
  host            TEXT NOT NULL DEFAULT '',
  started_at_ms   INTEGER,
  heartbeat_at_ms INTEGER,
  simulated       INTEGER NOT NULL DEFAULT 0
);

INSERT INTO writer (only) VALUES (1);

CREATE VIEW v_trades AS
SELECT
  s.venue,
  s.symbol,
  t.trade_id,
  t.time_ms,
  CASE WHEN t.flags & 8 THEN CAST(t.price AS REAL) ELSE t.price / 1e8 END AS price,
  CASE WHEN t.flags & 16 THEN CAST(t.quantity AS REAL) ELSE t.quantity / 1e8 END AS quantity,
  CASE WHEN t.flags & 1 THEN 'buy' ELSE 'sell' END AS taker_side,
  CASE (t.flags >> 1) & 3
    WHEN 0 THEN 'ws' WHEN 1 THEN 'rest' WHEN 2 THEN 'archive' ELSE 'import'
  END AS source
FROM symbols s JOIN trades t USING (symbol_id);

CREATE VIEW v_bars AS
SELECT
  s.venue,
  s.symbol,
  b.interval_ms,
  b.open_time_ms,
  b.open,
  b.high,
  b.low,
  b.close,
  b.volume,
  b.quote_volume,
  b.trade_count,
  b.taker_buy_volume,
  b.quote_volume / nullif(b.volume, 0) AS vwap,
  b.first_trade_id,
  b.last_trade_id,
  b.complete,
  b.revision
FROM symbols s JOIN bars b USING (symbol_id);

CREATE VIEW v_gaps AS
SELECT
  s.venue,
  s.symbol,
  g.first_missing_id,
  g.last_missing_id,
  g.opened_at_ms,
  g.closed_at_ms,
  g.state
FROM symbols s JOIN gaps g USING (symbol_id);

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
  q.clock_skew_ms
FROM symbols s JOIN quality q USING (symbol_id);
