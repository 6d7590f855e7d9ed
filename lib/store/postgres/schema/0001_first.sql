-- The same views as in a SQLite file, for any client; the tables below them may change.

-- closed_until_ms: every bar that ends at or before this exchange time is stored.
-- trades_from_ms: trades before this exchange time were deleted by age; expired_until_id: the last id of them.
CREATE TABLE symbols (
  symbol_id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  venue            text NOT NULL,
  symbol           text NOT NULL COLLATE "C",
  stream_kind      text CHECK (stream_kind IN ('aggTrade', 'trade')),
  closed_until_ms  bigint,
  trades_from_ms   bigint,
  expired_until_id bigint,
  UNIQUE (symbol, venue)
);

-- One partition per UTC day, made with its first trade. The key is unique within a day only, as a key
-- must hold the time; that an id is stored in no other day is what trade_days and the one writer see to.
-- flags: 1 taker bought; 2 and 4 source (0 ws, 1 rest, 2 archive, 3 import).
CREATE TABLE trades (
  trade_id  bigint NOT NULL,
  time_ms   bigint NOT NULL,
  price     double precision NOT NULL,
  quantity  double precision NOT NULL,
  symbol_id integer NOT NULL,
  flags     smallint NOT NULL,
  PRIMARY KEY (symbol_id, trade_id, time_ms)
) PARTITION BY RANGE (time_ms);

-- Trades come nearly in order of time, so a few bytes per block find a range of it.
CREATE INDEX trades_by_time ON trades USING brin (time_ms) WITH (pages_per_range = 32);

-- Which ids of a symbol are in which day: where to look for an id, or a time.
CREATE TABLE trade_days (
  symbol_id      integer NOT NULL REFERENCES symbols,
  day_ms         bigint NOT NULL,
  first_trade_id bigint NOT NULL,
  last_trade_id  bigint NOT NULL,
  trade_count    bigint NOT NULL,
  PRIMARY KEY (symbol_id, day_ms)
);

-- sequence: the commit that wrote or last revised the bar, so that readers can follow changes.
CREATE TABLE bars (
  symbol_id        integer NOT NULL REFERENCES symbols,
  interval_ms      bigint NOT NULL,
  open_time_ms     bigint NOT NULL,
  open             double precision NOT NULL,
  high             double precision NOT NULL,
  low              double precision NOT NULL,
  close            double precision NOT NULL,
  volume           double precision NOT NULL,
  quote_volume     double precision,
  trade_count      bigint,
  taker_buy_volume double precision,
  first_trade_id   bigint,
  last_trade_id    bigint,
  complete         integer NOT NULL,
  revision         integer NOT NULL DEFAULT 0,
  sequence         bigint NOT NULL,
  PRIMARY KEY (symbol_id, interval_ms, open_time_ms)
);

CREATE INDEX bars_by_change ON bars (symbol_id, interval_ms, sequence);

CREATE TABLE gaps (
  symbol_id        integer NOT NULL REFERENCES symbols,
  first_missing_id bigint NOT NULL,
  last_missing_id  bigint NOT NULL,
  opened_at_ms     bigint NOT NULL,
  closed_at_ms     bigint,
  state            text NOT NULL CHECK (state IN ('open', 'repaired', 'lost')),
  PRIMARY KEY (symbol_id, first_missing_id)
);

CREATE TABLE quarantine (
  quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  symbol_id     integer REFERENCES symbols,
  trade_id      bigint,
  reason        text NOT NULL,
  raw           text NOT NULL,
  received_ms   bigint NOT NULL
);

CREATE UNIQUE INDEX quarantine_by_trade ON quarantine (symbol_id, trade_id, reason)
  WHERE symbol_id IS NOT NULL AND trade_id IS NOT NULL;
CREATE INDEX quarantine_by_reason ON quarantine (reason, quarantine_id) WHERE raw <> '';

-- symbol_id is 0 for frames that told no known symbol.
CREATE TABLE quarantine_counts (
  symbol_id        integer NOT NULL,
  reason           text NOT NULL,
  frames           bigint NOT NULL,
  last_received_ms bigint NOT NULL,
  PRIMARY KEY (symbol_id, reason)
);

CREATE TABLE quality (
  symbol_id          integer PRIMARY KEY REFERENCES symbols,
  received           bigint NOT NULL DEFAULT 0,
  stored             bigint NOT NULL DEFAULT 0,
  duplicate          bigint NOT NULL DEFAULT 0,
  late               bigint NOT NULL DEFAULT 0,
  quarantined        bigint NOT NULL DEFAULT 0,
  reconnects         bigint NOT NULL DEFAULT 0,
  last_trade_time_ms bigint,
  clock_skew_ms      double precision
);

-- One row. version changes with every commit; sequence with every commit of bars. lease names the
-- session that may write and batch its last batch, so that a writer that lost its connection learns
-- whether another has written since, and whether what it was committing is there.
CREATE TABLE writer (
  one             integer PRIMARY KEY CHECK (one = 1),
  store_id        text NOT NULL,
  version         bigint NOT NULL DEFAULT 0,
  sequence        bigint NOT NULL DEFAULT 0,
  lease           text NOT NULL DEFAULT '',
  batch           text NOT NULL DEFAULT '',
  batch_stored    bigint NOT NULL DEFAULT 0,
  pid             integer NOT NULL DEFAULT 0,
  host            text NOT NULL DEFAULT '',
  started_at_ms   bigint,
  heartbeat_at_ms bigint,
  simulated       integer NOT NULL DEFAULT 0
);

INSERT INTO writer (one, store_id) VALUES (1, replace(gen_random_uuid()::text, '-', ''));

-- Up to where a program has taken up something that is kept elsewhere, a log for example: written in
-- the transaction of what it took from there, so that nothing is taken twice or left out.
CREATE TABLE bookmarks (
  name  text PRIMARY KEY COLLATE "C",
  place bigint NOT NULL
);

CREATE TABLE alert_rules (
  rule_id text PRIMARY KEY COLLATE "C",
  rule    text NOT NULL,
  state   text
);

CREATE TABLE alerts (
  alert_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id   text NOT NULL,
  side      text NOT NULL CHECK (side IN ('above', 'below')),
  time_ms   bigint NOT NULL,
  value     double precision NOT NULL,
  threshold double precision NOT NULL,
  caveat    text,
  sentence  text NOT NULL,
  UNIQUE (rule_id, side, time_ms)
);

CREATE TABLE alert_deliveries (
  alert_id    bigint NOT NULL REFERENCES alerts,
  channel     text NOT NULL COLLATE "C",
  state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts    integer NOT NULL DEFAULT 0,
  tried_at_ms bigint,
  problem     text,
  PRIMARY KEY (alert_id, channel)
);

CREATE INDEX alert_deliveries_pending ON alert_deliveries (alert_id) WHERE state = 'pending';

CREATE VIEW v_trades AS
SELECT
  s.venue,
  s.symbol,
  t.trade_id,
  t.time_ms,
  t.price,
  t.quantity,
  CASE WHEN t.flags & 1 = 1 THEN 'buy' ELSE 'sell' END AS taker_side,
  (ARRAY['ws', 'rest', 'archive', 'import'])[1 + (t.flags >> 1 & 3)] AS source
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

CREATE VIEW v_quarantine AS
SELECT s.symbol, s.venue, q.trade_id, q.reason, q.raw, q.received_ms
FROM quarantine q LEFT JOIN symbols s USING (symbol_id);

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
  (SELECT coalesce(json_object_agg(c.reason, c.frames), '{}')::text FROM quarantine_counts c
    WHERE c.symbol_id = q.symbol_id) AS quarantined_by_reason
FROM symbols s JOIN quality q USING (symbol_id)
UNION ALL
-- One row for frames that told no known symbol, once there are any.
SELECT
  NULL, NULL, sum(c.frames)::bigint, 0, 0, 0, sum(c.frames)::bigint, 0, NULL, NULL,
  json_object_agg(c.reason, c.frames)::text
FROM quarantine_counts c WHERE c.symbol_id = 0 HAVING count(*) > 0;

CREATE VIEW v_alerts AS
SELECT alert_id, rule_id, side, time_ms, value, threshold, caveat, sentence FROM alerts;

-- Who may only read, where the server has such a role.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tandem_reader') THEN
    GRANT USAGE ON SCHEMA tandem TO tandem_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA tandem TO tandem_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA tandem GRANT SELECT ON TABLES TO tandem_reader;
  END IF;
END
$$;
