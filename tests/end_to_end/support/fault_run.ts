/** One run of the feed, the pipeline and a database against a faulty exchange. */
import {
  type FaultKind,
  type FaultLog,
  type FaultPlan,
  randomFaults,
  startExchange,
  type TimedFault,
} from "../../../lib/exchange/mod.ts";
import type { StreamKind } from "../../../lib/market/mod.ts";
import { Random } from "../../../lib/stats/mod.ts";
import { checkStored, type Session } from "./check_stored.ts";
import { until } from "../../support/programs.ts";
import { Ingest, PATIENCE_MS } from "./ingest.ts";

/** What a seed stands for. */
export interface FaultRun {
  readonly seed: number;
  readonly streamKind: StreamKind;
  readonly plan: FaultPlan;
  /** How each session before the last ends. */
  readonly endings: readonly ("crash" | "stop")[];
  /** Whether queues are so small that they overflow. */
  readonly isCramped: boolean;
  /** Whether a symbol is removed from the feed and comes back in each session. */
  readonly isChanging: boolean;
  readonly symbolsPerSocket: number;
  /** Whether every symbol comes over two sockets. */
  readonly isRedundant: boolean;
  /** Whether sockets are replaced all the time. */
  readonly isRotating: boolean;
  readonly ratePerSecond: number;
  /** How many trades may wait for missing ids, and how long; in some runs nearly none. */
  readonly holdCapacity: number;
  readonly holdMs: number;
  /** Whether REST has the budget of the real exchange, which such a run uses up: then it waits. */
  readonly isShortOfWeight: boolean;
}

/** What a run saw. */
export interface RunResult {
  readonly trades: number;
  readonly gaps: number;
  readonly lost: number;
  readonly quarantined: number;
  readonly faults: FaultLog["counts"];
}

/** How often a fault happens where it happens at all; each run multiplies it by 0.3 to 3. */
const RATES: Record<FaultKind, number> = {
  "drop": 0.002,
  "policy": 0.001,
  "half-open": 0.0005,
  "stall": 0.003,
  "duplicate": 0.02,
  "reorder": 0.02,
  "skip": 0.02,
  "vanish": 0.003,
  "corrupt": 0.01,
  "mistype": 0.01,
  "zero": 0.005,
  "unknown": 0.005,
  "stranger": 0.005,
  "split": 0.005,
  "giant": 0.001,
  "leap": 0.005,
  "jump": 0.0005,
  "late-ack": 0.3,
  "no-ack": 0.2,
  "rest-429": 0.02,
  "rest-418": 0.01,
  "rest-451": 0.01,
  "rest-5xx": 0.1,
  "rest-slow": 0.05,
  "rest-truncate": 0.1,
  "rest-garble": 0.1,
  "rest-miss": 0.05,
};

/** Every fault that these runs have. */
export const FAULTS: readonly (FaultKind | TimedFault)[] = [
  ...Object.keys(RATES) as FaultKind[],
  "lifetime",
  "listing",
  "delisting",
];

/** Runs are short and dense: within the budget of the real exchange most would wait for minutes. */
export const AMPLE_WEIGHT = 100_000;

/** Draws which faults happen how often. */
export function planOf(draw: () => number): FaultPlan {
  const rates = Object.fromEntries(
    Object.entries(RATES).flatMap(([kind, rate]) => {
      const factor = 0.3 * 10 ** draw();
      return draw() < 0.6 ? [[kind, Math.min(0.5, rate * factor)]] : [];
    }),
  );
  return {
    rates,
    ...(draw() < 0.3 ? { lifetimeMs: 400 + 800 * draw() } : {}),
    ...(draw() < 0.3 ? { listingMs: 300 + 1_500 * draw() } : {}),
    ...(draw() < 0.3 ? { delistingMs: 500 + 2_500 * draw() } : {}),
  };
}

/** Tells what a seed stands for. */
export function faultRunOf(seed: number): FaultRun {
  const random = new Random(`fault run ${seed}`);
  const draw = () => random.uniform();
  const plan = planOf(draw);
  const endings = Array.from(
    { length: Math.floor(3 * draw()) },
    () => draw() < 0.7 ? "crash" as const : "stop" as const,
  );
  const streamKind = draw() < 0.15 ? "trade" : "aggTrade";
  return {
    seed,
    streamKind,
    plan,
    endings,
    isCramped: draw() < 0.15,
    symbolsPerSocket: draw() < 0.3 ? 2 : 200,
    ratePerSecond: 300 * 5 ** draw(),
    isChanging: draw() < 0.3,
    isRedundant: draw() < 0.2,
    isRotating: draw() < 0.3,
    isShortOfWeight: draw() < 0.05,
    holdCapacity: draw() < 0.4 ? Math.floor(60 * draw()) : 100_000,
    holdMs: draw() < 0.4 ? 1_000 * draw() : 10_000,
  };
}

/** Runs it and compares what is stored with what was traded. */
export async function runFaults(run: FaultRun, database: string): Promise<RunResult> {
  const { seed, streamKind, plan } = run;
  const random = new Random(`fault run ${seed}, while it runs`);
  const faults = randomFaults({ seed, plan });
  // Minutes and five-minute intervals end while it runs.
  const startMs = 1_800_000_000_000 + 300_000 * (seed % 1_000) -
    Math.floor(2_500 * random.uniform());
  await using exchange = await startExchange({
    source: { seed, symbols: 3, ratePerSecond: run.ratePerSecond, historyMs: 2_000, startMs },
    faults,
    ...(run.isShortOfWeight ? {} : { weightPerMinute: AMPLE_WEIGHT }),
  });
  const truth = (symbol: string) =>
    streamKind === "aggTrade" ? exchange.aggTrades(symbol) : exchange.trades(symbol);
  const sessions: Session[] = [];
  // Those that do not trade any more stay: some of their last trades may still be missing.
  const symbols = new Set(exchange.symbols);
  const withListed = () => {
    for (const symbol of exchange.symbols) symbols.add(symbol);
    return [...symbols];
  };

  for (const ending of [...run.endings, "end" as const]) {
    const received: string[] = [];
    sessions.push({ received, isHeard: true, isCrashed: ending === "crash" });
    await using ingest = await Ingest.start({
      ...{ run, symbols: withListed(), exchange, database, random, received },
    });
    await ingest.during(300 + 1_200 * random.uniform());
    if (run.isChanging) {
      const symbol = exchange.symbols[Math.floor(exchange.symbols.length * random.uniform())]!;
      ingest.feed.remove([symbol]);
      await ingest.during(500 * random.uniform());
      ingest.follow([symbol]);
      await ingest.during(500 * random.uniform());
    }
    ingest.follow(withListed());
    if (ending === "end") {
      faults.isActive = false;
      ingest.follow(withListed());
      await until(() => exchange.symbols.every((symbol) => truth(symbol).length > 0), PATIENCE_MS);
      const ended = [...symbols].filter((symbol) => !exchange.symbols.includes(symbol));
      if (streamKind === "aggTrade") await ingest.catchUp(ended);
      await ingest.untilStored(
        new Map(
          [...streamKind === "aggTrade" ? symbols : exchange.symbols].map((symbol) => {
            // Nobody can know that a symbol ended with a trade that vanished.
            const vanished = faults.log.vanished(symbol);
            const last = truth(symbol).findLast(({ tradeId }) => !vanished.has(tradeId));
            return [symbol, last?.tradeId ?? -1];
          }),
        ),
      );
    }
    if (ending === "crash") ingest.crash();
  }
  return await checkStored({
    ...{ run, database, sessions, truth, log: faults.log },
    mustHave: exchange.symbols,
  });
}
