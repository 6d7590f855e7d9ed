import { dirname } from "node:path";
import { type Bus, type Delivery, jetStreamBus, readEvents } from "../../bus/mod.ts";
import { BINANCE_USDM, type FeedEvent } from "../../market/mod.ts";
import { openWriter, type StoreWriter } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { counted } from "../counted.ts";
import { Committer } from "../ingest/committer.ts";
import { Pipeline } from "../ingest/pipeline.ts";
import { refuseMadeIds } from "../ingest/refuse_made_ids.ts";
import { refuseMixing } from "../ingest/refuse_mixing.ts";
import { settleOthers } from "../ingest/settle_others.ts";
import { type Context, ProgramError } from "../program.ts";
import type { StoreRoleOptions } from "../store.ts";
import { LogSequencer } from "./log_sequencer.ts";
import { keepChains, type LogChains, type LogContent, readContent } from "./log_state.ts";

/** Under this name all stores of a log go on where the last one ended: there is one at a time. */
const NAME = "store";
/** How often the heartbeat is written and feeds are told what is stored, ms. */
const HEARTBEAT_MS = 1_000;
/** How often it is looked whether a feed has said what the log holds, ms. */
const LOOK_MS = 500;
/** A living feed says it again within five seconds. */
const LOOKS_BEFORE_WARNING = 20;

/** Stores what a log tells until the signal is aborted; acknowledged is what is committed. */
export async function runStore(options: StoreRoleOptions, context: Context): Promise<void> {
  const { report } = context;
  const { database } = options;
  await using bus = await jetStreamBus({
    url: options.busUrl,
    name: options.log,
    onProblem: (message) => report.warn(message),
  });
  let content = await contentOf(bus, context);
  if (content === null) return;
  const { simulated } = content;
  await Deno.mkdir(dirname(database), { recursive: true });
  refuseMixing(database, simulated);
  using writer = openWriter(database, {
    identity: { pid: Deno.pid, host: Deno.hostname(), startedAtMs: Date.now(), simulated },
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
  using committer = new Committer(pipeline, report, {
    probe: () => writer.heartbeat(Date.now()),
    fail,
    committed: () => {
      for (const delivery of stored.splice(0)) delivery.acknowledge();
    },
  });
  const taken = new Set<string>();
  const sequencer = new LogSequencer((symbol) => ({
    lastId: writer.lastTradeIds().get(symbol) ?? null,
    openGaps: writer.openGaps(symbol),
  }));
  /** Takes up the symbols of a batch that are new here. */
  const takeUp = async (events: readonly FeedEvent[]) => {
    for (const symbol of symbolsOf(events)) {
      if (taken.has(symbol)) continue;
      // Feeds say what they tell before they do, and again where another one's word was written last.
      for (let looks = 0; content!.symbols[symbol] === undefined; looks++) {
        if (looks === LOOKS_BEFORE_WARNING) {
          report.warn(
            `${symbol} and others wait as no feed says what it is: start a feed of ${symbol} again`,
          );
        }
        await sleep(LOOK_MS, signal);
        content = await readContent(bus).catch((error) => {
          if (error instanceof ProgramError) throw error;
          // The log is away for a moment; what it does not tell now it tells later.
          return content;
        });
      }
      if (taken.has(symbol)) continue;
      const about = content!.symbols[symbol]!;
      // On a full disk or a foreign lock this waits, as every commit does.
      while (!taken.has(symbol)) {
        committer.guard(() => {
          writer.register(about.venue, symbol, about.streamKind, about.decimals);
          pipeline.commit();
          pipeline.restore(symbol);
          taken.add(symbol);
        });
        await committer.applied(signal);
        signal.throwIfAborted();
      }
    }
  };
  report.info(
    `Storing what the log "${options.log}" tells, ${counted(bus.partitions, "partition")}, in ` +
      `${database}, process ${Deno.pid}${simulated ? " (SIMULATED)" : ""}`,
  );
  const partition = async (partition: number) => {
    const wanted = { name: NAME, partition, signal, onProblem: report.warn };
    for await (const { batch, delivery } of readEvents(bus, wanted)) {
      try {
        await takeUp(batch.events);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      pipeline.apply(sequencer.take(batch.events));
      stored.push(delivery);
      await committer.applied(signal);
    }
  };
  const tellFeeds = everySecond(async () => {
    if (committer.problem !== null) return;
    committer.guard(() => writer.heartbeat(Date.now()));
    await keepChains(bus, chainsOf(writer, content!), signal);
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
  for (const delivery of stored.splice(0)) delivery.acknowledge();
  writer.heartbeat(Date.now());
  report.info(
    `Stopped: ${pipeline.totals.stored} trades stored, ${pipeline.totals.duplicates} told twice`,
  );
}

/** What the log holds, as soon as a feed has said so; `null` if the signal comes first. */
async function contentOf(bus: Bus, { signal, report }: Context): Promise<LogContent | null> {
  let isTold = false;
  while (!signal.aborted) {
    const content = await readContent(bus);
    if (content !== null) return content;
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
function chainsOf(writer: StoreWriter, { symbols }: LogContent): LogChains {
  const lastIds = writer.lastTradeIds();
  return Object.fromEntries(
    Object.keys(symbols).flatMap((symbol) => {
      const lastId = lastIds.get(symbol);
      return lastId === undefined ? [] : [[symbol, { lastId, openGaps: writer.openGaps(symbol) }]];
    }),
  );
}

function* symbolsOf(events: readonly FeedEvent[]): Generator<string> {
  let last = "";
  for (const event of events) {
    const symbol = event.kind === "trade"
      ? event.trade.symbol
      : event.kind === "gap"
      ? event.gap.symbol
      : event.kind === "skipped"
      ? event.symbol
      : last;
    if (symbol !== last) yield last = symbol;
  }
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
