// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * Trades into bars and SQLite, at once and by way of a log on a nats-server, in turn:
 * `deno run -A benches/bus_path.ts [MILLIONS] [RUNS]`. Needs nats-server (Debian's package).
 *
 * @module
 */
import process from "node:process";
import { Pipeline } from "../lib/apps/ingest/pipeline.ts";
import { EventPublisher, jetStreamBus, readEvents } from "tandem/bus";
import { BINANCE_USDM, type TradeEvent } from "tandem/market";
import { openWriter } from "tandem/store";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { seededTrades } from "./support/seeded_trades.ts";

const COUNT = Math.round(1e6 * Number(Deno.args[0] ?? 0.4));
const RUNS = Number(Deno.args[1] ?? 3);
const BATCH = 5_000;
const NAME = "bench";

const trades = seededTrades({ symbols: 20, count: COUNT, perSecond: 20_000 });
const symbols = [...new Set(trades.map((trade) => trade.symbol))];
const batches: TradeEvent[][] = [];
for (let from = 0; from < COUNT; from += BATCH) {
  batches.push(
    trades.slice(from, from + BATCH).map((trade) => ({
      kind: "trade",
      trade,
      eventTimeMs: trade.timeMs + 2,
      receivedMs: trade.timeMs + 15,
    })),
  );
}

/** Processor time of this process, ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Does some work; gives trades per second and processor time of this process per trade. */
async function measured(work: () => Promise<void>): Promise<{ perSecond: number; cpuUs: number }> {
  const [fromMs, fromCpuMs] = [performance.now(), cpuMs()];
  await work();
  const [ms, usedMs] = [performance.now() - fromMs, cpuMs() - fromCpuMs];
  return { perSecond: 1_000 * COUNT / ms, cpuUs: 1_000 * usedMs / COUNT };
}

async function withPipeline(work: (pipeline: Pipeline) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    using writer = openWriter(`${folder}/bench.db`, {
      identity: { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true },
    });
    for (const symbol of symbols) writer.register(BINANCE_USDM, symbol, "aggTrade");
    const pipeline = new Pipeline(BINANCE_USDM, writer);
    const result = await measured(async () => await work(pipeline));
    if (pipeline.totals.stored !== COUNT) throw new Error(`${pipeline.totals.stored} were stored`);
    return result;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const direct = () =>
  withPipeline((pipeline) => {
    for (const events of batches) {
      pipeline.apply(events);
      pipeline.commit();
    }
    return Promise.resolve();
  });

/** Feed and store share this process here, so that its time is that of both. */
async function viaLog() {
  await using server = await NatsServer.start();
  await using bus = await jetStreamBus({ url: server.url, name: NAME, mostBytes: 1e9 });
  const stop = new AbortController();
  const { signal } = stop;
  return await withPipeline(async (pipeline) => {
    const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: Date.now(), signal });
    let left = COUNT;
    const reading = Array.from({ length: bus.partitions }, async (_, partition) => {
      for await (
        const { batch, delivery } of readEvents(bus, { name: "store", partition, signal })
      ) {
        pipeline.apply(batch.events);
        pipeline.commit();
        delivery.acknowledge();
        left -= batch.events.length;
        if (left === 0) stop.abort();
      }
    });
    for (const events of batches) await publisher.publish(events);
    await Promise.all(reading);
  });
}

if (natsServerPath === null) {
  console.log("There is no nats-server here (Debian package nats-server): nothing was measured");
  Deno.exit(0);
}
const say = (what: string, { perSecond, cpuUs }: { perSecond: number; cpuUs: number }) =>
  console.log(`${what}  ${Math.round(perSecond)} trades/s, ${cpuUs.toFixed(2)} us each`);
for (let run = 0; run < RUNS; run++) {
  const a = await direct();
  say("at once     ", a);
  const b = await viaLog();
  say("by way of log", b);
  console.log(
    `ratio        ${(b.perSecond / a.perSecond).toFixed(2)} of the trades/s, ${
      (b.cpuUs / a.cpuUs).toFixed(2)
    } times the processor time`,
  );
}
