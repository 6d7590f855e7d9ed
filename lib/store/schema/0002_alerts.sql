-- Alert rules, what fired, and what became of telling it. Rules and states are JSON of the alerts.

CREATE TABLE alert_rules (
  rule_id TEXT PRIMARY KEY,
  rule    TEXT NOT NULL,
  state   TEXT
) WITHOUT ROWID;

-- An alert is one rule, threshold and exchange time: deciding it again is the same as once.
CREATE TABLE alerts (
  alert_id  INTEGER PRIMARY KEY AUTOINCREMENT,
  rule_id   TEXT NOT NULL,
  side      TEXT NOT NULL CHECK (side IN ('above', 'below')),
  time_ms   INTEGER NOT NULL,
  value     REAL NOT NULL,
  threshold REAL NOT NULL,
  caveat    TEXT,
  sentence  TEXT NOT NULL,
  UNIQUE (rule_id, side, time_ms)
);

CREATE TABLE alert_deliveries (
  alert_id   INTEGER NOT NULL REFERENCES alerts,
  channel    TEXT NOT NULL,
  state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts   INTEGER NOT NULL DEFAULT 0,
  tried_at_ms INTEGER,
  problem    TEXT,
  PRIMARY KEY (alert_id, channel)
) WITHOUT ROWID;

CREATE INDEX alert_deliveries_pending ON alert_deliveries (alert_id) WHERE state = 'pending';

CREATE VIEW v_alerts AS
SELECT alert_id, rule_id, side, time_ms, value, threshold, caveat, sentence FROM alerts;
