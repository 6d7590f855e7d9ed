import { EventPublisher, jetStreamBus } from "../../bus/mod.ts";
import { BinanceRest } from "../../feed/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { counted } from "../counted.ts";
import type { FeedRoleOptions } from "../feed.ts";
import { chooseSymbols } from "../ingest/choose_symbols.ts";
import { decimalsOf } from "../ingest/decimals.ts";
import { Sources } from "../ingest/sources.ts";
import { eventTeller } from "../ingest/tell_events.ts";
import { type Context, ProgramError } from "../program.ts";
import { keepContent, readChains, readContent } from "./log_state.ts";

/** Progress is told so often, ms. */
const PROGRESS_MS = 1_000;
/** So often it is seen to that the log tells of every symbol, ms. */
const SAYING_MS = 5_000;
/** So long what was heard may take into the log after the end, ms. */
const DRAIN_MS = 20_000;

/** Tells a log what a feed hears, until the signal is aborted; what was heard gets into the log. */
export async function runFeed(options: FeedRoleOptions, context: Context): Promise<void> {
  const { report } = context;
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
  const known = await readContent(bus);
  if (known !== null && known.simulated !== simulated) {
    const [offered, held] = simulated ? ["simulated", "real"] : ["real", "simulated"];
    throw new ProgramError(
      `Cannot tell ${offered} trades in the log "${options.log}" as it holds ${held} ones: ` +
        "name another with --log",
    );
  }
  const instruments = new Map(listed.map((instrument) => [instrument.symbol, instrument]));
  const told = symbols.map((symbol) => {
    const instrument = instruments.get(symbol)!;
    const { venue } = instrument;
    const streamKind = sources.kindOf(symbol);
    return [symbol, { venue, streamKind, decimals: decimalsOf(instrument) }] as const;
  });
  const sayContent = async () => {
    const symbols = (await readContent(bus))?.symbols ?? {};
    if (told.every(([symbol]) => symbols[symbol] !== undefined)) return;
    const own = Object.fromEntries(told);
    await keepContent(bus, { simulated, symbols: { ...symbols, ...own } }, context.signal);
  };
  await sayContent();

  // From what is stored, as an ingest of one process; what is in the log by now comes twice.
  const chains = new Map(Object.entries(await readChains(bus)));
  const feed = sources.feed(symbols, {
    signal: context.signal,
    lastIds: new Map([...chains].map(([symbol, { lastId }]) => [symbol, lastId])),
    openGaps: (symbol) => chains.get(symbol)?.openGaps ?? [],
    onFrame: undefined,
  });
  const given = new AbortController();
  let sent = 0;
  const publisher = new EventPublisher(bus, {
    feed: options.name,
    startedAtMs: Date.now(),
    signal: given.signal,
    onSent: (events) => sent += events.length,
  });
  report.info(
    `Telling the log "${options.log}" of ${
      counted(symbols.length, "symbol")
    } from ${sources.text}` +
      `, as "${options.name}", process ${Deno.pid}${simulated ? " (SIMULATED)" : ""}`,
  );
  // Two feeds that start at once may overwrite each other's word.
  const saying = setInterval(() => {
    sayContent().catch((error) => context.signal.aborted || report.warn(error.message));
  }, SAYING_MS);
  const progress = setInterval(() => {
    const states = [...feed.streams().values()];
    const live = states.filter((state) => state === "live").length;
    report.progress(
      `${live}/${states.length} streams live, ${sent} events in the log, ${publisher.waiting} wait`,
    );
  }, PROGRESS_MS);
  const tell = eventTeller(feed, report, simulated);
  const ended = () => {
    // A log that cannot be reached must not keep the feed from ending.
    sleep(DRAIN_MS, given.signal).then(() => given.abort(), () => {});
  };
  context.signal.addEventListener("abort", ended, { once: true });
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
    clearInterval(saying);
    given.abort();
  }
  report.info(`Stopped: ${sent} events in the log`);
}
