/**
 * Feeds and a store in processes of their own, with a real nats-server between them; any of them is
 * killed at random, and started again. What is stored in the end is what was traded.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { Random } from "../../lib/stats/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { natsTest } from "../support/nats_server.ts";
import { run, type Running, start, until } from "../support/programs.ts";

const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);
const KILLS = Number(Deno.env.get("TANDEM_KILLS") ?? 5);
const PATIENCE_MS = 120_000;

natsTest(
  `two feeds, a log and a store lose nothing, whoever is killed (TANDEM_SEED=${SEED})`,
  async (server) => {
    const random = new Random(`processes/${SEED}`);
    const folder = await Deno.makeTempDir();
    const database = `${folder}/tandem.db`;
    const rates = { duplicate: 0.01, reorder: 0.01, skip: 0.01, corrupt: 0.005 };
    await using exchange = await startExchange({
      source: { seed: SEED, symbols: 3, ratePerSecond: 600, historyMs: 2_000 },
      faults: randomFaults({ seed: SEED, plan: { rates } }),
      weightPerMinute: 1_000_000,
    });
    const { symbols, wsUrl, restUrl } = exchange;
    const bus = ["--bus", server.url];
    const feed = (name: string) => () =>
      start(
        ...["feed", ...symbols, "--name", name, ...bus] as [string, ...string[]],
        ...["--ws-url", wsUrl, "--rest-url", restUrl],
      );
    const parts: Record<string, { readonly start: () => Running; running: Running }> = {};
    for (
      const [name, starter] of [
        ["first", feed("first")],
        ["second", feed("second")],
        ["store", () => start("store", ...bus, "--db", database)],
      ] as const
    ) parts[name] = { start: starter, running: starter() };
    const count = () => {
      try {
        using reader = openReader(database);
        return symbols.reduce((n, symbol) => n + reader.trades({ symbol }).length, 0);
      } catch {
        return 0;
      }
    };
    try {
      await until(() => count() > 200, PATIENCE_MS);
      for (let k = 0; k < KILLS; k++) {
        const before = count();
        const who = ["first", "second", "store", "server"][Math.floor(4 * random.uniform())]!;
        await new Promise((resolve) => setTimeout(resolve, 1_500 * random.uniform()));
        if (who === "server") {
          await server.kill();
          await server.restart();
        } else {
          await killHard(parts[who]!.running);
          parts[who]!.running = parts[who]!.start();
        }
        await until(() => count() > before + 150, PATIENCE_MS);
      }
      for (const { running } of Object.values(parts)) await until(() => pidOf(running) !== null);
      // The end, in the order of the data: what was heard is in the log, then in the database.
      strictEqual(await parts.first!.running.stop(), 0, parts.first!.running.err);
      strictEqual(await parts.second!.running.stop(), 0, parts.second!.running.err);
      let last = -1;
      await until(async () => {
        const now = count();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const isStill = now === last;
        last = now;
        return isStill;
      }, PATIENCE_MS);
      strictEqual(await parts.store!.running.stop(), 0, parts.store!.running.err);

      using reader = openReader(database);
      for (const symbol of symbols) {
        const stored = reader.trades({ symbol }).map(({ source: _, ...trade }) => trade);
        const [first, newest] = [stored[0]!.tradeId, stored.at(-1)!.tradeId];
        const open = reader.gaps(symbol).filter((gap) => gap.state !== "repaired");
        // What was open when the feeds ended is told; everything else is there.
        const told = (id: number) =>
          open.some((gap) => gap.firstMissingId <= id && id <= gap.lastMissingId);
        const wanted = exchange.aggTrades(symbol, first)
          .filter((t) => t.tradeId <= newest && !told(t.tradeId))
          .map(({ source: _, firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
        deepStrictEqual(stored, wanted, symbol);
        ok(wanted.length > 200 && open.every((gap) => gap.state === "open"));
      }
      const verified = await run("verify", "--db", database);
      strictEqual(verified.code, 0, verified.out + verified.err);
    } finally {
      for (const { running } of Object.values(parts)) await running.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** The process that does the work, once it does. */
function pidOf({ err }: Running): number | null {
  const found = /process (\d+)/.exec(err);
  return found === null ? null : Number(found[1]);
}

/** Kills the process that does the work, as a loss of power would. */
async function killHard(running: Running): Promise<void> {
  await until(() => pidOf(running) !== null);
  Deno.kill(pidOf(running)!, "SIGKILL");
  await running.code;
}
