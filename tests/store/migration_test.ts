import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openReader, openWriter, StoreError } from "../../lib/store/mod.ts";
import { SCHEMA_VERSION, STEPS } from "../../lib/store/database.ts";

const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };
const APPLICATION_ID = 0x54414e44;

/** What a database of the first schema holds: every table, and values that are not easy to keep. */
const FIRST_ROWS = `
INSERT INTO symbols VALUES
  (1, 'binance-usdm', 'BTCUSDT', 'aggTrade', 60000), (2, 'binance-usdm', '币安人生USDT', 'trade', NULL);
INSERT INTO trades VALUES
  (1, 10, 1721347022956, 8309170000000, 300000, 0),
  (1, 11, 1721347022956, 0.3333333333333333, 1e15, 1 | 4 | 8 | 16),
  (1, 9007199254740991, 0, 1, 5e-9, 2 | 16),
  (2, 3, 1893456000000, 30000000000000004, 100000000, 1 | 6);
INSERT INTO bars VALUES (1, 60000, 0, 1.5, 2, 1, 1.75, 3, 4.5, 2, 1, 10, 11, 1, 3, 7);
INSERT INTO gaps VALUES (1, 12, 20, 100, NULL, 'open'), (2, 4, 5, 7, 8, 'lost');
INSERT INTO quarantine (symbol_id, trade_id, reason, raw, received_ms) VALUES
  (1, 30, 'wrong type', '{"a":30}', 5), (1, 31, 'wrong type', '{"a":31}', 9),
  (1, NULL, 'missing field', '{}', 6), (NULL, NULL, 'not JSON', '{"e":', 8);
INSERT INTO quality VALUES (1, 9, 3, 2, 1, 3, 4, 1721347022956, -3.5);
UPDATE writer SET sequence = 7, pid = 3, host = 'there', started_at_ms = 1, simulated = 1;`;

function withFolder(body: (path: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      body(`${folder}/tandem.db`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

/** A database as the schema of a version made it, filled when that was the first. */
function makeEarlier(path: string, version: number): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec(STEPS[0]!);
  db.exec(FIRST_ROWS);
  for (const step of STEPS.slice(1, version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${version}`);
  return db;
}

const CONTRACT = {
  v_trades: "venue, symbol, trade_id, time_ms, price, quantity, taker_side, source",
  v_bars: "*",
  v_gaps: "*",
  v_quality: "symbol, venue, received, stored, duplicate, late, quarantined, reconnects, " +
    "last_trade_time_ms, clock_skew_ms",
};

function contents(db: DatabaseSync): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(CONTRACT).map(([view, columns]) => [
      view,
      db.prepare(`SELECT ${columns} FROM ${view} WHERE symbol IS NOT NULL ORDER BY 1, 2, 3`).all()
        .map((r) => ({ ...r })),
    ]),
  );
}

/** Tables, columns, indexes and views, however they came to be. */
function structure(db: DatabaseSync): unknown {
  return db.prepare(
    `SELECT s.type, s.name, c.name AS column, c.type AS affinity, c."notnull", c.pk
     FROM sqlite_schema s LEFT JOIN pragma_table_xinfo(s.name) c ORDER BY s.name, c.name`,
  ).all();
}

for (let version = 1; version < SCHEMA_VERSION; version++) {
  Deno.test(
    `openWriter() brings a database of schema ${version} up to date and loses nothing`,
    withFolder((path) => {
      const earlier = makeEarlier(path, version);
      const before = contents(earlier);
      strictEqual(before.v_trades!.length, 4);
      earlier.close();
      throws(
        () => openReader(path),
        (error) => error instanceof StoreError && error.code === "outdated",
      );
      openWriter(path, { identity })[Symbol.dispose]();

      const db = new DatabaseSync(path, { readOnly: true });
      deepStrictEqual(contents(db), before);
      strictEqual(db.prepare("PRAGMA integrity_check").get()?.integrity_check, "ok");
      const fresh = `${path}.fresh`;
      openWriter(fresh, { identity })[Symbol.dispose]();
      const other = new DatabaseSync(fresh, { readOnly: true });
      deepStrictEqual(structure(db), structure(other));
      other.close();
      db.close();

      using reader = openReader(path);
      strictEqual(reader.heartbeat()?.simulated, true);
      strictEqual(reader.cursor(), 7);
      deepStrictEqual(
        reader.trades({ symbol: "BTCUSDT" }).map((t) => [t.tradeId, t.price, t.quantity]),
        [[10, 83_091.7, 0.003], [11, 1 / 3, 1e15], [Number.MAX_SAFE_INTEGER, 1e-8, 5e-9]],
      );
      deepStrictEqual(
        reader.quarantineCounts().map((c) => [c.symbol, c.reason, c.frames, c.lastReceivedMs]),
        [
          [null, "not JSON", 1, 8],
          ["BTCUSDT", "missing field", 1, 6],
          ["BTCUSDT", "wrong type", 2, 9],
        ],
      );
    }),
  );
}

Deno.test(
  "openWriter() leaves an earlier database as it was when a step fails",
  withFolder((path) => {
    const earlier = makeEarlier(path, 1);
    // Steps before it stay. A table of this name stands in the way of the third step, in its middle.
    earlier.exec("CREATE TABLE archived_days (theirs)");
    const before = contents(earlier);
    earlier.close();
    throws(() => openWriter(path, { identity }), StoreError);
    const db = new DatabaseSync(path, { readOnly: true });
    strictEqual(db.prepare("PRAGMA user_version").get()?.user_version, 2);
    deepStrictEqual(contents(db), before);
    db.close();
  }),
);

Deno.test(
  "every database has a mark of its own",
  withFolder((path) => {
    const marks = [path, `${path}.other`].map((file) => {
      openWriter(file, { identity })[Symbol.dispose]();
      const db = new DatabaseSync(file, { readOnly: true });
      const { store_id } = db.prepare("SELECT store_id FROM writer").get()!;
      db.close();
      return String(store_id);
    });
    ok(marks.every((mark) => /^[0-9a-f]{32}$/.test(mark)), marks.join());
    strictEqual(new Set(marks).size, 2);
  }),
);
