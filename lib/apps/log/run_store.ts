import { type Bus, jetStreamBus } from "../../bus/mod.ts";
import { batchTrades, StoreError } from "../../store/mod.ts";
import { sleep } from "../../streams/mod.ts";
import { failure, serveControl } from "../control/control_server.ts";
import { NOTHING_STORED, processStatus } from "../control/process_status.ts";
import type { StoreStatus } from "../control/status.ts";
import { counted } from "../counted.ts";
import { serveHealth } from "../health/health_server.ts";
import { LogWatch } from "../health/log_watch.ts";
import { takeName } from "../control/store_control.ts";
import { LoopDelay } from "../ingest/loop_delay.ts";
import { noTotals } from "../ingest/pipeline_totals.ts";
import { refuseMixing } from "../ingest/refuse_mixing.ts";
import type { Context } from "../program.ts";
import type { StoreRoleOptions } from "../store.ts";
import { storeFolder } from "../store_access.ts";
import { type LogContent, readContent } from "./log_state.ts";
import { LOOK_MS } from "./log_symbols.ts";
import { openWhenFree } from "./open_when_free.ts";
import { READER } from "./share.ts";
import { Storing } from "./storing.ts";

/** Stores what a log tells until the signal is aborted; acknowledged is what is committed. */
export async function runStore(options: StoreRoleOptions, context: Context): Promise<void> {
  const { report } = context;
  const { database, log: name } = options;
  const startedAtMs = Date.now();
  await Deno.mkdir(storeFolder(database), { recursive: true });
  using own = takeName(database, options.name);
  await using bus = await jetStreamBus({
    url: options.busUrl,
    name,
    onProblem: (message) => report.warn(message),
  });
  const content = await contentOf(bus, context);
  if (content === null) return;
  const { simulated } = content;

  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const totals = noTotals();
  let storing: Storing | null = null;
  let storedMs = startedAtMs;
  let waits: string | null = "it has just begun";
  using loopDelay = new LoopDelay();
  using log = new LogWatch(bus, options);
  const status = (): StoreStatus => {
    const partitions = (storing?.partitions ?? []).map((partition) => ({
      partition,
      behind: log.behind(READER, partition),
    }));
    storedMs = storing?.storedMs ?? storedMs;
    const isBehind = partitions.some(({ behind }) => behind > 0);
    const standingBy = waits ?? (partitions.length === 0 ? "others have every partition" : null);
    return {
      ...{ role: "store", name: options.name, partitions, standingBy },
      ...{ partitionCount: bus.partitions, stores: storing?.stores ?? 0 },
      ...processStatus({ startedAtMs, simulated, loopDelay }),
      ...storing?.status ?? { ...NOTHING_STORED, ...totals },
      log: log.status,
      logLagMs: isBehind ? Math.max(0, Date.now() - storedMs) : 0,
    };
  };
  await using _control = await serveControl(own.controlFile, {
    status,
    stop: () => stop.abort(),
    answer: () => Promise.resolve(failure(409, "refused", REFUSAL)),
  });
  await using health = serveHealth(options, status);
  if (health !== null) report.info(`Health and metrics at ${health.url}`);

  const writing = {
    identity: { pid: Deno.pid, host: Deno.hostname(), startedAtMs, simulated },
    synchronous: options.synchronous,
    sharedAs: `log ${name} ${bus.identity}`,
  };
  const parts = { bus, log: name, content, totals, report, batchTrades: batchTrades(database) };
  const as = `as "${options.name}", process ${Deno.pid}${simulated ? " (SIMULATED)" : ""}`;
  const onWait = (reason: string) => {
    if (waits !== reason) report.info(`Standing by ${as}: ${reason}`);
    waits = reason;
  };
  for (let sessions = 0; !signal.aborted; sessions++) {
    if (sessions === 0) refuseMixing(database, simulated);
    using writer = await openWhenFree(database, writing, {
      ...{ isPatient: sessions > 0, onWait, signal },
    });
    if (writer === null) break;
    waits = null;
    report.info(
      `Storing what the log "${name}" tells, ${counted(bus.partitions, "partition")}, in ` +
        `${database}, ${as}`,
    );
    try {
      storing = new Storing(writer, { ...parts, signal });
      await storing.run();
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "lost")) throw error;
      if (!signal.aborted) onWait(error.message);
    } finally {
      storedMs = storing?.storedMs ?? storedMs;
      storing = null;
    }
  }
  report.info(`Stopped: ${totals.stored} trades stored, ${totals.duplicates} told twice`);
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
