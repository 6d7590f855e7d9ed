import { ok } from "node:assert/strict";
import { SET_UP } from "../../lib/store/postgres/client.ts";
import { Hosts } from "../support/hosts.ts";
import { commandAt } from "../support/place.ts";
import { postgresFolder, PostgresServer } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";

const NAME = "a server ends the session of a host that vanishes in the middle of a COPY";
/** More than twice what it takes. */
const PATIENCE_MS = 25_000;

if (postgresFolder === null) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: "${NAME}" needs PostgreSQL; install Debian's package postgresql`);
}

Deno.test({
  name: NAME,
  ignore: postgresFolder === null,
  fn: async () => {
    await using hosts = await Hosts.start(NAME);
    if (hosts === null) return;
    const host = await hosts.add("client");
    await using server = await PostgresServer.start(undefined, await hosts.add("server"));
    const database = await server.makeDatabase();
    const name = new URL(database).pathname.slice(1);
    await server.sql(name, "CREATE TABLE rows (x text)");
    const isHeld = async () =>
      (await server.sql(name, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")).length > 0;
    // As a store that holds a share; but it never sends the end of its rows.
    const client = commandAt(host, `${postgresFolder}/psql`, {
      args: [
        ...[database, "-X", "-q", "-c", SET_UP, "-c", "SELECT pg_advisory_lock(1)"],
        ...["-c", "COPY public.rows FROM STDIN"],
      ],
      ...{ stdin: "piped", stdout: "null", stderr: "null" },
    }).spawn();
    const rows = client.stdin.getWriter();
    try {
      await rows.write(new TextEncoder().encode("1\n".repeat(100_000)));
      const copying =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COPY%' AND wait_event = 'ClientRead'";
      await until(async () => (await server.sql(name, copying)).length > 0);
      ok(await isHeld());
      await host.pull();
      await until(async () => !await isHeld(), PATIENCE_MS);
    } finally {
      client.kill("SIGKILL");
      await client.status;
      await rows.abort().catch(() => {});
    }
  },
});
