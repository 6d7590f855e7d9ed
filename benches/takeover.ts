// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * How long nothing new is stored when a process of a distributed ingestion is killed:
 * `deno run -A benches/takeover.ts [KILLS] [WORDS]`, where only lines that contain the words are
 * measured: `100 "PostgreSQL one store of two"`. Two feeds, a nats-server and a store as programs, at last
 * two stores, 300 trades/s of two symbols, into a file and onto a PostgreSQL server; what was killed
 * is started again at once. Needs nats-server and PostgreSQL (Debian's packages); PostgreSQL has its
 * own defaults.
 *
 * @module
 */
import { partitionOf } from "tandem/bus";
import { quantile } from "tandem/stats";
import { openReader, type StoreReader } from "tandem/store";
import { startExchange } from "tandem/exchange";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { postgresFolder, PostgresServer } from "../tests/support/postgres_server.ts";
import { run, type Running, start, until } from "../tests/support/programs.ts";
import { formatTable } from "../tools/support/format.ts";

const KILLS = Number(Deno.args[0] ?? 20);
const WORDS = Deno.args[1] ?? "";
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
/** So long it is looked after a kill, ms; a pause that lasts longer is looked at to its end. */
const LOOK_MS = 3_000;
const SAMPLE_MS = 10;
/** Without any kill the store commits ten times a second. */
const STEADY_MS = 1_000;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The process that does the work, once it says so. */
async function pidOf(running: Running): Promise<number> {
  await until(() => /process \d+/.test(running.err));
  return Number(/process (\d+)/.exec(running.err)![1]);
}

/** The id of the newest trade that a database tells, looked for from the last one on. */
class Newest implements Disposable {
  readonly #reader: StoreReader;
  #id = 0;

  constructor(database: string) {
    this.#reader = openReader(database);
  }

  get id(): number {
    try {
      const newer = this.#reader.trades({ symbol: SYMBOLS[0]!, fromId: this.#id });
      this.#id = newer.at(-1)?.tradeId ?? this.#id;
    } catch {
      // While its server is away a database tells nothing new.
    }
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}

/** The longest time without a new trade from now on, ms. */
async function longestPause(newest: Newest): Promise<number> {
  const startMs = performance.now();
  let [longestMs, sinceMs, last] = [0, startMs, newest.id];
  while (performance.now() - startMs < LOOK_MS || performance.now() - sinceMs > STEADY_MS) {
    await wait(SAMPLE_MS);
    const now = newest.id;
    const atMs = performance.now();
    if (now === last) continue;
    longestMs = Math.max(longestMs, atMs - sinceMs);
    [sinceMs, last] = [atMs, now];
  }
  return longestMs;
}

/** Kills each part of an ingestion into a database, again and again; a line of the table for each. */
async function measure(database: string, postgres: PostgresServer | null): Promise<string[][]> {
  await using server = await NatsServer.start();
  await using exchange = await startExchange({
    source: { seed: 1, symbols: SYMBOLS, ratePerSecond: 300, historyMs: 1_000 },
    weightPerMinute: 1_000_000,
  });
  const bus = ["--bus", server.url];
  const urls = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
  const feed = (name: string) => start("feed", ...SYMBOLS, "--name", name, ...bus, ...urls);
  const store = (name: string) => start("store", "--name", name, ...bus, "--db", database);
  const running: Record<string, Running> = {
    first: feed("first"),
    second: feed("second"),
    one: store("one"),
  };
  try {
    await until(() => hasTrades(database), 60_000);
    await Promise.all(Object.values(running).map(pidOf));
    using newest = new Newest(database);
    const killed = async (name: string, again: (name: string) => Running) => {
      Deno.kill(await pidOf(running[name]!), "SIGKILL");
      const pause = longestPause(newest);
      await running[name]!.code;
      running[name] = again(name);
      const ms = await pause;
      await pidOf(running[name]!);
      // Another store also needs time to have its share again.
      await wait(3 * STEADY_MS);
      return ms;
    };
    const crashed = async (struck: NatsServer | PostgresServer) => {
      const pause = longestPause(newest);
      await struck.kill();
      await struck.restart();
      return await pause;
    };
    const cases: readonly (readonly [string, () => Promise<number>])[] = [
      ["nobody", () => longestPause(newest)],
      ["one feed of two", () => killed("first", feed)],
      ["the only store", () => killed("one", store)],
      ["nats-server", () => crashed(server)],
      ...postgres === null ? [] : [["PostgreSQL", () => crashed(postgres)] as const],
      ["one store of two", async () => {
        if (running.other === undefined) {
          running.other = store("other");
          await pidOf(running.other);
          await wait(3 * STEADY_MS);
        }
        return await killed(await holderOf(database, ["one", "other"]), store);
      }],
    ];
    const rows: string[][] = [];
    for (const [name, once] of cases) {
      const where = postgres === null ? "file" : "PostgreSQL";
      if (!`${where} ${name}`.includes(WORDS)) continue;
      const pauses: number[] = [];
      for (let k = 0; k < KILLS; k++) pauses.push(await once());
      const times = [0.5, 0.9, 0.99, 1].map((share) => quantile(pauses, share)!.toFixed(0));
      rows.push([where, name, String(KILLS), ...times]);
    }
    return rows;
  } finally {
    for (const each of Object.values(running)) await each.stop();
  }
}

/** The store that has the symbol that is looked at. */
async function holderOf(database: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const { code, out } = await run("status", "--store", name, "--db", database, "--json");
    if (code !== 0) continue;
    const { partitions, partitionCount } = JSON.parse(out);
    const own = partitionOf(SYMBOLS[0]!, partitionCount);
    if (partitions.some((each: { partition: number }) => each.partition === own)) return name;
  }
  throw new Error(`No store has ${SYMBOLS[0]}`);
}

function hasTrades(database: string): boolean {
  try {
    using reader = openReader(database);
    return reader.trades({ symbol: SYMBOLS[0]!, limit: 1 }).length > 0;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  if (natsServerPath === null || postgresFolder === null) {
    console.log("There is nothing to measure with: install nats-server and postgresql");
    return;
  }
  const folder = await Deno.makeTempDir();
  try {
    const rows = await measure(`${folder}/bench.db`, null);
    await using postgres = await PostgresServer.start([]);
    rows.push(...await measure(await postgres.makeDatabase(), postgres));
    const titles = ["into", "killed", "times", "median", "p90", "p99", "most"];
    console.log(`Longest without a new trade, ms\n${formatTable(titles, rows)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
