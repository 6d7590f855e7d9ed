// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * Trades from a socket into bars and a database, by one process and by way of a log on a nats-server
 * by several, in turn: `deno run -A benches/roles_path.ts [MILLIONS] [RUNS] [RATE]`. RATE is in
 * trades/s, 0 for as fast as they are taken. Needs nats-server (Debian's package).
 *
 * @module
 */
import { openReader } from "tandem/store";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { Role } from "../tests/end_to_end/support/role.ts";
import { usageOf } from "../tools/soak/child.ts";
import { formatTable } from "../tools/support/format.ts";
import type { FeedRunResult } from "./support/feed_run.ts";
import type { IngestRunResult } from "./support/ingest_run.ts";
import { AskedProcess } from "./support/asked_process.ts";

const COUNT = Math.round(1e6 * Number(Deno.args[0] ?? 1));
const RUNS = Number(Deno.args[1] ?? 3);
const RATE = Number(Deno.args[2] ?? 0);
const SYMBOLS = 20;
const symbols = Array.from({ length: SYMBOLS }, (_, k) => `SYM${k}USDT`);
const support = decodeURIComponent(new URL("./support", import.meta.url).pathname);
const PATIENCE_MS = 120_000;

/** What a million trades took, s of one core. */
type Costs = Readonly<Record<string, number>>;

interface Measured {
  readonly perSecond: number;
  readonly costs: Costs;
}

const perMillion = (cpuSeconds: number) => 1e6 * cpuSeconds / COUNT;

async function byOne(port: number, folder: string): Promise<Measured> {
  const args = [String(port), String(COUNT), `${folder}/one.db`, symbols.join(",")];
  await using ingest = await AskedProcess.start(`${support}/ingest_run.ts`, args);
  const { seconds, cpuSeconds } = await ingest.ask<IngestRunResult>();
  return { perSecond: COUNT / seconds, costs: { ingest: perMillion(cpuSeconds) } };
}

async function byRoles(port: number, folder: string): Promise<Measured> {
  const database = `${folder}/roles.db`;
  await using server = await NatsServer.start();
  const args = [String(port), String(COUNT), server.url, symbols.join(",")];
  await using feed = await AskedProcess.start(`${support}/feed_run.ts`, args);
  const store = new Role("store", "--bus", server.url, "--db", database);
  store.start();
  try {
    await store.untilReady(PATIENCE_MS);
    const before = { store: cpuOf(store.pid), server: cpuOf(server.pid) };
    const { startMs, cpuSeconds, batches } = await feed.ask<FeedRunResult>();
    const deadlineMs = Date.now() + PATIENCE_MS;
    while (stored(database) < COUNT) {
      if (Date.now() > deadlineMs) throw new Error(`${stored(database)} are stored\n${store.log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seconds = (Date.now() - startMs) / 1_000;
    const costs = {
      feed: perMillion(cpuSeconds),
      "nats-server": perMillion(cpuOf(server.pid) - before.server),
      store: perMillion(cpuOf(store.pid) - before.store),
    };
    console.log(`${batches} batches of ${Math.round(COUNT / batches)} events`);
    return { perSecond: COUNT / seconds, costs };
  } finally {
    await store.stop();
  }
}

function cpuOf(pid: number): number {
  return usageOf(pid)!.cpuSeconds;
}

function stored(database: string): number {
  using reader = openReader(database);
  return reader.quality().reduce((sum, q) => sum + q.stored, 0);
}

if (natsServerPath === null) {
  console.log("There is no nats-server here (Debian package nats-server): nothing was measured");
  Deno.exit(0);
}
const blaster = await AskedProcess.start<number>(
  `${support}/blast_worker.ts`,
  [`?count=${COUNT}&symbols=${SYMBOLS}${RATE === 0 ? "" : `&rate=${RATE}`}`],
);
const rows: string[][] = [];
const sum = (costs: Costs) => Object.values(costs).reduce((a, b) => a + b, 0);
for (let run = 0; run < RUNS; run++) {
  const folder = await Deno.makeTempDir();
  try {
    const one = await byOne(blaster.said, folder);
    const roles = await byRoles(blaster.said, folder);
    const costs = ["feed", "nats-server", "store"].map((name) => roles.costs[name]!.toFixed(2));
    rows.push([
      ...[Math.round(one.perSecond / 1_000), Math.round(roles.perSecond / 1_000)].map(String),
      ...[sum(one.costs).toFixed(2), ...costs, sum(roles.costs).toFixed(2)],
      (sum(roles.costs) / sum(one.costs)).toFixed(2),
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
console.log(formatTable(
  [
    ...["one process, k/s", "roles, k/s", "ingest, s per million"],
    ...["feed", "nats-server", "store", "all", "times"],
  ],
  rows,
));
await blaster[Symbol.asyncDispose]();
