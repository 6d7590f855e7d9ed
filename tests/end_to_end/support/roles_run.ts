/** One run of two feeds, a log and two or three stores, each killed and cut off at random moments. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { randomFaults, startExchange } from "../../../lib/exchange/mod.ts";
import { Random } from "../../../lib/stats/mod.ts";
import { CutProxy } from "../../support/cut_proxy.ts";
import { NatsServer } from "../../support/nats_server.ts";
import type { PostgresServer } from "../../support/postgres_server.ts";
import { until } from "../../support/programs.ts";
import { checkStored } from "./check_stored.ts";
import { checkCounts } from "./check_counts.ts";
import { planOf, type RunResult } from "./fault_run.ts";
import { Role } from "./role.ts";
import { areFair, untilAllTold, untilWhole } from "./roles_state.ts";
import { forgetStored, storedTrades } from "./stored_trades.ts";

/** The machine may have other things to do. */
const PATIENCE_MS = 120_000;
/** Faults for which a program waits long, as it must: half a minute, 15 s, or a minute. */
const SLOW = new Set(["vanish", "half-open", "rest-451"]);
/** A connection of a program takes longer to open than those of runs in one process. */
const LIFETIME_FACTOR = 4;
/** What can happen to, each by itself or several at once. */
const PARTS = ["first", "second", "store", "other", "server", "bus", "exchange"] as const;
/** What more can happen where the database is on a server: it is killed, its connections are cut. */
const PARTS_OF_SERVER = ["third", "database", "link"] as const;
type Part = typeof PARTS[number] | typeof PARTS_OF_SERVER[number];

/** What happened in a run beside faults of the exchange. */
export interface RolesResult extends RunResult {
  /** How often each part was killed, or its connections cut. */
  readonly blows: ReadonlyMap<Part, number>;
}

/**
 * Runs it, and compares what is stored with what was traded and told.
 *
 * @param postgres The server that the database is on; `null` for a file.
 */
export async function runRoles(
  seed: number,
  database: string,
  postgres: PostgresServer | null = null,
): Promise<RolesResult> {
  const random = new Random(`roles ${seed}`);
  const draw = () => random.uniform();
  const { rates, lifetimeMs } = planOf(draw);
  const plan = {
    rates: Object.fromEntries(Object.entries(rates).filter(([kind]) => !SLOW.has(kind))),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs: LIFETIME_FACTOR * lifetimeMs }),
  };
  const faults = randomFaults({ seed, plan });
  const symbolCount = 2 + Math.floor(3 * draw());
  const ratePerSecond = 200 + 600 * draw();
  await using exchange = await startExchange({
    source: { seed, symbols: symbolCount, ratePerSecond, historyMs: 2_000 },
    ...{ faults, weightPerMinute: 1_000_000 },
  });
  await using server = await NatsServer.start();
  await using bus = await CutProxy.start(Number(new URL(server.url).port));
  await using line = await CutProxy.start(Number(new URL(exchange.restUrl).port));
  // Each store is cut off by itself; whoever compares has other connections.
  await using cuts = new AsyncDisposableStack();
  const links: CutProxy[] = [];
  const buses = [bus];
  const store = async (name: string) => {
    const ownBus = cuts.use(await CutProxy.start(Number(new URL(server.url).port)));
    buses.push(ownBus);
    const own = [
      "--name",
      `${name}-${Deno.pid}-${seed}`,
      "--bus",
      `nats://127.0.0.1:${ownBus.port}`,
    ];
    if (postgres === null) return new Role("store", ...own, "--db", database);
    const link = cuts.use(await CutProxy.start(postgres.port));
    links.push(link);
    const through = database.replace(`:${postgres.port}/`, `:${link.port}/`);
    return new Role("store", ...own, "--db", through);
  };
  const oneOf = <T>(things: readonly T[]) => things[Math.floor(things.length * draw())]!;
  const parts = postgres === null ? PARTS : [...PARTS, ...PARTS_OF_SERVER];
  const log = ["--bus", `nats://127.0.0.1:${bus.port}`];
  const urls = ["--ws-url", `ws://127.0.0.1:${line.port}`];
  urls.push("--rest-url", `http://127.0.0.1:${line.port}`);
  const feed = (name: string) => {
    const own = ["--name", `${name}-${Deno.pid}-${seed}`];
    return new Role("feed", ...exchange.symbols, ...own, ...log, ...urls);
  };
  const roles = {
    first: feed("first"),
    second: feed("second"),
    store: await store("store"),
    // In a file it stands by; on a server they share the partitions, also with one that comes later.
    other: await store("other"),
    ...postgres === null ? {} : { third: await store("third") },
  };
  const stores = Object.values(roles).filter(({ name }) => name === "store");
  const places = new Places(postgres, database);
  const blows = new Map<Part, number>(parts.map((part) => [part, 0]));
  /** Ends a server as a crash would, and starts it again. */
  const crash = async (struck: NatsServer | PostgresServer, downMs: number) => {
    await struck.kill();
    await pause(downMs);
    await struck.restart();
  };
  /** Does something to a part, and undoes it after a while. */
  const strike = async (part: Part, downMs: number) => {
    blows.set(part, blows.get(part)! + 1);
    if (part === "bus") oneOf(buses).cut();
    else if (part === "exchange") line.cut();
    else if (part === "link") oneOf(links).cut();
    else if (part === "server") await crash(server, downMs);
    else if (part === "database") await crash(postgres!, downMs);
    else {
      await roles[part]!.kill();
      await pause(downMs);
      roles[part]!.start();
    }
  };
  try {
    for (const [name, role] of Object.entries(roles)) if (name !== "third") role.start();
    // In some runs all is well at first, in others nothing has even begun.
    if (draw() < 0.7) await until(() => storedTrades(database) > 100, PATIENCE_MS);
    for (let left = 3 + Math.floor(4 * draw()); left > 0; left--) {
      await pause(1_200 * draw());
      const chance = draw() < 0.6 ? 0 : draw();
      const chosen = parts.filter(() => draw() < chance);
      if (chosen.length === 0) chosen.push(parts[Math.floor(parts.length * draw())]!);
      await Promise.all(chosen.map((part) => strike(part, draw() < 0.5 ? 0 : 1_500 * draw())));
      if (postgres !== null) await places.look();
      const before = storedTrades(database);
      // Often the next blow comes before all is well again.
      if (draw() < 0.5) await until(() => storedTrades(database) > before + 50, PATIENCE_MS);
    }
    faults.isActive = false;
    // One that was never struck has not been started.
    for (const role of Object.values(roles)) role.start();
    for (const role of Object.values(roles)) await role.untilReady(PATIENCE_MS);
    if (postgres !== null) await until(() => areFair(stores), PATIENCE_MS);
    await until(() => storedTrades(database) > 0, PATIENCE_MS);
    // A hole between two runs of both feeds is known to the store; who starts now asks for it.
    await untilAllTold(database, exchange, PATIENCE_MS);
    strictEqual(await roles.first.stop(), 0, "the first feed ends");
    roles.first.start();
    await roles.first.untilReady(PATIENCE_MS);
    await untilWhole(database, exchange, PATIENCE_MS);
    for (const [name, role] of Object.entries(roles)) {
      strictEqual(await role.stop(), 0, `${name} ends`);
    }
    if (postgres !== null) await places.look();
    for (const { faults } of Object.values(roles)) deepStrictEqual(faults, []);
    await checkCounts(server, database, exchange.symbols);
    const result = await checkStored({
      run: { streamKind: "aggTrade", isCramped: false },
      sessions: [{ received: [], isHeard: false, isCrashed: true }],
      truth: (symbol) => exchange.aggTrades(symbol),
      ...{ database, log: faults.log, mustHave: exchange.symbols },
    });
    return { ...result, blows };
  } catch (error) {
    const logs = Object.entries(roles).map(([name, role]) => `== ${name}\n${role.log}`);
    throw new Error(`${(error as Error).stack}\n${logs.join("\n")}`, { cause: error });
  } finally {
    for (const role of Object.values(roles)) await role.kill();
    forgetStored(database);
  }
}

/** Sees to it that no bookmark ever goes back. */
class Places {
  readonly #server: PostgresServer | null;
  readonly #name: string;
  readonly #newest = new Map<string, number>();

  constructor(server: PostgresServer | null, database: string) {
    this.#server = server;
    this.#name = database.split("/").at(-1)!;
  }

  async look(): Promise<void> {
    const rows = await this.#server!.sql(this.#name, "SELECT name, place FROM tandem.bookmarks")
      // It may have been killed, or have no tables yet.
      .catch(() => []);
    for (const [name, place] of rows) {
      const before = this.#newest.get(name!) ?? 0;
      ok(Number(place) >= before, `${name} went back from ${before} to ${place}`);
      this.#newest.set(name!, Number(place));
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
