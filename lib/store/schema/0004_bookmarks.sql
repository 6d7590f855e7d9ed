-- Up to where a program has taken up something that is kept elsewhere, a log for example: written in
-- the transaction of what it took from there, so that nothing is taken twice or left out.
CREATE TABLE bookmarks (
  name  TEXT PRIMARY KEY,
  place INTEGER NOT NULL
) WITHOUT ROWID;
