import { symbolName } from "../market/mod.ts";
import { isLeased, type StoreReader } from "../store/mod.ts";
import { databaseInUse, databasePath, readerOf, use } from "./database.ts";
import { sleep } from "./prelude.ts";
import { runProgram } from "./programs.ts";
import { type Simulation, startSimulation } from "./simulation.ts";

/** What to ingest, and where to. */
export interface IngestOptions {
  /** The symbols, such as `ETHUSDT`, `okx:BTC-USDT-SWAP` or `bybit:BTCUSDT`. */
  readonly symbols: readonly string[];
  /**
   * The database. @default {`TANDEM_DB`, else `data/tandem.db` of the project, or
   * `data/simulated.db` for a simulated exchange}
   */
  readonly db?: string;
  /**
   * Whether to ingest a simulated exchange on this machine, or what it is like. It begins with an
   * empty database. `TANDEM_WS_URL` names another exchange and wins.
   * @default {false}
   */
  readonly simulated?: boolean | Simulation;
}

/** How long the first bars may take, in ms. */
const FIRST_BARS_MS = 60_000;

const INTERVAL_MS = 1_000;

/**
 * Makes sure that symbols are being ingested, and waits for their first bars.
 *
 * If an ingest writes the database already, it is joined: symbols it does not follow are added.
 * Otherwise one is started as a process of its own, which goes on when the kernel ends;
 * `stopIngest()` ends it. Run it as often as you like.
 *
 * In a notebook: `await nb.ingest({ symbols: ["ETHUSDT", "BTCUSDT"], simulated: true })`.
 *
 * @example What cannot be a symbol
 * ```ts
 * import { ingest } from "tandem/notebook";
 * import { rejects } from "node:assert/strict";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * await rejects(ingest({ symbols: ["BTC/USDT"], db }), /Cannot ingest "BTC\/USDT"/);
 * ```
 *
 * @param options What to ingest, and where to.
 * @returns A reader of the database, which later cells then mean.
 * @throws {Error} If the ingest cannot be started or joined; the message says why.
 */
export async function ingest(options: IngestOptions): Promise<StoreReader> {
  const { symbols } = options;
  const wanted = Deno.env.get("TANDEM_WS_URL") ? false : options.simulated ?? false;
  const simulation = wanted === true ? {} : wanted;
  const database = databasePath(options.db, simulation ? "simulated.db" : "tandem.db");
  if (!isLeased(database)) await start(database, symbols, simulation);
  else if (symbols.length > 0) await join(database, symbols);
  use(database);
  await firstBars(database, symbols);
  return readerOf(database);
}

/**
 * Ends the ingest of the database in use, whoever started it; what it received is stored first.
 * Does nothing where none runs.
 *
 * @example Where none runs
 * ```ts
 * import { attach, stopIngest } from "tandem/notebook";
 * import { openWriter } from "tandem/store";
 *
 * const db = `${Deno.makeTempDirSync()}/tandem.db`;
 * const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
 * openWriter(db, { identity })[Symbol.dispose]();
 * attach({ db });
 * await stopIngest();
 * ```
 *
 * @returns A promise that is fulfilled when it has ended.
 */
export async function stopIngest(): Promise<void> {
  const database = databaseInUse();
  if (isLeased(database)) await runProgram("stop", "--db", database);
}

async function start(
  database: string,
  symbols: readonly string[],
  simulation: Simulation | false,
): Promise<void> {
  const urls = simulation ? await startSimulation(database, simulation) : [];
  try {
    await runProgram("ingest", ...symbols, ...urls, "--db", database, "--detach");
  } catch (error) {
    // Another kernel may have been quicker by a moment.
    if (!isLeased(database)) throw error;
    await join(database, symbols);
  }
}

async function join(database: string, symbols: readonly string[]): Promise<void> {
  await runProgram("symbols", "add", ...symbols, "--db", database);
}

async function firstBars(database: string, symbols: readonly string[]): Promise<void> {
  const wanted = symbols.map(symbolName);
  const deadline = performance.now() + FIRST_BARS_MS;
  const hasBars = (symbol: string) =>
    readerOf(database).bars({ symbol, intervalMs: INTERVAL_MS, limit: 1 }).length > 0;
  while (!wanted.every(hasBars)) {
    if (performance.now() > deadline) {
      const silent = wanted.filter((symbol) => !hasBars(symbol)).join(", ");
      throw new Error(`Cannot see a bar of ${silent} after a minute: look at "deno task logs"`);
    }
    await sleep(100);
  }
}
