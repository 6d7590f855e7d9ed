/**
 * The whole way once: from the first frame of a socket to the last commit. As a program it makes
 * ready, waits for a line on standard input and prints what it took.
 *
 *     deno run -A benches/support/ingest_run.ts PORT COUNT DATABASE SYMBOLS
 *
 * @module
 */
import { binanceFeed } from "tandem/feed";
import { batchTrades, openWriterThread } from "tandem/store";
import process from "node:process";
import { Committer } from "../../lib/apps/ingest/committer.ts";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";

/** What to ingest. */
export interface IngestRun {
  readonly port: number;
  readonly symbols: readonly string[];
  /** How many trades come. */
  readonly count: number;
  readonly database: string;
}

/** What it took. */
export interface IngestRunResult {
  readonly stored: number;
  /** From the first frame to the last commit. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
}

/** Ingests until all has come and is committed. `onStart` is called with the first frame. */
export async function ingestOnce(run: IngestRun, onStart = () => {}): Promise<IngestRunResult> {
  const { port, symbols, count, database } = run;
  const stop = new AbortController();
  let startMs = 0;
  let cpuBefore = 0;
  let seconds = 0;
  let cpuSeconds = 0;
  {
    using writer = await openWriterThread(database, {
      identity: { pid: Deno.pid, host: "bench", startedAtMs: 0, simulated: true },
    });
    for (const symbol of symbols) writer.register("binance-usdm", symbol, "aggTrade");
    const pipeline = new Pipeline("binance-usdm", writer);
    const feed = binanceFeed({
      symbols,
      wsUrl: `ws://127.0.0.1:${port}`,
      restUrl: `http://127.0.0.1:${port}`,
      heartbeatSymbol: symbols[0]!,
      queueCapacity: 2 * count,
      signal: stop.signal,
    });
    const failed = (error: unknown) => {
      throw error;
    };
    const report = { info() {}, warn() {}, progress() {}, print() {} };
    using committer = new Committer(pipeline, report, {
      probe() {},
      fail: failed,
      batchTrades: batchTrades(database),
    });
    for await (const events of feed) {
      if (startMs === 0 && events.some((event) => event.kind === "trade")) {
        [startMs, cpuBefore] = [performance.now(), cpuOf()];
        onStart();
      }
      pipeline.apply(events);
      if (pipeline.totals.trades < count) {
        await committer.applied(stop.signal);
        continue;
      }
      if (stop.signal.aborted) continue;
      pipeline.drain();
      [seconds, cpuSeconds] = [(performance.now() - startMs) / 1_000, cpuOf() - cpuBefore];
      if (pipeline.totals.stored !== count) {
        throw new Error(`Stored ${pipeline.totals.stored} of ${count} trades`);
      }
      stop.abort();
    }
  }
  return { stored: count, seconds, cpuSeconds, bytes: Deno.statSync(database).size };
}

/** Processor time of this process, s. */
function cpuOf(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (import.meta.main) {
  const [port, count, database, symbols] = Deno.args;
  // deno-lint-ignore no-console -- a process of its own answers on standard output
  const answer = (value: unknown) => console.log(JSON.stringify(value));
  answer({ deno: Deno.version.deno });
  await Deno.stdin.read(new Uint8Array(16));
  answer(
    await ingestOnce({
      port: Number(port),
      count: Number(count),
      database: database!,
      symbols: symbols!.split(","),
    }),
  );
}
