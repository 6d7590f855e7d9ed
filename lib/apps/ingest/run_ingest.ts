import { counted } from "../counted.ts";
import { BinanceRest, FrameRecorder, routeOf } from "../../feed/mod.ts";
import { BINANCE_USDM, venueOf } from "../../market/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { batchTrades, openReader, openWriterThread } from "../../store/mod.ts";
import type { IngestOptions } from "../ingest.ts";
import { HistoryWriter } from "../history/history_writer.ts";
import { serveHealth } from "../health/health_server.ts";
import type { Context } from "../program.ts";
import { chooseSymbols } from "./choose_symbols.ts";
import { Committer } from "./committer.ts";
import { serveIngestControl } from "./control.ts";
import { decimalsOf } from "./decimals.ts";
import { drain } from "./drain.ts";
import { followUniverse } from "./follow_universe.ts";
import { keepHouse } from "./housekeeping.ts";
import { ingestStatus, progressLine } from "./ingest_status.ts";
import { LoopDelay } from "./loop_delay.ts";
import { Membership } from "./membership.ts";
import { Pipeline } from "./pipeline.ts";
import { Rate } from "./rate.ts";
import { IngestAlerts } from "./ingest_alerts.ts";
import { settleOthers } from "./settle_others.ts";
import { Sources } from "./sources.ts";
import { takeUp } from "./take_up.ts";
import { eventTeller } from "./tell_events.ts";
import { sideRecorders } from "./side_recorders.ts";
import { recentTrades } from "./recent_trades.ts";
import { refuseMadeIds } from "./refuse_made_ids.ts";
import { refuseSilent } from "./refuse_silent.ts";
import { refuseMixing } from "./refuse_mixing.ts";
import { warmStart } from "./warm_start.ts";
import { storeFolder } from "../store_access.ts";

/** How often the heartbeat is written and progress is told, in ms. */
const HEARTBEAT_MS = 1_000;

/** Ingests until the signal is aborted or the duration is over; what was received is stored. */
export async function runIngest(options: IngestOptions, context: Context): Promise<void> {
  const { report } = context;
  const { database, streamKind, restUrl } = options;
  await Deno.mkdir(storeFolder(database), { recursive: true });
  await using recorder = options.recordFolder === null ? null : new FrameRecorder({
    folder: options.recordFolder,
    name: `${BINANCE_USDM}_${routeOf(streamKind)}`,
    onProblem: (message) => report.warn(message),
  });
  const rest = new BinanceRest({
    baseUrl: restUrl,
    onAggTrades: (symbol, rows) =>
      recorder?.recordRows(symbol, rows, Temporal.Now.instant().epochNanoseconds),
  });
  const sources = new Sources(options, rest);
  if (sources.others.length > 0 && recorder !== null) {
    const others = sources.others.join(" and ");
    report.warn(`Frames of ${others} are not recorded: only those of Binance can be replayed`);
  }
  const listed = await sources.listed(context.signal);
  const simulated = await sources.areSimulated(context.signal);
  const symbols = chooseSymbols(listed, options);
  if (simulated) await refuseSilent(restUrl, options.recorded, symbols, context);
  refuseMixing(database, simulated);

  const startedAtMs = Date.now();
  using writer = await openWriterThread(database, {
    identity: { pid: Deno.pid, host: Deno.hostname(), startedAtMs, simulated },
    synchronous: options.synchronous,
  });
  refuseMadeIds(symbols, writer.lastTradeIds());
  const pipeline = new Pipeline(BINANCE_USDM, writer);
  const instruments = new Map(listed.map((instrument) => [instrument.symbol, instrument]));
  for (const symbol of symbols) {
    const instrument = instruments.get(symbol)!;
    writer.register(instrument.venue, symbol, sources.kindOf(symbol), decimalsOf(instrument));
    takeUp(symbol, pipeline, writer);
  }
  settleOthers(pipeline, writer, symbols);
  if (streamKind === "aggTrade" && options.warmMs > 0) {
    const ofBinance = symbols.filter((symbol) => venueOf(symbol)?.code === BINANCE_USDM);
    await warmStart(
      { rest, writer, pipeline, symbols: ofBinance, warmMs: options.warmMs },
      context,
    );
  }

  using alerts = new IngestAlerts(database, writer, report);
  alerts.change(options.alerts?.rules ?? []);

  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const lastIds = writer.lastTradeIds();
  const onFrame = recorder === null
    ? undefined
    : (text: string, receivedNs: bigint) => recorder.record(text, receivedNs);
  const feed = sources.feed(symbols, {
    signal,
    lastIds,
    openGaps: (symbol) => writer.openGaps(symbol),
    recent: (symbol) => recentTrades(symbol, writer),
    onFrame,
  });
  const failed = new AbortController();
  const fail = (error: unknown) => {
    failed.abort(error);
    stop.abort();
  };
  using committer = new Committer(pipeline, report, {
    probe: () => writer.heartbeat(Date.now()),
    fail,
    batchTrades: batchTrades(database),
  });
  const rate = new Rate();
  using loopDelay = new LoopDelay();
  const beside = sideRecorders(options, { rest, signal, onFrame, pipeline, committer, report });
  const parts = {
    ...{ options, feed, pipeline, committer, rate, loopDelay, startedAtMs, simulated, beside },
  };
  const membership = new Membership({
    ...{ rest, writer, pipeline, feed, lastIds },
    kindOf: sources.kindOf,
  });
  using reader = openReader(database);
  const history = new HistoryWriter(writer, reader, {
    isFollowed: (symbol) => membership.has(symbol),
    lastId: (symbol) => pipeline.lastId(symbol),
    closedUntilMs: (symbol) => pipeline.closedUntilMs(symbol),
    rebuild: (symbol, fromMs) => pipeline.rebuild(symbol, fromMs),
    commit: () => pipeline.commit(),
  });
  await using _control = await serveIngestControl(database, {
    status: () => ingestStatus(parts),
    putTrades: (batch) => history.putTrades(batch),
    putBars: (batch) => history.putBars(batch),
    stop: () => stop.abort(),
    alerts,
    async change(add, remove) {
      if (add.length > 0) {
        const joining = await sources.joining(add, signal);
        membership.know(joining.listed);
        membership.join(joining.symbols);
      }
      membership.leave(remove);
      for (const symbol of add) membership.unwanted.delete(symbol);
      for (const symbol of remove) membership.unwanted.add(symbol);
      report.info(`Symbols changed: ${membership.symbols.join(", ")}`);
    },
  });
  await using health = serveHealth(options, () => ingestStatus(parts));
  if (health !== null) report.info(`Health and metrics at ${health.url}`);
  report.info(
    `Ingesting ${counted(symbols.length, "symbol")} from ${sources.text} into ${database}` +
      (simulated ? " (SIMULATED)" : ""),
  );

  if (options.durationMs !== null) {
    sleep(options.durationMs, signal).then(() => stop.abort(), () => {});
  }
  const look = () => beside.look(feed.streams().keys(), Date.now());
  look();
  const recording = beside.run(signal).catch(fail);
  const heartbeat = setInterval(() => {
    look();
    rate.sample(pipeline.totals.trades, performance.now());
    report.progress(progressLine(parts));
    if (committer.problem !== null || committer.isHeldUp) return;
    committer.guard(() => {
      writer.heartbeat(Date.now());
      alerts.poll({ exchangeMs: pipeline.watermarkMs, lagMs: pipeline.lagMs(Date.now()) });
    });
  }, HEARTBEAT_MS);
  const universe = sources.hasBinance
    ? followUniverse({ ...options, rest, feed, membership }, { ...context, signal }).catch(fail)
    : null;
  const housekeeping = keepHouse(
    { writer, retention: options.retention, exchangeMs: () => pipeline.watermarkMs },
    { ...context, signal },
  );
  const tell = eventTeller(feed, report, simulated);
  try {
    for await (const events of feed) {
      if (failed.signal.aborted) break;
      tell(events);
      pipeline.apply(events);
      await committer.applied(signal);
    }
    failed.signal.throwIfAborted();
  } finally {
    stop.abort();
    await universe;
    await recording;
    await housekeeping;
    committer[Symbol.dispose]();
    clearInterval(heartbeat);
  }
  drain(pipeline, writer, "what came since is asked for again at the next start");
  const { totals } = pipeline;
  report.info(
    `Stopped: ${totals.stored} trades stored, ${totals.gaps} gaps, ` +
      `${totals.duplicates} duplicates, ${totals.quarantined} quarantined`,
  );
}
