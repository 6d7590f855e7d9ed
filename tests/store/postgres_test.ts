import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import type { Trade } from "../../lib/market/mod.ts";
import {
  isLeased,
  openReader,
  openWriter,
  StoreError,
  type StoreReader,
  type StoreWriter,
} from "../../lib/store/mod.ts";
import { asPostgresError } from "../../lib/store/postgres/as_postgres_error.ts";
import { parsePostgres } from "../../lib/store/postgres/location.ts";
import { passwordOf } from "../../lib/store/postgres/password.ts";
import { partitionOf } from "../../lib/store/postgres/trade_insert.ts";
import { postgresFolder, PostgresServer, postgresTest } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import { Wire } from "./support/wire.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

function trade(tradeId: number): Trade {
  return {
    ...{ venue: VENUE, symbol: "BTCUSDT", tradeId, timeMs: 1_000 * tradeId, price: 100.25 },
    ...{ quantity: 0.003, takerSide: "buy", source: "ws" },
  };
}

const batch = (from: number, to: number) => ({
  trades: Array.from({ length: to - from + 1 }, (_, k) => trade(from + k)),
  quality: [{ venue: VENUE, symbol: "BTCUSDT", received: to - from + 1 }],
  quarantined: [{
    ...{ venue: VENUE, symbol: null, tradeId: null, reason: "not JSON" as const },
    ...{ raw: `${from}`, receivedMs: from },
  }],
});

function code(expected: string, text = /./): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof StoreError, `a StoreError, was ${error}`);
    strictEqual(error.code, expected, error.message);
    match(error.message, text);
    return true;
  };
}

/** What is stored, and counted. */
function stored(database: string) {
  using reader = openReader(database);
  const [q] = reader.quality();
  return {
    ids: reader.trades({ symbol: "BTCUSDT" }).map((t) => t.tradeId),
    counted: [q?.received, q?.stored],
    frames: reader.quarantineCounts().map((c) => c.frames),
  };
}

/** Another writer, after one has ended. */
function reopened(writer: StoreWriter, database: string): StoreWriter {
  writer[Symbol.dispose]();
  return openWriter(database, { identity });
}

const idsTo = (last: number) => Array.from({ length: last }, (_, k) => k + 1);
const name = (database: string) => new URL(database).pathname.slice(1);

postgresTest(
  "the views in PostgreSQL have the columns others rely on",
  async (database, server) => {
    using writer = openWriter(database, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 1));
    const columns = async (view: string) =>
      (await server.sql(
        name(database),
        `SELECT column_name FROM information_schema.columns
       WHERE table_schema = 'tandem' AND table_name = '${view}' ORDER BY ordinal_position`,
      )).join();
    strictEqual(
      await columns("v_trades"),
      "venue,symbol,trade_id,time_ms,price,quantity,taker_side,source",
    );
    strictEqual(
      await columns("v_bars"),
      "venue,symbol,interval_ms,open_time_ms,open,high,low,close,volume,quote_volume,trade_count," +
        "taker_buy_volume,vwap,first_trade_id,last_trade_id,complete,revision",
    );
    strictEqual(
      await columns("v_gaps"),
      "venue,symbol,first_missing_id,last_missing_id,opened_at_ms,closed_at_ms,state",
    );
    match(await columns("v_quality"), /^symbol,venue,received,stored,duplicate,late,quarantined/);
    deepStrictEqual(await server.sql(name(database), "SELECT * FROM tandem.v_trades"), [
      [VENUE, "BTCUSDT", "1", "1000", "100.25", "0.003", "buy", "ws"],
    ]);
  },
);

postgresTest(
  "openReader() and openWriter() say what is wrong with a server",
  async (database, server) => {
    throws(() => openReader(database), code("missing", /holds no store yet/));
    throws(() => openReader(server.url("nowhere")), code("missing", /createdb nowhere/));
    throws(
      () => openWriter(server.url("postgres", "nobody_known"), { identity }),
      code("unreachable"),
    );
    throws(() => openReader("postgres://me@127.0.0.1:1/x"), code("offline", /is it running/));
    throws(() => openReader("postgres://:secret@/x"), (error) => {
      ok(!String(error).includes("secret"), String(error));
      return code("unreachable")(error);
    });
    throws(() => openReader("postgres://me:50%off@127.0.0.1/x"), code("unreachable", /%25/));
    throws(() => openReader("Postgres://me@127.0.0.1:1/x"), code("offline"));
    throws(() => openReader(`${database}?host=elsewhere`), code("unreachable", /leave it out/));
    await server.sql(name(database), "CREATE SCHEMA tandem");
    throws(() => openWriter(database, { identity }), code("foreign"));
    await server.sql(name(database), "COMMENT ON SCHEMA tandem IS 'Tandem 999'");
    throws(() => openWriter(database, { identity }), code("newer"));
    ok(!isLeased("postgres://me@127.0.0.1:1/x"));
  },
);

postgresTest(
  "a role that may only read reads, also days made later, and writes nothing",
  async (database, server) => {
    await server.sql("postgres", "CREATE ROLE tandem_reader LOGIN");
    using writer = openWriter(database, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 3));
    writer.write({ trades: [{ ...trade(90_000), timeMs: 90_000_000 }] });
    const asReader = server.url(name(database), "tandem_reader");
    using reader = openReader(asReader);
    deepStrictEqual(reader.trades({ symbol: "BTCUSDT" }).map((t) => t.tradeId), [1, 2, 3, 90_000]);
    await server.sql("postgres", "CREATE ROLE analyst LOGIN");
    const asAnalyst = server.url(name(database), "analyst");
    throws(() => openReader(asAnalyst), code("unreachable", /"analyst" may not see what is in it/));
    const docs = Deno.readTextFileSync(new URL("../../docs/postgres.md", import.meta.url));
    const grants = [...docs.matchAll(/^(?:GRANT|ALTER DEFAULT) .* TO analyst;$/gm)].map(String);
    strictEqual(grants.length, 3);
    await server.sql(name(database), grants.join(""));
    writer.write({ trades: [{ ...trade(90_001), timeMs: 190_000_000 }] });
    using analyst = openReader(asAnalyst);
    strictEqual(analyst.trades({ symbol: "BTCUSDT" }).at(-1)!.tradeId, 90_001);
    throws(
      () => reader.alerts.constructor && openWriter(asReader, { identity }),
      code("leased"),
    );
    writer[Symbol.dispose]();
    throws(() => openWriter(asReader, { identity }), code("unreachable", /lacks the right/));
  },
);

postgresTest(
  "a writer whose session was ended goes on, unless another has written since",
  async (database, server) => {
    using writer = openWriter(database, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 10));
    const end = () =>
      server.sql(
        name(database),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem writer'",
      );
    await end();
    throws(() => writer.write(batch(11, 20)), code("offline"));
    deepStrictEqual(writer.write(batch(11, 20)), { storedTrades: 10 });
    ok(isLeased(database));
    await end();
    {
      using other = openWriter(database, { identity: { ...identity, pid: 8 } });
      throws(() => writer.heartbeat(5), code("offline"));
      throws(() => writer.heartbeat(5), code("leased", /taken it over/));
      other.write(batch(21, 22));
    }
    throws(() => writer.heartbeat(6), code("leased", /written it meanwhile/));
    deepStrictEqual(stored(database), { ids: idsTo(22), counted: [22, 22], frames: [3] });
  },
);

postgresTest("a reader goes on when its session was ended", async (database, server) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  writer.write(batch(1, 10));
  using reader = openReader(database);
  for (let k = 0; k < 3; k++) {
    await server.sql(
      name(database),
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem reader'",
    );
    strictEqual(reader.trades({ symbol: "BTCUSDT" }).length, 10);
    strictEqual(reader.isReplaced(), false);
  }
});

postgresTest("a program that used a server ends by itself", async (database) => {
  openWriter(database, { identity })[Symbol.dispose]();
  const code = `import { isLeased, openReader } from "${
    import.meta.resolve("../../lib/store/mod.ts")
  }";
    isLeased(${JSON.stringify(database)});
    using reader = openReader(${JSON.stringify(database)});
    console.log(reader.symbols().length);`;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-all", "-"],
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const hung = setTimeout(() => process.kill("SIGKILL"), 30_000);
  const { code: exit, stdout } = await process.output();
  clearTimeout(hung);
  deepStrictEqual([exit, new TextDecoder().decode(stdout)], [0, "0\n"]);
});

postgresTest("a day that was detached by hand is not made again", async (database, server) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  writer.write(batch(1, 2));
  const day = `tandem.${partitionOf(0)}`;
  await server.sql(name(database), `ALTER TABLE tandem.trades DETACH PARTITION ${day}`);
  using next = reopened(writer, database);
  throws(() => next.write(batch(3, 5)), code("unreachable", /ATTACH PARTITION/));
  const range = "FROM (0) TO (86400000)";
  await server.sql(
    name(database),
    `ALTER TABLE tandem.trades ATTACH PARTITION ${day} FOR VALUES ${range}`,
  );
  deepStrictEqual(next.write(batch(3, 5)), { storedTrades: 3 });
  deepStrictEqual(stored(database), { ids: idsTo(5), counted: [5, 5], frames: [2] });
});

postgresTest(
  "what a server refuses of a COPY is told as such, and taken once it can be",
  async (database, server) => {
    using writer = openWriter(database, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 2));
    await server.sql(
      name(database),
      `CREATE FUNCTION tandem.refuse() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE 'no space' USING ERRCODE = 'disk_full'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON tandem.trades
         FOR EACH ROW EXECUTE FUNCTION tandem.refuse()`,
    );
    throws(() => writer.write(batch(3, 5)), code("full", /no space|full/));
    writer.heartbeat(2_000);
    await server.sql(name(database), "DROP TRIGGER refuse ON tandem.trades");
    deepStrictEqual(writer.write(batch(3, 5)), { storedTrades: 3 });
    deepStrictEqual(stored(database), { ids: idsTo(5), counted: [5, 5], frames: [2] });
  },
);

postgresTest("answers of any length are taken, each followed by another", (database) => {
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  writer.write(batch(1, 4_000));
  using reader = openReader(database);
  // About 70 bytes each: the buffers of sockets and streams end within, at and after them.
  for (let limit = 0; limit <= 4_000; limit += limit < 900 ? 60 : 17) {
    strictEqual(reader.tradeColumns({ symbol: "BTCUSDT", limit }).length, limit);
  }
});

postgresTest(
  "a commit whose answer is lost is neither lost nor written twice",
  async (database, server) => {
    for (const reaches of [true, false]) {
      const name_ = name(await server.makeDatabase());
      using wire = await Wire.to(server.port);
      const through = `postgres://tandem@127.0.0.1:${wire.port}/${name_}`;
      using writer = openWriter(through, { identity });
      writer.register(VENUE, "BTCUSDT", "aggTrade");
      writer.write(batch(1, 10));
      wire.cutAtCommit(reaches);
      throws(() => writer.write(batch(11, 20)), code("offline"));
      strictEqual(wire.cuts, 1, "the wire was cut at the commit");
      const count = await server.sql(name_, "SELECT count(*) FROM tandem.trades");
      strictEqual(count.join(), reaches ? "20" : "10");
      // Others are written first, with larger counts; then the same with what came meanwhile.
      writer.write({ closed: [{ symbol: "BTCUSDT", timeMs: 5 }] });
      const other = { trades: [trade(500)], quality: batch(1, 99).quality };
      deepStrictEqual(writer.write({ ...other, quarantined: batch(7, 7).quarantined }), {
        storedTrades: 1,
      });
      const grown = batch(11, 25);
      deepStrictEqual(
        writer.write({
          ...grown,
          quarantined: [...batch(11, 20).quarantined, ...grown.quarantined],
        }),
        { storedTrades: 15 },
      );
      deepStrictEqual(stored(server.url(name_)), {
        ...{ ids: [...idsTo(25), 500], counted: [124, 26], frames: [4] },
      });
    }
    ok(!isLeased(database));
  },
);

function canRead(reader: StoreReader): boolean {
  try {
    return reader.symbols().length > 0;
  } catch (error) {
    ok((error as StoreError).passes, String(error));
    return false;
  }
}

Deno.test({
  name: "a writer of PostgreSQL goes on after its server was killed, and nothing is lost",
  ignore: postgresFolder === null,
  async fn() {
    await using server = await PostgresServer.start();
    const database = await server.makeDatabase();
    using writer = openWriter(database, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    using reader = openReader(database);
    let acknowledged = 0;
    for (let round = 0; round < 3; round++) {
      for (let k = 0; k < 5; k++) {
        writer.write(batch(acknowledged + 1, acknowledged + 20));
        acknowledged += 20;
      }
      await server.kill();
      throws(() => writer.write(batch(acknowledged + 1, acknowledged + 20)), code("offline"));
      throws(() => writer.heartbeat(1), (error) => (error as StoreError).passes);
      // Who asks again and again, also while it starts, is answered as soon as it can.
      const starting = server.restart();
      await until(() => canRead(reader));
      await starting;
      deepStrictEqual(writer.write(batch(acknowledged + 1, acknowledged + 20)), {
        storedTrades: 20,
      });
      acknowledged += 20;
    }
    deepStrictEqual(stored(database), {
      ids: idsTo(acknowledged),
      counted: [acknowledged, acknowledged],
      frames: [acknowledged / 20],
    });
  },
});

postgresTest("housekeeping drops whole days by age and by size", async (database, server) => {
  const DAY_MS = 86_400_000;
  using writer = openWriter(database, { identity });
  writer.register(VENUE, "BTCUSDT", "aggTrade");
  const perDay = 20_000;
  for (let day = 0; day < 4; day++) {
    writer.write({
      trades: Array.from({ length: perDay }, (_, k) => ({
        ...trade(1 + day * perDay + k),
        timeMs: day * DAY_MS + k,
      })),
    });
  }
  using reader = openReader(database);
  const housekeep = (asked: object) =>
    writer.housekeep({
      ...{
        nowMs: 3.5 * DAY_MS,
        archiveAfterMs: null,
        tradesMs: null,
        barsMs: null,
        maxBytes: null,
      },
      ...asked,
    }, new AbortController().signal);
  const byAge = await housekeep({ tradesMs: 2 * DAY_MS });
  strictEqual(byAge.deletedTrades, perDay);
  strictEqual(reader.symbols()[0]?.tradesFromMs, DAY_MS);
  strictEqual(reader.trades({ symbol: "BTCUSDT", limit: 1 })[0]?.tradeId, perDay + 1);
  ok(writer.isKnown("BTCUSDT", 5), "an id that was deleted by age is known");
  // Who reads keeps the day from being dropped: it is told, and done the next time.
  const open = server.sql(
    name(database),
    "BEGIN; SELECT count(*) FROM tandem.trades; SELECT pg_sleep(3); COMMIT",
  );
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const busy = await housekeep({ maxBytes: byAge.usedBytes - 1 });
  match(busy.problems.join(), /busy/);
  await open;
  const bySize = await housekeep({ maxBytes: byAge.usedBytes - 1 });
  strictEqual(bySize.deletedTrades, perDay, bySize.problems.join());
  ok(bySize.usedBytes < byAge.usedBytes);
  deepStrictEqual(
    await server.sql(
      name(database),
      "SELECT relname FROM pg_class WHERE relname LIKE 'trades\\_1%' AND relkind = 'r' ORDER BY 1",
    ),
    [2, 3].map((day) => [partitionOf(day * DAY_MS)]),
  );
  match((await housekeep({ maxBytes: 1 })).problems.join(), /only bars and the trades of today/);
  match((await housekeep({ archiveAfterMs: 1 })).problems.join(), /--archive-after/);
  // What is deleted may be written again: by a backfill.
  strictEqual(writer.write({ trades: [{ ...trade(3), timeMs: 3 }] }).storedTrades, 1);
});

Deno.test("what no server reports means that the connection is lost, and what one reports does not", () => {
  const location = parsePostgres("postgres://me@db/tandem");
  const codeOf = (code: string) => asPostgresError(location, { code, message: "why" }).code;
  const lost = ["ETIMEDOUT", "ECONNRESET", "EPIPE", "EAI_AGAIN", "EPROTO", "CONNECTION_CLOSED"];
  deepStrictEqual(
    new Set([...lost, "TIMEOUT", "57P01", "08006"].map(codeOf)),
    new Set(["offline"]),
  );
  deepStrictEqual(
    ["28P01", "SASL_SIGNATURE_MISMATCH", "3D000", "53100", "40P01", "22012", "XX000", "23505", ""]
      .map(codeOf),
    [
      ...["unreachable", "unreachable", "missing", "full", "busy", "leased", "corrupt"],
      ...["unreachable", "unreachable"],
    ],
  );
});

Deno.test("a password is looked for in the file that others use", () => {
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(
    file,
    "# comment\nother:*:*:me:no\ndb:5432:tan\\:dem:me:with:colons and \\\\\r\n*:*:*:*:last\n",
  );
  const before = Deno.env.get("PGPASSFILE");
  const own = Deno.env.get("PGPASSWORD");
  Deno.env.delete("PGPASSWORD");
  Deno.env.set("PGPASSFILE", file);
  try {
    strictEqual(passwordOf(parsePostgres("postgres://me@db/tan:dem")), "with:colons and \\");
    strictEqual(passwordOf(parsePostgres("postgres://you@db/tandem")), "last");
    strictEqual(passwordOf(parsePostgres("postgres://you:own@db/tandem")), "own");
  } finally {
    if (before === undefined) Deno.env.delete("PGPASSFILE");
    else Deno.env.set("PGPASSFILE", before);
    if (own !== undefined) Deno.env.set("PGPASSWORD", own);
  }
});
