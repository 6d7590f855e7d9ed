import { match, ok, strictEqual } from "node:assert/strict";
import { openReader, openWriter, StoreError } from "../../lib/store/mod.ts";
import { postgresFolder, PostgresServer } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import { certify } from "./support/authority.ts";

/** What opening a database tells: nothing that is wrong, or the message. */
function told(url: string): string {
  try {
    openReader(url)[Symbol.dispose]();
    return "";
  } catch (error) {
    ok(error instanceof StoreError, `${error}`);
    return error.message;
  }
}

Deno.test({
  name: "a connection to PostgreSQL is encrypted, and its server is who it says, as the URL asks",
  ignore: postgresFolder === null,
  async fn() {
    const folder = await Deno.makeTempDir();
    const other = await Deno.makeTempDir();
    await using server = await PostgresServer.start();
    const database = await server.makeDatabase();
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    openWriter(database, { identity })[Symbol.dispose]();
    match(told(`${database}?sslmode=require`), /does not encrypt/);

    const own = await certify(folder, "IP:127.0.0.1");
    const foreign = await certify(other, "DNS:elsewhere");
    await server.encrypt(own.certificate, own.key);
    await until(() => told(`${database}?sslmode=disable`) !== "");
    match(told(`${database}?sslmode=disable`), /takes encrypted connections only/);
    strictEqual(told(`${database}?sslmode=require`), "");
    const verified = `${database}?sslmode=verify-full`;
    match(told(verified), /certificate is not good/);
    match(told(`${verified}&sslrootcert=${foreign.authority}`), /certificate is not good/);
    match(told(`${verified}&sslrootcert=${other}/none`), /Cannot read the certificates/);
    match(told(`${database}?sslrootcert=${own.authority}`), /goes with sslmode=verify-full/);
    strictEqual(told(`${verified}&sslrootcert=${own.authority}`), "");

    await server.encrypt(foreign.certificate, foreign.key);
    const byName = `${verified}&sslrootcert=${foreign.authority}`;
    await until(() => /does not match|not good/.test(told(byName)));
    match(told(byName), /certificate is not good/);
    for (const made of [folder, other]) await Deno.remove(made, { recursive: true });
  },
});
