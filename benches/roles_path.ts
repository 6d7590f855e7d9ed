// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * Trades from a socket into bars and a database, by one process and by way of a log on a nats-server
 * by several, into a file and onto a PostgreSQL server, in turn; and the same rows by a bare COPY
 * into the same tables: `deno run -A benches/roles_path.ts [MILLIONS] [RUNS] [RATE]`. RATE is in
 * trades/s, 0 for as fast as they are taken. Needs nats-server and PostgreSQL (Debian's packages);
 * PostgreSQL has its own defaults, a commit waits for the disk.
 *
 * @module
 */
import { openReader, type StoreReader } from "tandem/store";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { postgresFolder, PostgresServer } from "../tests/support/postgres_server.ts";
import { Role } from "../tests/end_to_end/support/role.ts";
import { usageOf } from "../tools/soak/child.ts";
import { formatTable } from "../tools/support/format.ts";
import { familyCpu } from "./support/family_cpu.ts";
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
const PROGRAMS = ["ingest", "feed", "nats-server", "store", "postgres"] as const;

/** What a million trades took of each program, s of one core. */
type Costs = Readonly<Partial<Record<typeof PROGRAMS[number], number>>>;

interface Measured {
  readonly way: string;
  readonly perSecond: number;
  readonly costs: Costs;
}

const perMillion = (cpuSeconds: number) => 1e6 * cpuSeconds / COUNT;

async function byOne(port: number, folder: string): Promise<Measured> {
  const args = [String(port), String(COUNT), `${folder}/one.db`, symbols.join(",")];
  await using ingest = await AskedProcess.start(`${support}/ingest_run.ts`, args);
  const { seconds, cpuSeconds } = await ingest.ask<IngestRunResult>();
  return {
    way: "one process, file",
    perSecond: COUNT / seconds,
    costs: { ingest: perMillion(cpuSeconds) },
  };
}

/** @param postgres The server of the database, or `null` for a file. */
async function byRoles(
  port: number,
  database: string,
  postgres: PostgresServer | null,
): Promise<Measured> {
  await using server = await NatsServer.start();
  const args = [String(port), String(COUNT), server.url, symbols.join(",")];
  await using feed = await AskedProcess.start(`${support}/feed_run.ts`, args);
  const store = new Role("store", "--bus", server.url, "--db", database);
  store.start();
  const used = () => ({
    "nats-server": usageOf(server.pid)!.cpuSeconds,
    store: usageOf(store.pid)!.cpuSeconds,
    ...postgres === null ? {} : { postgres: familyCpu(postgres.pid) },
  });
  try {
    await store.untilReady(PATIENCE_MS);
    const before: Costs = used();
    const { startMs, cpuSeconds, batches } = await feed.ask<FeedRunResult>();
    const deadlineMs = Date.now() + PATIENCE_MS;
    using reader = openReader(database);
    while (storedIn(reader) < COUNT) {
      if (Date.now() > deadlineMs) throw new Error(`${storedIn(reader)} are stored\n${store.log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seconds = (Date.now() - startMs) / 1_000;
    const after = Object.entries(used()) as [keyof Costs, number][];
    console.log(`${batches} batches of ${Math.round(COUNT / batches)} events`);
    return {
      way: `roles, ${postgres === null ? "file" : "PostgreSQL"}`,
      perSecond: COUNT / seconds,
      costs: {
        feed: perMillion(cpuSeconds),
        ...Object.fromEntries(after.map(([name, s]) => [name, perMillion(s - before[name]!)])),
      },
    };
  } finally {
    await store.stop();
  }
}

/** The rows that are there, once more: from a file of the server itself, with no client and no bars. */
async function byCopy(postgres: PostgresServer, name: string): Promise<Measured> {
  const [[folder]] = await postgres.sql(name, "SHOW data_directory") as [[string]];
  const rows = `'${folder}/trades.copy' (FORMAT binary)`;
  await postgres.sql(name, `COPY (SELECT * FROM tandem.trades) TO ${rows}`);
  await postgres.sql(name, "TRUNCATE tandem.trades; CHECKPOINT");
  const [cpuBefore, startMs] = [familyCpu(postgres.pid), performance.now()];
  await postgres.sql(name, `COPY tandem.trades FROM ${rows}`);
  const seconds = (performance.now() - startMs) / 1_000;
  const cpuSeconds = familyCpu(postgres.pid) - cpuBefore;
  return {
    way: "bare COPY, PostgreSQL",
    perSecond: COUNT / seconds,
    costs: { postgres: perMillion(cpuSeconds) },
  };
}

function storedIn(reader: StoreReader): number {
  return reader.quality().reduce((sum, q) => sum + q.stored, 0);
}

/** One line of the table: a way beside the one process of the same run. */
function lineOf({ way, perSecond, costs }: Measured, one: Measured): string[] {
  const sum = (of: Costs) => Object.values(of).reduce((a, b) => a + b, 0);
  const times = (of: Costs) => (sum(of) / sum(one.costs)).toFixed(2);
  const { postgres: _, ...ours } = costs;
  return [
    ...[way, String(Math.round(perSecond / 1_000))],
    ...PROGRAMS.map((name) => costs[name]?.toFixed(2) ?? ""),
    ...[sum(costs).toFixed(2), times(ours), times(costs)],
  ];
}

if (natsServerPath === null || postgresFolder === null) {
  console.log("There is nothing to measure with: install nats-server and postgresql");
  Deno.exit(0);
}
const blaster = await AskedProcess.start<number>(
  `${support}/blast_worker.ts`,
  [`?count=${COUNT}&symbols=${SYMBOLS}${RATE === 0 ? "" : `&rate=${RATE}`}`],
);
const lines: string[][] = [];
for (let run = 0; run < RUNS; run++) {
  const folder = await Deno.makeTempDir();
  try {
    const one = await byOne(blaster.said, folder);
    const measured = [one, await byRoles(blaster.said, `${folder}/roles.db`, null)];
    await using postgres = await PostgresServer.start([]);
    const database = await postgres.makeDatabase();
    measured.push(await byRoles(blaster.said, database, postgres));
    measured.push(await byCopy(postgres, new URL(database).pathname.slice(1)));
    lines.push(...measured.map((each) => lineOf(each, one)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
console.log(formatTable(
  [
    "way",
    "k/s",
    ...PROGRAMS.map((name) => `${name}, s per million`),
    "all",
    "times",
    "with server",
  ],
  lines,
));
await blaster[Symbol.asyncDispose]();
