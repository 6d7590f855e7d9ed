/** One run of the ingest program against a faulty exchange, with SIGKILLs at random moments. */
import { strictEqual } from "node:assert/strict";
import { randomFaults, startExchange } from "../../../lib/exchange/mod.ts";
import { Random } from "../../../lib/stats/mod.ts";
import { openReader } from "../../../lib/store/mod.ts";
import { start, until } from "../../support/programs.ts";
import { checkStored } from "./check_stored.ts";
import { planOf, type RunResult } from "./fault_run.ts";

const KILLS = 2;

/** The program waits long for these, as it must: half a minute, or 15 s. */
const SLOW = new Set(["vanish", "half-open"]);

/** Runs it and compares what is stored with what was traded. */
export async function runKills(seed: number, database: string): Promise<RunResult> {
  const random = new Random(`kill run ${seed}`);
  const { rates } = planOf(() => random.uniform());
  const plan = {
    rates: Object.fromEntries(Object.entries(rates).filter(([kind]) => !SLOW.has(kind))),
  };
  const faults = randomFaults({ seed, plan });
  await using exchange = await startExchange({
    source: { seed, symbols: 3, ratePerSecond: 1_000, historyMs: 2_000 },
    faults,
  });
  const ingest = () =>
    start(
      "ingest",
      ...["--all", "--warm", "0", "--db", database],
      ...["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl],
    );
  for (let k = 0; k < KILLS; k++) {
    const before = storedTrades(database);
    await using running = ingest();
    await until(() => storedTrades(database) > before && pidOf(database) !== null, 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1_500 * random.uniform()));
    Deno.kill(pidOf(database)!, "SIGKILL");
    await running.code;
    await Deno.remove(`${database}.control.json`);
  }
  await using running = ingest();
  const before = storedTrades(database);
  await until(() => storedTrades(database) > before + 200, 60_000);
  faults.isActive = false;
  const targets = exchange.symbols.map((s) => [s, exchange.aggTrades(s).at(-1)!.tradeId] as const);
  await until(() => targets.every(([symbol, id]) => hasTrade(database, symbol, id)), 60_000);
  strictEqual(await running.stop(), 0, running.err);
  return await checkStored({
    run: { streamKind: "aggTrade", isCramped: false },
    database,
    sessions: null,
    truth: (symbol) => exchange.aggTrades(symbol),
    log: faults.log,
  });
}

function pidOf(database: string): number | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${database}.control.json`)).pid;
  } catch {
    return null;
  }
}

function storedTrades(database: string): number {
  try {
    using reader = openReader(database);
    return reader.quality().reduce((sum, q) => sum + q.stored, 0);
  } catch {
    return 0;
  }
}

function hasTrade(database: string, symbol: string, tradeId: number): boolean {
  using reader = openReader(database);
  return reader.trades({ symbol, fromId: tradeId, limit: 1 }).length > 0;
}
