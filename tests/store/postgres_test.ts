import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { isLeased, openReader, openWriter } from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";
import { batch, code, identity, idsTo, name, stored, trade, VENUE } from "./support/postgres.ts";

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
