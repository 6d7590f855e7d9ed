import { dirname } from "node:path";
import { type Bus, EventPublisher, jetStreamBus } from "../../bus/mod.ts";
import { BinanceRest } from "../../feed/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { type Controlled, serveControl } from "../control/control_server.ts";
import { hearingStatus, processStatus } from "../control/process_status.ts";
import type { FeedStatus } from "../control/status.ts";
import { counted } from "../counted.ts";
import type { FeedRoleOptions } from "../feed.ts";
import { serveHealth } from "../health/health_server.ts";
import { LogWatch } from "../health/log_watch.ts";
import { chooseSymbols } from "../ingest/choose_symbols.ts";
import { decimalsOf } from "../ingest/decimals.ts";
import { LoopDelay } from "../ingest/loop_delay.ts";
import { Sources } from "../ingest/sources.ts";
import { eventTeller } from "../ingest/tell_events.ts";
import { type Context, ProgramError } from "../program.ts";
import { chainsOfFeed } from "./feed_chains.ts";
import { addContent, type LogSymbol, readChains, readContent } from "./log_state.ts";

/** Progress is told so often, ms. */
const PROGRESS_MS = 1_000;
/** So long what was heard may take into the log after the end, ms: a program ends within 5 s. */
const DRAIN_MS = 4_000;

/** Tells a log what a feed hears, until the signal is aborted; what was heard gets into the log. */
export async function runFeed(options: FeedRoleOptions, context: Context): Promise<void> {
  const { report } = context;
  const startedAtMs = Date.now();
  await using bus = await jetStreamBus({
    url: options.busUrl,
    name: options.log,
    onProblem: (message) => report.warn(message),
  });
  const rest = new BinanceRest({ baseUrl: options.restUrl });
  const sources = new Sources(options, rest);
  const listed = await sources.listed(context.signal);
  const simulated = await sources.areSimulated(context.signal);
  const symbols = chooseSymbols(listed, options);
  await refuseOtherKind(bus, options.log, simulated, context.signal);
  const instruments = new Map(listed.map((instrument) => [instrument.symbol, instrument]));
  const told = symbols.map((symbol): [string, LogSymbol] => {
    const instrument = instruments.get(symbol)!;
    const { venue } = instrument;
    const streamKind = sources.kindOf(symbol);
    return [symbol, { venue, streamKind, decimals: decimalsOf(instrument) }];
  });
  await addContent(bus, { simulated, symbols: Object.fromEntries(told) }, context.signal);

  // From what is stored, as an ingest of one process; what is in the log by now comes twice.
  const chains = await readChains(bus, context.signal);
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const feed = sources.feed(symbols, {
    signal,
    ...chainsOfFeed(chains),
    onFrame: undefined,
  });
  const given = new AbortController();
  let [published, batches] = [0, 0];
  const publisher = new EventPublisher(bus, {
    feed: options.name,
    startedAtMs,
    signal: given.signal,
    onSent(events) {
      published += events.length;
      batches++;
    },
  });
  using loopDelay = new LoopDelay();
  using log = new LogWatch(bus, options);
  const status = (): FeedStatus => ({
    role: "feed",
    name: options.name,
    ...processStatus({ startedAtMs, simulated, loopDelay }),
    ...hearingStatus(options, feed),
    ...{ published, batches, waiting: publisher.waiting, log: log.status },
  });
  await using _control = await controlIfPossible(
    options.controlFile,
    { status, stop: () => stop.abort() },
    context,
  );
  await using health = serveHealth(options, status);
  if (health !== null) report.info(`Health and metrics at ${health.url}`);
  report.info(
    `Telling the log "${options.log}" of ${
      counted(symbols.length, "symbol")
    } from ${sources.text}` +
      `, as "${options.name}", process ${Deno.pid}${simulated ? " (SIMULATED)" : ""}`,
  );
  const progress = setInterval(() => {
    const states = [...feed.streams().values()];
    const live = states.filter((state) => state === "live").length;
    report.progress(
      `${live}/${states.length} streams live, ${published} events in the log, ` +
        `${publisher.waiting} wait`,
    );
  }, PROGRESS_MS);
  const tell = eventTeller(feed, report, simulated);
  const ended = () => {
    // A log that cannot be reached must not keep the feed from ending.
    sleep(DRAIN_MS, given.signal).then(() => given.abort(), () => {});
  };
  signal.addEventListener("abort", ended, { once: true });
  try {
    for await (const events of feed) {
      tell(events);
      await publisher.publish(events);
    }
    await publisher.flush();
  } catch (error) {
    if (!given.signal.aborted) throw error;
    throw new ProgramError(
      `Could not put ${counted(publisher.waiting, "event")} into the log before the end: a feed ` +
        "that starts fetches them again",
    );
  } finally {
    clearInterval(progress);
    given.abort();
  }
  report.info(`Stopped: ${published} events in the log`);
}

/** @throws {ProgramError} If the log holds simulated trades and these are real, or the other way. */
async function refuseOtherKind(
  bus: Bus,
  log: string,
  simulated: boolean,
  signal: AbortSignal,
): Promise<void> {
  const known = await readContent(bus, signal);
  if (known === null || known.simulated === simulated) return;
  const [offered, held] = simulated ? ["simulated", "real"] : ["real", "simulated"];
  throw new ProgramError(
    `Cannot tell ${offered} trades in the log "${log}" as it holds ${held} ones: ` +
      "name another with --log",
  );
}

/** A feed needs no place to write: without one it cannot be asked, and goes on. */
async function controlIfPossible(
  path: string,
  controlled: Controlled,
  { report }: Context,
): Promise<AsyncDisposable | null> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    return await serveControl(path, controlled);
  } catch (error) {
    report.warn(
      `"deno task status --feed" will not find this feed as "${path}" cannot be written: ${
        (error as Error).message
      }`,
    );
    return null;
  }
}
