import { dirname } from "node:path";
import { binanceFeed, BinanceRest, FrameRecorder, routeOf } from "../../feed/mod.ts";
import { BINANCE_USDM } from "../../market/mod.ts";
import { openWriter, type StoreWriter } from "../../store/mod.ts";
import type { IngestOptions } from "../ingest.ts";
import type { Context } from "../program.ts";
import { chooseSymbols } from "./choose_symbols.ts";
import { type IngestStatus, serveControl } from "./control.ts";
import { isSimulated } from "./is_simulated.ts";
import { Pipeline } from "./pipeline.ts";
import { Rate } from "./rate.ts";
import { warmStart } from "./warm_start.ts";

/** A commit follows the first uncommitted event after this time, in ms … */
const COMMIT_MS = 200;
/** … or as soon as so many trades wait. */
const COMMIT_TRADES = 5_000;
/** How often the heartbeat is written and progress is told, in ms. */
const HEARTBEAT_MS = 1_000;

/** Ingests until the signal is aborted or the duration is over; what was received is stored. */
export async function runIngest(options: IngestOptions, context: Context): Promise<void> {
  const { report } = context;
  const { database, streamKind, wsUrl, restUrl } = options;
  await Deno.mkdir(dirname(database), { recursive: true });
  const rest = new BinanceRest({ baseUrl: restUrl });
  const listed = await rest.exchangeInfo(context.signal);
  const simulated = await isSimulated(restUrl, context.signal);
  const symbols = chooseSymbols(listed, options);

  const startedAtMs = Date.now();
  using writer = openWriter(database, {
    identity: { pid: Deno.pid, host: Deno.hostname(), startedAtMs, simulated },
    synchronous: options.synchronous,
  });
  const pipeline = new Pipeline(BINANCE_USDM, writer);
  for (const symbol of symbols) {
    writer.register(BINANCE_USDM, symbol, streamKind);
    pipeline.restore(symbol);
  }
  if (streamKind === "aggTrade" && options.warmMs > 0) {
    await warmStart({ rest, writer, pipeline, symbols, warmMs: options.warmMs }, context);
  }

  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const lastIds = writer.lastTradeIds();
  await using recorder = options.recordFolder === null ? null : new FrameRecorder({
    folder: options.recordFolder,
    name: `${BINANCE_USDM}_${routeOf(streamKind)}`,
    onProblem: (message) => report.warn(message),
  });
  const feed = binanceFeed({
    symbols,
    streamKind,
    wsUrl,
    rest,
    signal,
    lastIds,
    symbolsPerSocket: options.symbolsPerSocket,
    redundant: options.redundant,
    rotateMs: options.rotateMs,
    ...(recorder === null ? {} : { onFrame: (text, ns) => recorder.record(text, ns) }),
  });
  const rate = new Rate();
  const status = (): IngestStatus => ({
    pid: Deno.pid,
    startedAtMs,
    nowMs: Date.now(),
    simulated,
    wsUrl,
    restUrl,
    streamKind,
    streams: Object.fromEntries(feed.streams()),
    tradesPerSecond: rate.perSecond,
    trades: pipeline.totals.trades,
    stored: pipeline.totals.stored,
    duplicates: pipeline.totals.duplicates,
    quarantined: pipeline.totals.quarantined,
    gaps: pipeline.totals.gaps,
    watermarkMs: pipeline.watermarkMs,
  });
  await using _control = await serveControl(database, {
    status,
    stop: () => stop.abort(),
    async change(add, remove) {
      const chosen = add.length === 0
        ? []
        : chooseSymbols(await rest.exchangeInfo(signal), { symbols: add, all: false, quote: "" });
      for (const symbol of chosen.filter((s) => !feed.streams().has(s))) {
        writer.register(BINANCE_USDM, symbol, streamKind);
        pipeline.commit();
        pipeline.restore(symbol);
        const lastId = writer.lastTradeIds().get(symbol);
        if (lastId !== undefined) lastIds.set(symbol, lastId);
      }
      feed.add(chosen);
      feed.remove(remove);
      report.info(`Symbols changed: ${[...feed.streams().keys()].join(", ")}`);
    },
  });
  report.info(
    `Ingesting ${streamKind} of ${symbols.length} symbols from ${wsUrl} into ${database}` +
      (simulated ? " (SIMULATED)" : ""),
  );

  const deadline = options.durationMs === null
    ? undefined
    : setTimeout(() => stop.abort(), options.durationMs);
  const heartbeat = setInterval(() => {
    writer.heartbeat(Date.now());
    rate.sample(pipeline.totals.trades, performance.now());
    report.progress(progressLine(status()));
  }, HEARTBEAT_MS);
  let commitTimer: ReturnType<typeof setTimeout> | undefined;
  const failed = new AbortController();
  const commit = () => {
    clearTimeout(commitTimer);
    commitTimer = undefined;
    pipeline.commit();
  };
  try {
    for await (const events of feed) {
      if (failed.signal.aborted) break;
      for (const event of events) {
        if (event.kind !== "status") continue;
        if (event.status !== "live") report[levelOf(event.status)](event.message);
        else if ([...feed.streams().values()].every((state) => state === "live")) {
          report.info(`All ${feed.streams().size} streams are live`);
        }
      }
      pipeline.apply(events);
      if (pipeline.pending >= COMMIT_TRADES) commit();
      else {
        commitTimer ??= setTimeout(() => {
          try {
            commit();
          } catch (error) {
            failed.abort(error);
            stop.abort();
          }
        }, COMMIT_MS);
      }
    }
    failed.signal.throwIfAborted();
  } finally {
    clearTimeout(commitTimer);
    clearTimeout(deadline);
    clearInterval(heartbeat);
  }
  drain(pipeline, writer);
  const { totals } = pipeline;
  report.info(
    `Stopped: ${totals.stored} trades stored, ${totals.gaps} gaps, ` +
      `${totals.duplicates} duplicates, ${totals.quarantined} quarantined`,
  );
}

function drain(pipeline: Pipeline, writer: StoreWriter): void {
  pipeline.drain();
  writer.heartbeat(Date.now());
}

function levelOf(status: string): "info" | "warn" {
  return status === "silent" || status === "closed" || status === "reconnecting" ||
      status === "notice"
    ? "warn"
    : "info";
}

function progressLine(s: IngestStatus): string {
  const states = Object.values(s.streams);
  const live = states.filter((state) => state === "live").length;
  return `${live}/${states.length} streams live, ${s.stored} trades stored, ${
    Math.round(s.tradesPerSecond)
  }/s, ${s.gaps} gaps, ${s.quarantined} quarantined`;
}
