import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { parseFaultPlan } from "../exchange/mod.ts";
import { VENUES } from "../market/mod.ts";
import { openReader } from "../store/mod.ts";
import { forget, project } from "./database.ts";
import { sleep } from "./prelude.ts";

/** What a simulated exchange is like. */
export interface Simulation {
  /** The same seed gives the same prices. @default {1} */
  readonly seed?: string | number;
  /** Trades per second over all symbols, in the long run; > 0. @default {200} */
  readonly ratePerSecond?: number;
  /** What goes wrong, as after `exchange --fault`: see `docs/faults.md`. @default {"", nothing} */
  readonly faults?: string;
}

/** How long the exchange may take to come up, in ms. */
const START_MS = 60_000;

/**
 * Starts a simulated exchange for an empty database; gives the options that lead an ingest to it.
 *
 * @throws {Error} If the database holds other than simulated trades, or the exchange does not come up.
 * @throws {RangeError} If the faults make no sense.
 */
export async function startSimulation(
  database: string,
  { seed = 1, ratePerSecond = 200, faults = "" }: Simulation,
): Promise<string[]> {
  if (faults !== "") parseFaultPlan(faults);
  const addresses = `${database}.exchange.json`;
  await Deno.mkdir(dirname(database), { recursive: true });
  empty(database);
  spawn(database, String(seed), String(ratePerSecond), faults);
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const text = await Deno.readTextFile(addresses).catch(() => null);
    if (text !== null) {
      const { wsUrl, restUrl } = JSON.parse(text);
      // It speaks the wires of all venues.
      return VENUES.flatMap(({ prefix }) => {
        const flag = prefix === null ? "" : `${prefix}-`;
        return [`--${flag}ws-url`, wsUrl, `--${flag}rest-url`, restUrl];
      });
    }
    await sleep(50);
  }
  throw new Error("Cannot start the simulated exchange: it did not come up within a minute");
}

/** What was simulated can be had again; what was not is never removed. */
function empty(database: string): void {
  forget(database);
  if (existsSync(database) && !isSimulated(database)) {
    throw new Error(
      `Cannot begin a simulation in ${database} as it does not hold simulated trades: name ` +
        "another database in `db` or TANDEM_DB",
    );
  }
  for (const end of ["", "-wal", "-shm", ".exchange.json"]) {
    try {
      Deno.removeSync(database + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function isSimulated(database: string): boolean {
  using reader = openReader(database);
  return reader.heartbeat()?.simulated === true;
}

/** The exchange goes on by itself, for as long as the database is written. */
function spawn(database: string, ...args: readonly string[]): void {
  const folder = dirname(database);
  new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1"],
      ...[`--allow-read=${folder}`, `--allow-write=${folder}`],
      ...[`${project}/lib/notebook/simulated_exchange.ts`, database, ...args],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn().unref();
}
