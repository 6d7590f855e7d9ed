/** One run of the ingest program against a faulty exchange, with SIGKILLs at random moments. */
import { strictEqual } from "node:assert/strict";
import { randomFaults, startExchange } from "../../../lib/exchange/mod.ts";
import { Random } from "../../../lib/stats/mod.ts";
import { openReader } from "../../../lib/store/mod.ts";
import { start, until } from "../../support/programs.ts";
import { checkStored, type Session } from "./check_stored.ts";
import { readCapture } from "../../../lib/exchange/capture_reader.ts";
import { planOf, type RunResult } from "./fault_run.ts";
import { storedTrades } from "./stored_trades.ts";

const KILLS = 2;

/** The machine may have other things to do. */
const PATIENCE_MS = 180_000;

/** A connection of the program takes longer to open than those of runs in this process. */
const LIFETIME_FACTOR = 4;

/** The program waits long for these, as it must: half a minute, 15 s, or a minute. */
const SLOW = new Set(["vanish", "half-open", "rest-451"]);

/** Runs it and compares what is stored with what was traded. */
export async function runKills(seed: number, database: string): Promise<RunResult> {
  const random = new Random(`kill run ${seed}`);
  const { rates, lifetimeMs, delistingMs } = planOf(() => random.uniform());
  const plan = {
    rates: Object.fromEntries(Object.entries(rates).filter(([kind]) => !SLOW.has(kind))),
    ...(lifetimeMs === undefined ? {} : { lifetimeMs: LIFETIME_FACTOR * lifetimeMs }),
    ...(delistingMs === undefined ? {} : { delistingMs }),
  };
  const faults = randomFaults({ seed, plan });
  await using exchange = await startExchange({
    source: { seed, symbols: 3, ratePerSecond: 1_000, historyMs: 2_000 },
    faults,
  });
  const ingest = (...args: string[]) =>
    start(
      "ingest",
      ...["--all", "--refresh", "1s", "--warm", "0", "--db", database, ...args],
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
  for (let k = 0; k < KILLS; k++) {
    const before = storedTrades(database);
    await using running = ingest();
    await until(() => storedTrades(database) > before && pidOf(database) !== null, PATIENCE_MS);
    await new Promise((resolve) => setTimeout(resolve, 1_500 * random.uniform()));
    Deno.kill(pidOf(database)!, "SIGKILL");
    await running.code;
    await Deno.remove(`${database}.control.json`);
  }
  const recording = `${database}.frames`;
  await using running = ingest("--record", recording);
  const before = storedTrades(database);
  await until(() => storedTrades(database) > before + 200, PATIENCE_MS);
  faults.isActive = false;
  const targets = exchange.symbols.map((s) => [s, exchange.aggTrades(s).at(-1)!.tradeId] as const);
  await until(() => targets.every(([symbol, id]) => isWhole(database, symbol, id)), PATIENCE_MS);
  strictEqual(await running.stop(), 0, running.err);
  return await checkStored({
    run: { streamKind: "aggTrade", isCramped: false },
    database,
    sessions: [
      ...Array<Session>(KILLS).fill({ received: [], isHeard: false, isCrashed: true }),
      { received: await recorded(recording), isHeard: true, isCrashed: false },
    ],
    truth: (symbol) => exchange.aggTrades(symbol),
    log: faults.log,
    mustHave: exchange.symbols,
  });
}

/** Every frame of a recording, as it came. */
async function recorded(folder: string): Promise<string[]> {
  const frames: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    for await (const lines of readCapture(`${folder}/${name}`)) {
      for (const line of lines) if (line !== null) frames.push(line.json);
    }
  }
  return frames;
}

function pidOf(database: string): number | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${database}.control.json`)).pid;
  } catch {
    return null;
  }
}

/** Whether everything up to an id is stored, as far as it can be had. */
function isWhole(database: string, symbol: string, tradeId: number): boolean {
  using reader = openReader(database);
  return reader.trades({ symbol, fromId: tradeId, limit: 1 }).length > 0 &&
    reader.gaps(symbol).every((gap) => gap.state !== "open" || gap.firstMissingId > tradeId);
}
