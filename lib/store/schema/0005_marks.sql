-- Mark price, index price and funding, a row per symbol and second of exchange time, where they are
-- recorded. NULL where the venue told none: a delisted contract has no funding.
CREATE TABLE marks (
  symbol_id       INTEGER NOT NULL REFERENCES symbols,
  time_ms         INTEGER NOT NULL,
  mark_price      REAL NOT NULL,
  index_price     REAL,
  funding_rate    REAL,
  next_funding_ms INTEGER,
  PRIMARY KEY (symbol_id, time_ms)
) WITHOUT ROWID;

CREATE VIEW v_marks AS
SELECT s.venue, s.symbol, m.time_ms, m.mark_price, m.index_price, m.funding_rate, m.next_funding_ms
FROM symbols s JOIN marks m USING (symbol_id);
