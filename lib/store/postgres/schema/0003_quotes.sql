-- The best bid and ask at the end of each second of exchange time, where they are recorded. NULL
-- where nobody bought or sold; a second in which nothing changed has no row.
CREATE TABLE quotes (
  symbol_id    integer NOT NULL REFERENCES symbols,
  time_ms      bigint NOT NULL,
  bid          double precision,
  bid_quantity double precision,
  ask          double precision,
  ask_quantity double precision,
  PRIMARY KEY (symbol_id, time_ms)
);

CREATE VIEW v_quotes AS
SELECT s.venue, s.symbol, q.time_ms, q.bid, q.bid_quantity, q.ask, q.ask_quantity
FROM symbols s JOIN quotes q USING (symbol_id);
