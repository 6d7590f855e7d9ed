import { type Bus, type Delivery, jetStreamBus, readEvents } from "../../bus/mod.ts";
import { BINANCE_USDM } from "../../market/mod.ts";
import { batchTrades, openWriterThread, type StoreWriter } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { failure, serveControl } from "../control/control_server.ts";
import { processStatus, storingStatus } from "../control/process_status.ts";
import type { StoreStatus } from "../control/status.ts";
import { counted } from "../counted.ts";
import { serveHealth } from "../health/health_server.ts";
import { LogWatch } from "../health/log_watch.ts";
import { Committer } from "../ingest/committer.ts";
import { controlFile } from "../ingest/control.ts";
import { LoopDelay } from "../ingest/loop_delay.ts";
import { Pipeline } from "../ingest/pipeline.ts";
import { Rate } from "../ingest/rate.ts";
import { refuseMadeIds } from "../ingest/refuse_made_ids.ts";
import { refuseMixing } from "../ingest/refuse_mixing.ts";
import { settleOthers } from "../ingest/settle_others.ts";
import type { Context } from "../program.ts";
import type { StoreRoleOptions } from "../store.ts";
import { LogSequencer } from "./log_sequencer.ts";
import { keepChains, type LogChains, type LogContent, readContent } from "./log_state.ts";
import { LogSymbols, LOOK_MS } from "./log_symbols.ts";
import { storeFolder } from "../store_access.ts";

/** Under this name all stores of a log go on where the last one ended: there is one at a time. */
const NAME = "store";
/** How often the heartbeat is written and feeds are told what is stored, ms. */
const HEARTBEAT_MS = 1_000;

/** Stores what a log tells until the signal is aborted; acknowledged is what is committed. */
export async function runStore(options: StoreRoleOptions, context: Context): Promise<void> {
  const { report } = context;
  const { database } = options;
  const startedAtMs = Date.now();
  await using bus = await jetStreamBus({
    url: options.busUrl,
    name: options.log,
    onProblem: (message) => report.warn(message),
  });
  const content = await contentOf(bus, context);
  if (content === null) return;
  const { simulated } = content;
  await Deno.mkdir(storeFolder(database), { recursive: true });
  refuseMixing(database, simulated);
  using writer = await openWriterThread(database, {
    identity: { pid: Deno.pid, host: Deno.hostname(), startedAtMs, simulated },
    synchronous: options.synchronous,
  });
  refuseMadeIds(Object.keys(content.symbols), writer.lastTradeIds());
  const pipeline = new Pipeline(BINANCE_USDM, writer);
  settleOthers(pipeline, writer, []);

  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const failed = new AbortController();
  const fail = (error: unknown) => {
    failed.abort(error);
    stop.abort();
  };
  const stored: Delivery[] = [];
  let storedMs = startedAtMs;
  const acknowledge = (count: number) => {
    for (const delivery of stored.splice(0, count)) {
      delivery.acknowledge();
      storedMs = delivery.storedMs;
    }
  };
  using committer = new Committer(pipeline, report, {
    probe: () => writer.heartbeat(Date.now()),
    fail,
    batchTrades: batchTrades(database),
    leaving: () => {
      const count = stored.length;
      return () => acknowledge(count);
    },
  });
  const symbols = new LogSymbols({ bus, writer, pipeline, committer, report, signal }, content);
  const sequencer = new LogSequencer((symbol) => ({
    lastId: writer.lastTradeIds().get(symbol) ?? null,
    openGaps: writer.openGaps(symbol),
  }));
  const rate = new Rate();
  using loopDelay = new LoopDelay();
  using log = new LogWatch(bus, options);
  const status = (): StoreStatus => ({
    role: "store",
    ...processStatus({ startedAtMs, simulated, loopDelay }),
    ...storingStatus({ pipeline, committer, rate }),
    log: log.status,
    logLagMs: (log.status.behind[NAME] ?? 0) === 0 ? 0 : Math.max(0, Date.now() - storedMs),
  });
  await using _control = await serveControl(controlFile(database), {
    status,
    stop: () => stop.abort(),
    answer: () => Promise.resolve(failure(409, "refused", REFUSAL)),
  });
  await using health = serveHealth(options, status);
  if (health !== null) report.info(`Health and metrics at ${health.url}`);
  report.info(
    `Storing what the log "${options.log}" tells, ${counted(bus.partitions, "partition")}, in ` +
      `${database}, process ${Deno.pid}${simulated ? " (SIMULATED)" : ""}`,
  );
  const partition = async (partition: number) => {
    const wanted = { name: NAME, partition, signal, onProblem: report.warn };
    const bookmark = `log.${options.log}.${bus.identity}.${partition}`;
    // What is stored knows best up to where; what was acknowledged may be told again after a kill.
    const place = writer.bookmark(bookmark);
    const from = place === null ? {} : { fromSequence: place + 1 };
    for await (const { batch, delivery } of readEvents(bus, { ...wanted, ...from })) {
      try {
        await symbols.takeUp(batch.events);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      pipeline.apply(sequencer.take(batch.events));
      pipeline.bookmark(bookmark, delivery.sequence);
      stored.push(delivery);
      await committer.applied(signal);
    }
  };
  const tellFeeds = everySecond(async () => {
    rate.sample(pipeline.totals.trades, performance.now());
    if (committer.problem !== null) return;
    committer.guard(() => writer.heartbeat(Date.now()));
    await keepChains(bus, chainsOf(writer, symbols.known), signal);
    const { stored, gaps, quarantined } = pipeline.totals;
    report.progress(`${stored} trades stored, ${gaps} gaps, ${quarantined} quarantined`);
  }, signal);
  try {
    await Promise.all([
      ...Array.from({ length: bus.partitions }, (_, k) => partition(k).catch(fail)),
      tellFeeds.catch(fail),
    ]);
    failed.signal.throwIfAborted();
  } finally {
    stop.abort();
    committer[Symbol.dispose]();
  }
  pipeline.drain();
  acknowledge(stored.length);
  writer.heartbeat(Date.now());
  report.info(
    `Stopped: ${pipeline.totals.stored} trades stored, ${pipeline.totals.duplicates} told twice`,
  );
}

const REFUSAL =
  "Cannot do this while a store writes the database: it takes only what feeds tell; " +
  'end it with "deno task stop", and start it again afterwards';

/** What the log holds, as soon as a feed has said so; `null` if the signal comes first. */
async function contentOf(bus: Bus, { signal, report }: Context): Promise<LogContent | null> {
  let isTold = false;
  while (!signal.aborted) {
    const content = await readContent(bus, signal).catch((error) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (content !== null || signal.aborted) return content;
    if (!isTold) report.info("Waiting for a feed to tell the log of trades");
    isTold = true;
    await sleep(LOOK_MS, signal).catch(() => {});
  }
  return null;
}

/**
 * Up to where the symbols of the log are stored, from where a feed that starts goes on: also those
 * of which nothing has come since this process began.
 */
function chainsOf(writer: StoreWriter, symbols: readonly string[]): LogChains {
  const lastIds = writer.lastTradeIds();
  return Object.fromEntries(
    symbols.flatMap((symbol) => {
      const lastId = lastIds.get(symbol);
      return lastId === undefined ? [] : [[symbol, { lastId, openGaps: writer.openGaps(symbol) }]];
    }),
  );
}

async function everySecond(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(HEARTBEAT_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }
}
