import { sleep } from "../../streams/mod.ts";
import { isLeased, openReader, openWriter, StoreError } from "../../store/mod.ts";
import { controlClient } from "../control_client.ts";
import { mixingError } from "../ingest/refuse_mixing.ts";
import type { BarBatch, History, TradeBatch } from "./history.ts";
import { HistoryWriter } from "./history_writer.ts";
import { NotYetError } from "./not_yet_error.ts";
import { storeFolder } from "../store_access.ts";

/** How to open the past of a database. */
export interface HistoryOptions {
  readonly database: string;
  /** Whether what is put comes from a simulated exchange; `null` leaves it as the database says. */
  readonly simulated: boolean | null;
  /** Whether this process also has others to answer meanwhile. @default {false} */
  readonly isShared?: boolean;
}

/** Rows that are put together: more at once is faster, fewer hold up others less. */
const BATCH_ROWS = 20_000;
const SHARED_BATCH_ROWS = 5_000;

/** How often the heartbeat is written, in ms. */
const HEARTBEAT_MS = 1_000;
/** How long, and how often, an ingest is asked that cannot take something yet, in ms. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;

/**
 * Opens the past of a database for putting trades and bars into it: through the ingest that writes
 * it, where one does, else by writing it.
 *
 * @throws {StoreError} If it cannot be written.
 */
export async function openHistory(options: HistoryOptions): Promise<History> {
  const { database } = options;
  if (isLeased(database)) return await remoteHistory(database);
  await Deno.mkdir(storeFolder(database), { recursive: true });
  const writer = openWriter(database, {
    identity: {
      pid: Deno.pid,
      host: Deno.hostname(),
      startedAtMs: Date.now(),
      simulated: options.simulated ?? saysSimulated(database),
    },
  });
  const reader = openReader(database);
  // What is put tells what passes by itself; that the file is gone only a heartbeat finds.
  let problem: unknown = null;
  const heartbeat = setInterval(() => {
    try {
      writer.heartbeat(Date.now());
    } catch (error) {
      if (!(error instanceof StoreError && error.passes)) problem = error;
    }
  }, HEARTBEAT_MS);
  const history = new HistoryWriter(writer, reader);
  const put = <T>(work: () => T): Promise<T> =>
    Promise.try(() => {
      if (problem !== null) throw problem;
      return work();
    });
  return {
    isRemote: false,
    batchRows: options.isShared === true ? SHARED_BATCH_ROWS : BATCH_ROWS,
    putTrades: (batch: TradeBatch) => put(() => history.putTrades(batch)),
    putBars: (batch: BarBatch) => put(() => history.putBars(batch)),
    markSimulated() {
      if (reader.heartbeat()?.simulated === true) return;
      // Also bars and ticks of no exchange: the mark would make simulated ones of them.
      if (reader.symbols().length > 0) throw mixingError(database, true);
      writer.markSimulated();
    },
    [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      reader[Symbol.dispose]();
      writer[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}

/** What is put beside simulated prices makes none of them real. */
function saysSimulated(database: string): boolean {
  try {
    using reader = openReader(database);
    return reader.heartbeat()?.simulated ?? false;
  } catch (error) {
    // There is no database yet, or opening it for writing tells what is wrong with it.
    if (error instanceof StoreError) return false;
    throw error;
  }
}

async function remoteHistory(database: string): Promise<History> {
  const client = await controlClient(database);
  return {
    isRemote: true,
    batchRows: SHARED_BATCH_ROWS,
    putTrades: (batch) => patiently(() => client.putTrades(batch)),
    putBars: (batch) => client.putBars(batch),
    markSimulated() {
      using reader = openReader(database);
      // What writes it has said what it stores.
      if (reader.heartbeat()?.simulated !== true) throw mixingError(database, true);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Tries again what cannot be taken yet. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotYetError) || performance.now() > deadlineMs) throw error;
      await sleep(RETRY_MS);
    }
  }
}
