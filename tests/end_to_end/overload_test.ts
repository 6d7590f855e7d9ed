/**
 * Two sockets that both lose data, a REST that gives nothing back for a while, and next to no room to
 * hold trades: live trades are stored all the same, and what is missing is repaired when it can be.
 */
import { ok } from "node:assert/strict";
import { randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { until } from "../support/programs.ts";
import { checkStored } from "./support/check_stored.ts";
import { AMPLE_WEIGHT, type FaultRun, faultRunOf } from "./support/fault_run.ts";
import { Ingest, PATIENCE_MS } from "./support/ingest.ts";

const RUN: FaultRun = {
  ...faultRunOf(1),
  ...{ streamKind: "aggTrade", isCramped: false, isRedundant: true, isRotating: false },
  ...{ symbolsPerSocket: 200, isShortOfWeight: false, holdCapacity: 5, holdMs: 1_000 },
  plan: { rates: { "skip": 0.2, "drop": 0.0005, "rest-5xx": 1 } },
};

Deno.test("ingestion stores live trades while nothing can be repaired, and the rest afterwards", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  const faults = randomFaults({ seed: 1, plan: RUN.plan });
  try {
    await using exchange = await startExchange({
      source: { seed: 1, symbols: 3, ratePerSecond: 3_000, historyMs: 2_000 },
      faults,
      weightPerMinute: AMPLE_WEIGHT,
    });
    const { symbols } = exchange;
    const newest = (symbol: string) => exchange.aggTrades(symbol).at(-1)?.tradeId ?? -1;
    {
      const random = new Random("overload");
      await using ingest = await Ingest.start({
        ...{ run: RUN, symbols, exchange, database, random, received: [] },
      });
      using reader = openReader(database);
      const isStored = (symbol: string, id: number) =>
        reader.trades({ symbol, fromId: id, limit: 1 }).length > 0;
      const isOpen = (symbol: string) => reader.gaps(symbol).some((gap) => gap.state === "open");
      for (let round = 0; round < 3; round++) {
        await ingest.during(700);
        const ids = new Map(symbols.map((symbol) => [symbol, newest(symbol)]));
        await until(
          () => symbols.every((symbol) => isStored(symbol, ids.get(symbol)!)),
          PATIENCE_MS,
        );
        // Of what both sockets lose nothing is repaired.
        await until(() => symbols.every(isOpen), PATIENCE_MS);
      }
      faults.isActive = false;
      await ingest.untilStored(new Map(symbols.map((symbol) => [symbol, newest(symbol)])));
    }
    const { gaps, lost } = await checkStored({
      ...{ run: RUN, database, sessions: [], log: faults.log, mustHave: symbols },
      truth: (symbol) => exchange.aggTrades(symbol),
    });
    ok(gaps > 100 && lost === 0, `${gaps} gaps, ${lost} lost`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
