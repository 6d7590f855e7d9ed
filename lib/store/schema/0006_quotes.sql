-- The best bid and ask at the end of each second of exchange time, where they are recorded. NULL
-- where nobody bought or sold; a second in which nothing changed has no row.
CREATE TABLE quotes (
  symbol_id    INTEGER NOT NULL REFERENCES symbols,
  time_ms      INTEGER NOT NULL,
  bid          REAL,
  bid_quantity REAL,
  ask          REAL,
  ask_quantity REAL,
  PRIMARY KEY (symbol_id, time_ms)
) WITHOUT ROWID;

CREATE VIEW v_quotes AS
SELECT s.venue, s.symbol, q.time_ms, q.bid, q.bid_quantity, q.ask, q.ask_quantity
FROM symbols s JOIN quotes q USING (symbol_id);
