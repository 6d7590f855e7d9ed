-- Mark price, index price and funding, a row per symbol and second of exchange time, where they are
-- recorded. NULL where the venue told none: a delisted contract has no funding.
CREATE TABLE marks (
  symbol_id       integer NOT NULL REFERENCES symbols,
  time_ms         bigint NOT NULL,
  mark_price      double precision NOT NULL,
  index_price     double precision,
  funding_rate    double precision,
  next_funding_ms bigint,
  PRIMARY KEY (symbol_id, time_ms)
);

CREATE VIEW v_marks AS
SELECT s.venue, s.symbol, m.time_ms, m.mark_price, m.index_price, m.funding_rate, m.next_funding_ms
FROM symbols s JOIN marks m USING (symbol_id);
