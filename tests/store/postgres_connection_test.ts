/** What becomes of a connection to a server that is lost: nothing is lost with it, or written twice. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  isLeased,
  openReader,
  openWriter,
  type StoreError,
  type StoreReader,
} from "../../lib/store/mod.ts";
import { postgresFolder, PostgresServer, postgresTest } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import { batch, code, identity, idsTo, name, stored, trade, VENUE } from "./support/postgres.ts";
import { Wire } from "./support/wire.ts";

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
      throws(
        () => writer.heartbeat(5),
        code("leased", /another program is writing it now \(process 8 on here, started 1970/),
      );
      other.write(batch(21, 22));
    }
    throws(
      () => writer.heartbeat(6),
      code("leased", /has written it meanwhile \(process 8 on here, started 1970/),
    );
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
