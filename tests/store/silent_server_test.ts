import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Trade } from "../../lib/market/mod.ts";
import { openReader, openWriter, StoreError } from "../../lib/store/mod.ts";
import { type PostgresServer, postgresTest } from "../support/postgres_server.ts";
import { start, until } from "../support/programs.ts";
import { Wire } from "./support/wire.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

const batch = (from: number, count: number) => ({
  trades: Array.from({ length: count }, (_, k): Trade => ({
    ...{ venue: VENUE, symbol: "BTCUSDT", tradeId: from + k, timeMs: from + k, price: 100 },
    ...{ quantity: 1, takerSide: "buy", source: "ws" },
  })),
  quality: [{ venue: VENUE, symbol: "BTCUSDT", received: count }],
});

function isSilence(error: unknown): boolean {
  ok(error instanceof StoreError && error.code === "offline", `${error}`);
  ok(error.message.includes("does not answer"), error.message);
  return true;
}

postgresTest(
  "a server that does not answer is said to, and what was under way is written once",
  async (database, server) => {
    using wire = await Wire.to(server.port);
    const url = new URL(database);
    url.port = String(wire.port);
    using writer = openWriter(url.href, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 10));
    using reader = openReader(url.href);
    const ids = () => reader.trades({ symbol: "BTCUSDT" }).map((t) => t.tradeId);
    strictEqual(ids().length, 10);
    // A query that takes its time is another thing: the server answers others meanwhile.
    const slow = lockTrades(server, url.pathname.slice(1), 1.8);
    await isLocked(server, url.pathname.slice(1));
    strictEqual(ids().length, 10);
    await slow;

    wire.swallow(true);
    throws(() => writer.write(batch(11, 10)), isSilence);
    throws(() => openReader(url.href), isSilence);
    wire.swallow(false);
    deepStrictEqual(writer.write(batch(11, 15)), { storedTrades: 15 });
    deepStrictEqual(ids(), Array.from({ length: 25 }, (_, k) => k + 1));
    const [counted] = reader.quality();
    deepStrictEqual([counted?.received, counted?.stored], [25, 25]);
  },
);

postgresTest(
  "a program that waits for a server ends when it is told to",
  async (database, server) => {
    const name = new URL(database).pathname.slice(1);
    {
      using writer = openWriter(database, { identity });
      writer.register(VENUE, "BTCUSDT", "aggTrade");
      writer.write(batch(1, 10));
    }
    const end = () =>
      server.sql(
        name,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = '${name}' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()`,
      );
    const locked = lockTrades(server, name, 60).catch(() => {});
    await isLocked(server, name);
    await using program = start("verify", "--official", "0", "--db", database);
    const waiting =
      `SELECT 1 FROM pg_stat_activity WHERE datname = '${name}' AND wait_event_type = 'Lock'`;
    await until(async () => (await server.sql(name, waiting)).length > 0);
    strictEqual(await program.stop("SIGINT"), 0, program.err);
    await end();
    await locked;
  },
);

/** Has all that looks for trades wait. */
function lockTrades(server: PostgresServer, name: string, seconds: number): Promise<unknown> {
  return server.sql(
    name,
    `BEGIN; LOCK tandem.trade_days; SELECT pg_sleep(${seconds}); COMMIT`,
  );
}

async function isLocked(server: PostgresServer, name: string): Promise<void> {
  const held =
    "SELECT 1 FROM pg_locks WHERE relation = 'tandem.trade_days'::regclass AND granted AND mode = 'AccessExclusiveLock'";
  await until(async () => (await server.sql(name, held)).length > 0);
}
