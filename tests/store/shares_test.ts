/** Writers beside each other on a real server: each writes what it holds, and nothing else. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Trade } from "../../lib/market/mod.ts";
import {
  isLeased,
  openReader,
  openWriter,
  StoreError,
  type StoreErrorCode,
  type StoreWriter,
  type WriteBatch,
} from "../../lib/store/mod.ts";
import { type PostgresServer, postgresTest } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import { storeTest } from "./support/stores.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 0, simulated: true };
const DAY_MS = 86_400_000;

postgresTest("writers that share hold each share once, and others keep out", (database) => {
  const alone = () => openWriter(database, { identity });
  const open = (sharedAs = "log a") => openWriter(database, { identity, sharedAs });
  {
    using first = open();
    using second = open();
    deepStrictEqual([first.shares.writers(), second.shares.writers()], [2, 2]);
    deepStrictEqual([first.shares.hold("a.0"), second.shares.hold("a.0")], [true, false]);
    ok(second.shares.hold("a.1"));
    throws(alone, (error) => /stores of one log; the last that began/.test(String(error)));
    throws(() => open("log b"), code("leased"));
    // Each its own symbol, the same frames and the same new day, in turn and at once.
    for (const [writer, symbol] of [[first, "BTCUSDT"], [second, "ETHUSDT"]] as const) {
      writer.register(VENUE, symbol, "aggTrade");
      writer.write(batch(symbol, 1, 3));
    }
    for (const [writer, symbol] of [[first, "BTCUSDT"], [second, "ETHUSDT"]] as const) {
      deepStrictEqual(writer.write(batch(symbol, 2, 5)), { storedTrades: 2 });
    }
    first.shares.giveBack("a.0");
    ok(second.shares.hold("a.0"));
    // It knows what its former holder has written.
    deepStrictEqual(second.write(batch("BTCUSDT", 4, 6)), { storedTrades: 1 });
    ok(isLeased(database));
  }
  ok(!isLeased(database));
  using reader = openReader(database);
  for (const [symbol, last] of [["BTCUSDT", 6], ["ETHUSDT", 5]] as const) {
    const ids = reader.trades({ symbol }).map(({ tradeId }) => tradeId);
    deepStrictEqual(ids, Array.from({ length: last }, (_, k) => k + 1));
  }
  strictEqual(reader.quarantineCounts().find(({ symbol }) => symbol === null)?.frames, 5);
  using writer = alone();
  deepStrictEqual([writer.shares.writers(), writer.shares.hold("a.0")], [1, true]);
});

postgresTest(
  "a writer that would join those of an earlier version is told to end them first",
  async (database, server) => {
    const open = () => openWriter(database, { identity, sharedAs: "log a" });
    using _old = open();
    await server.sql(nameOf(database), "COMMENT ON SCHEMA tandem IS 'Tandem 1'");
    throws(open, /stores of an earlier version of Tandem write it: end all of them/);
  },
);

postgresTest(
  "a writer that has lost its session can commit nothing, and another has its shares",
  async (database, server) => {
    using first = openWriter(database, { identity, sharedAs: "log a" });
    first.register(VENUE, "BTCUSDT", "aggTrade");
    ok(first.shares.hold("a.0"));
    first.write({ ...batch("BTCUSDT", 1, 10), bookmarks: new Map([["place", 10]]) });
    using second = openWriter(database, { identity, sharedAs: "log a" });
    await endSession(server, database, "a.0");
    strictEqual(second.shares.writers(), 1);
    ok(second.shares.hold("a.0"));
    strictEqual(second.bookmark("place"), 10);
    // However often it tries, and whatever it is asked.
    const attempts: ((writer: StoreWriter) => unknown)[] = [
      (w) => w.write({ ...batch("BTCUSDT", 11, 12), bookmarks: new Map([["place", 12]]) }),
      (w) => w.write(batch("BTCUSDT", 11, 12)),
      (w) => w.heartbeat(5),
      (w) => w.shares.hold("a.1"),
      (w) => w.bookmark("place"),
    ];
    for (const attempt of attempts) throws(() => attempt(first), code("lost"));
    deepStrictEqual(second.write(batch("BTCUSDT", 11, 20)), { storedTrades: 10 });
    strictEqual(second.bookmark("place"), 10);
  },
);

postgresTest("a writer that hangs loses its shares, and can commit nothing", async (database) => {
  const sharing = { identity, sharedAs: "log a" };
  using other = openWriter(database, sharing);
  using hung = openWriter(database, { ...sharing, mostSilenceMs: 2_000 });
  hung.register(VENUE, "BTCUSDT", "aggTrade");
  ok(hung.shares.hold("a.0"));
  strictEqual(other.shares.hold("a.0"), false);
  await until(() => other.shares.hold("a.0"));
  throws(() => hung.write(batch("BTCUSDT", 1, 2)), code("lost"));
  deepStrictEqual(other.write(batch("BTCUSDT", 1, 2)), { storedTrades: 2 });
});

postgresTest("a session without the lock of a share is refused by the server", (database) => {
  using writer = openWriter(database, { identity, sharedAs: "log a" });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  ok(writer.shares.hold("a.0"));
  // The server counts its locks: one that was given back twice is not there.
  writer.shares.giveBack("a.1");
  throws(() => writer.write(batch("BTCUSDT", 1, 2)), code("leased"));
  using reader = openReader(database);
  deepStrictEqual(reader.trades({ symbol: "BTCUSDT" }), []);
});

storeTest("a writer that writes alone has every share", (path) => {
  using writer = openWriter(path, { identity });
  deepStrictEqual([writer.shares.writers(), writer.shares.hold("a.0")], [1, true]);
  writer.shares.giveBack("a.0");
  ok(writer.shares.hold("a.0"));
});

function batch(symbol: string, fromId: number, toId: number): WriteBatch {
  const trades = Array.from({ length: toId - fromId + 1 }, (_, k) => trade(symbol, fromId + k));
  const frame = {
    venue: VENUE,
    symbol: null,
    tradeId: null,
    reason: "not JSON",
    raw: "{",
  } as const;
  return { trades, quarantined: [{ ...frame, receivedMs: 5 }] };
}

function trade(symbol: string, tradeId: number): Trade {
  const timeMs = 20_000 * DAY_MS + tradeId;
  const numbers = { tradeId, timeMs, price: 1, quantity: 2 };
  return { venue: VENUE, symbol, ...numbers, takerSide: "buy", source: "ws" };
}

/** Ends the session that holds a share, as a failure of its machine would. */
async function endSession(server: PostgresServer, database: string, share: string): Promise<void> {
  const ended = await server.sql(
    nameOf(database),
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'
     AND (classid::bigint << 32 | objid::bigint) = hashtextextended('${share}', 0)`,
  );
  deepStrictEqual(ended, [["t"]]);
}

function nameOf(database: string): string {
  return database.split("/").at(-1)!;
}

function code(wanted: StoreErrorCode) {
  return (error: unknown) => error instanceof StoreError && error.code === wanted;
}
