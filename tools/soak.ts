// deno-lint-ignore-file no-console -- a command-line tool reports on the console
/**
 * Soaks ingestion: the real program against a simulated exchange at which something goes wrong all
 * the time, with readers beside it. What is stored in the end must be what was traded.
 *
 *     deno task soak                                   30 minutes, 20,000 trades/s, 800 symbols
 *     deno task soak --minutes 2 --report docs/soak.md
 *
 * @module
 */
import { controlClient } from "../lib/apps/control_client.ts";
import { Child, usageOf } from "./soak/child.ts";
import { compare } from "./soak/compare.ts";
import type { SoakMarket, SoakMarketSummary } from "./soak/exchange_process.ts";
import { HELP, readOptions, type SoakOptions } from "./soak/options.ts";
import { missingSymbols, Program } from "./soak/program.ts";
import type { ReaderSummary } from "./soak/reader_process.ts";
import { reportOf, type SoakResult } from "./soak/report.ts";
import { mostMarketLagSeconds, type Sample } from "./soak/timeline.ts";

/** Aggregates per fill of the simulated market, in the long run. */
const AGGREGATES_PER_FILL = 0.345;
const SAMPLE_MS = 2_000;
/** An exchange that is further behind, in s, has longer minutes, and gives less over REST in ours. */
const MOST_LAG_SECONDS = 5;
/** How long what is still missing in the end may take. */
const PATIENCE_MS = 10 * 60_000;

interface Addresses {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly symbols: readonly string[];
}

async function soak(options: SoakOptions, folder: string): Promise<SoakResult> {
  const { minutes, seed, symbols, readers: readerCount, faults } = options;
  const database = `${folder}/soak.db`;
  const [truth, corrupt] = [`${folder}/truth`, `${folder}/corrupt.jsonl`];
  const fillsPerSecond = options.ratePerSecond / AGGREGATES_PER_FILL;
  const market: SoakMarket = { seed, symbols, fillsPerSecond, faults, truth, corrupt };
  await using exchange = new Child("exchange_process", [JSON.stringify(market)]);
  const addresses = await exchange.answer<Addresses>();
  await using ingest = new Program("ingest", [
    ...["--all", "--redundant", "--warm", "0", "--db", database],
    ...["--ws-url", addresses.wsUrl, "--rest-url", addresses.restUrl],
  ]);
  const control = await ingest.until(() => controlClient(database), PATIENCE_MS);
  const readers = Array.from(
    { length: readerCount },
    (_, k) => new Child("reader_process", [database, String(k)]),
  );
  const samples: Sample[] = [];
  const startMs = performance.now();
  const look = async () => {
    const usage = usageOf(control.pid);
    if (usage === null) throw new Error(`The ingest has ended:\n${ingest.log}`);
    const status = await control.ingestStatus();
    const { stored, gaps, duplicates, quarantined, heapBytes, loopDelay } = status;
    const atSeconds = (performance.now() - startMs) / 1_000;
    samples.push({
      atSeconds,
      ...usage,
      heapBytes,
      stored,
      gaps,
      duplicates,
      quarantined,
      loopDelay,
      marketLagMs: status.clock?.skewMs ?? 0,
    });
    console.log(progressLine(samples));
  };
  while (performance.now() - startMs < 60_000 * minutes) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  const marketUsage = usageOf(exchange.pid);
  const lastIds = await exchange.ask<Record<string, number>>("calm");
  console.log("The faults have ended; what is missing is awaited");
  const untilMs = performance.now() + PATIENCE_MS;
  for (let missing = Infinity; missing > 0 && performance.now() < untilMs;) {
    const now = missingSymbols(database, lastIds);
    if (now !== missing) console.log(`${now} symbols are not whole yet`);
    missing = now;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await look();
  const caughtUpSeconds = (performance.now() - startMs) / 1_000 - 60 * minutes;
  const summaries: ReaderSummary[] = [];
  for (const reader of readers) {
    summaries.push(await reader.ask<ReaderSummary>("end"));
    await reader[Symbol.asyncDispose]();
  }
  const code = await ingest.stop();
  const summary = await exchange.ask<SoakMarketSummary>("end");
  console.log("Comparing what is stored with what was traded");
  const compared = await compare({
    database,
    truth,
    corrupt,
    symbols: addresses.symbols,
    lastIds,
  });
  const lagSeconds = mostMarketLagSeconds(samples);
  const problems = [
    ...(code === 0 ? [] : [`The ingest ended with code ${code}`]),
    ...(lagSeconds <= MOST_LAG_SECONDS ? [] : [
      `The simulated exchange was behind by up to ${lagSeconds.toFixed(0)} s: ` +
      "this machine has no time for so much, choose a lower --rate",
    ]),
    ...compared.problems,
    ...summaries.flatMap((s) => s.problems),
  ];
  if (problems.length > 0) console.log(`The ingest logged:\n${ingest.log}`);
  const bytes = Deno.statSync(database).size;
  return {
    ...{ options, samples, summary, compared, readers: summaries, problems, caughtUpSeconds },
    ...{ databaseBytes: bytes, marketUsage, marketSeconds: 60 * minutes },
  };
}

function progressLine(samples: readonly Sample[]): string {
  const last = samples.at(-1)!;
  const before = samples.at(-2) ?? last;
  const seconds = Math.max(1e-3, last.atSeconds - before.atSeconds);
  return [
    `${last.atSeconds.toFixed(0).padStart(5)} s`,
    `${Math.round((last.stored - before.stored) / seconds)}/s`,
    `${last.stored} stored`,
    `${Math.round(last.rssBytes / 2 ** 20)} MB (heap ${Math.round(last.heapBytes / 2 ** 20)})`,
    `cpu ${((last.cpuSeconds - before.cpuSeconds) / seconds).toFixed(2)}`,
    `${last.gaps} gaps`,
    `${last.quarantined} quarantined`,
    `market behind by ${(last.marketLagMs / 1_000).toFixed(1)} s`,
    `late by ${last.loopDelay.p99Ms} ms (p99)`,
  ].join(", ");
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  let options: SoakOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  const folder = await Deno.makeTempDir({ prefix: "tandem_soak_" });
  try {
    const result = await soak(options, folder);
    const report = reportOf(result);
    console.log(report);
    if (options.report !== null) await Deno.writeTextFile(options.report, report);
    return result.problems.length === 0 ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
