// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * How long nothing new is stored when a process of a distributed ingestion is killed:
 * `deno run -A benches/takeover.ts [KILLS]`. Two feeds, a nats-server and a store as programs, 300
 * trades/s of two symbols; what was killed is started again at once. Needs nats-server.
 *
 * @module
 */
import { openReader } from "tandem/store";
import { startExchange } from "tandem/exchange";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { type Running, start, until } from "../tests/support/programs.ts";
import { formatTable } from "../tools/support/format.ts";

const KILLS = Number(Deno.args[0] ?? 20);
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

async function main(): Promise<void> {
  if (natsServerPath === null) {
    console.log("There is nothing to measure with: install nats-server");
    return;
  }
  const folder = await Deno.makeTempDir();
  const database = `${folder}/bench.db`;
  await using server = await NatsServer.start();
  await using exchange = await startExchange({
    source: { seed: 1, symbols: SYMBOLS, ratePerSecond: 300, historyMs: 1_000 },
    weightPerMinute: 1_000_000,
  });
  const bus = ["--bus", server.url];
  const urls = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
  const feed = (name: string) => start("feed", ...SYMBOLS, "--name", name, ...bus, ...urls);
  const store = () => start("store", ...bus, "--db", database);
  const running = { first: feed("first"), second: feed("second"), store: store() };
  try {
    await until(() => newestOf(database) > 0, 60_000);
    await Promise.all(Object.values(running).map(pidOf));
    using reader = openReader(database);
    let newestId = 0;
    const newest = () =>
      newestId = reader.trades({ symbol: SYMBOLS[0]!, fromId: newestId }).at(-1)?.tradeId ??
        newestId;
    /** The longest time without a new trade from now on, ms. */
    const longestPause = async () => {
      const startMs = performance.now();
      let [longestMs, sinceMs, last] = [0, startMs, newest()];
      while (performance.now() - startMs < LOOK_MS || performance.now() - sinceMs > STEADY_MS) {
        await wait(SAMPLE_MS);
        const now = newest();
        const atMs = performance.now();
        if (now === last) continue;
        longestMs = Math.max(longestMs, atMs - sinceMs);
        [sinceMs, last] = [atMs, now];
      }
      return longestMs;
    };
    const killed = async (name: keyof typeof running, again: () => Running) => {
      Deno.kill(await pidOf(running[name]), "SIGKILL");
      const pause = longestPause();
      await running[name].code;
      running[name] = again();
      const ms = await pause;
      await pidOf(running[name]);
      await wait(STEADY_MS);
      return ms;
    };
    const cases: [string, () => Promise<number>][] = [
      ["nobody", longestPause],
      ["one feed of two", () => killed("first", () => feed("first"))],
      ["the store", () => killed("store", store)],
      ["nats-server", async () => {
        await server.kill();
        const pause = longestPause();
        await server.restart();
        return await pause;
      }],
    ];
    const rows: string[][] = [];
    for (const [name, measure] of cases) {
      const pauses: number[] = [];
      for (let k = 0; k < KILLS; k++) pauses.push(await measure());
      pauses.sort((a, b) => a - b);
      const [median, most] = [pauses[Math.floor(KILLS / 2)]!, pauses.at(-1)!];
      rows.push([name, String(KILLS), median.toFixed(0), most.toFixed(0)]);
    }
    console.log(
      formatTable(["killed", "times", "longest without a new trade, ms: median", "most"], rows),
    );
  } finally {
    for (const each of Object.values(running)) await each.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

function newestOf(database: string): number {
  try {
    using reader = openReader(database);
    return reader.trades({ symbol: SYMBOLS[0]!, limit: 1 }).length;
  } catch {
    return 0;
  }
}

if (import.meta.main) await main();
