/**
 * Two feeds, a nats-server, two stores and PostgreSQL, each on a host of its own, as cables are pulled
 * and put back: unlike a process that dies, a host that vanishes closes no connection. What is stored
 * equals what was traded, none twice, bars follow from it, and no gap is left.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { type Host, Hosts } from "../support/hosts.ts";
import { NatsServer, natsServerPath } from "../support/nats_server.ts";
import { commandAt } from "../support/place.ts";
import { postgresFolder, PostgresServer } from "../support/postgres_server.ts";
import { until } from "../support/programs.ts";
import { checkCounts } from "./support/check_counts.ts";
import { checkStored } from "./support/check_stored.ts";
import { Role } from "./support/role.ts";
import { areFair, untilAllTold, untilWhole } from "./support/roles_state.ts";
import { forgetStored, storedTrades } from "./support/stored_trades.ts";

/** The machine may have other things to do. */
const PATIENCE_MS = 120_000;
const HEALTH_PORT = 9_100;

const NAME = "hosts that vanish and come back lose and double nothing";
const isMissing = natsServerPath === null || postgresFolder === null;
if (isMissing) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(`skipped: "${NAME}" needs Debian's nats-server and postgresql`);
}

Deno.test({
  name: NAME,
  ignore: isMissing,
  // Who asked a server whether its database is leased keeps the connection for a second.
  ...{ sanitizeResources: false, sanitizeOps: false },
  fn: async () => {
    await using hosts = await Hosts.start(NAME);
    if (hosts === null) return;
    const [atLog, atDatabase, atFirst, atSecond, atStore, atOther] = [
      await hosts.add("log"),
      await hosts.add("database"),
      await hosts.add("first"),
      await hosts.add("second"),
      await hosts.add("store"),
      await hosts.add("other"),
    ];
    const { log: faultLog } = randomFaults({ seed: 1, plan: { rates: {} } });
    await using exchange = await startExchange({
      hostname: hosts.here.address,
      source: { seed: 11, symbols: 10, ratePerSecond: 500, historyMs: 2_000 },
      weightPerMinute: 1_000_000,
    });
    await using nats = await NatsServer.start(atLog);
    await using postgres = await PostgresServer.start(undefined, atDatabase);
    const database = await postgres.makeDatabase();

    const roleAt = (host: Host, kind: string, name: string, ...args: string[]) =>
      new Role(
        kind,
        host,
        ...["--bus", nats.url, "--name", `${name}-${Deno.pid}`],
        ...["--health-host", host.address, "--health-port", `${HEALTH_PORT}`],
        ...args,
      );
    const heard = [...exchange.symbols, "--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
    const feeds = [
      roleAt(atFirst, "feed", "first", ...heard),
      roleAt(atSecond, "feed", "second", ...heard),
    ];
    const store = roleAt(atStore, "store", "store", "--db", database);
    const other = roleAt(atOther, "store", "other", "--db", database);
    const roles = [...feeds, store, other];
    try {
      for (const role of roles) role.start();
      for (const role of roles) await role.untilReady(PATIENCE_MS);
      await until(() => areFair([store, other]), PATIENCE_MS);
      await until(() => storedTrades(database) > 100, PATIENCE_MS);

      // A feed and a store vanish: the others do all of it, though the server still holds the session.
      await Promise.all([atFirst.pull(), atStore.pull()]);
      await untilAllTold(database, exchange, PATIENCE_MS);
      await until(() => /Standing by .* its connection was lost/.test(store.log), PATIENCE_MS);

      // They come back: the store has lost its partitions, and joins anew.
      for (const role of [store, other]) role.mark();
      await Promise.all([atFirst.plug(), atStore.plug()]);
      await until(() => areFair([store, other]), PATIENCE_MS);

      // The log and the database say nothing any more, until nobody holds a connection to them.
      await Promise.all([atLog.pull(), atDatabase.pull()]);
      for (const host of [atSecond, atStore, atOther]) {
        await untilNotReady(host, /log "tandem" at .* cannot be reached/);
        await until(() => isCutOff(host, atLog), PATIENCE_MS, 250);
      }
      await untilNotReady(atOther, /PostgreSQL at .*: /);
      for (const role of [store, other]) role.mark();
      await Promise.all([atLog.plug(), atDatabase.plug()]);
      for (const host of [atFirst, atSecond, atStore, atOther]) {
        await until(async () => (await readiness(host)).status === 200, PATIENCE_MS);
      }
      await until(() => areFair([store, other]), PATIENCE_MS);
      await untilWhole(database, exchange, PATIENCE_MS);

      for (const role of roles) strictEqual(await role.stop(), 0, `${role.name} ends`);
      for (const { faults } of roles) deepStrictEqual(faults, []);
      await checkCounts(nats, database, exchange.symbols);
      const { gaps, lost } = await checkStored({
        run: { streamKind: "aggTrade", isCramped: false },
        sessions: [{ received: [], isHeard: false, isCrashed: true }],
        truth: (symbol) => exchange.aggTrades(symbol),
        ...{ database, log: faultLog, mustHave: exchange.symbols },
      });
      strictEqual(lost, 0, `of ${gaps} gaps`);
    } catch (error) {
      const logs = roles.map(({ name, log }) => `== ${name}\n${log}`);
      throw new Error(`${(error as Error).stack}\n${logs.join("\n")}`, { cause: error });
    } finally {
      for (const role of roles) await role.kill();
      forgetStored(database);
    }
  },
});

/** What a program says of itself. */
async function readiness({ address }: Host): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://${address}:${HEALTH_PORT}/readyz`);
  return { status: answer.status, text: await answer.text() };
}

/** Waits until a program says that it cannot do its work, and among the reasons a given one. */
async function untilNotReady(host: Host, reason: RegExp): Promise<void> {
  await until(async () => {
    const { status, text } = await readiness(host);
    return status === 503 && reason.test(text);
  }, PATIENCE_MS);
}

/** Whether no program of a host believes that it is connected to another. */
async function isCutOff(host: Host, { address }: Host): Promise<boolean> {
  const args = ["-tnH", "state", "established", "dst", address];
  const { stdout, success } = await commandAt(host, "ss", { args }).output();
  ok(success);
  return stdout.length === 0;
}
