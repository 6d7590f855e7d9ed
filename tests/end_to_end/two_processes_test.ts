/**
 * A feed and a store as a user starts them, with a real nats-server between them: whatever is started
 * first, what is stored in the end is what was traded. Who is killed at random moments is the subject
 * of `roles_kill_test.ts`.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { BYBIT, OKX } from "../feed/support/subjects.ts";
import { type NatsServer, natsTest } from "../support/nats_server.ts";
import { type Running, start, until } from "../support/programs.ts";

const PATIENCE_MS = 120_000;

natsTest(
  "a feed goes on from what is stored, also where the store was started before it",
  async (server) => {
    const folder = await Deno.makeTempDir();
    const database = `${folder}/tandem.db`;
    await using exchange = await startExchange({
      source: { seed: 5, symbols: 3, ratePerSecond: 300, historyMs: 2_000 },
      weightPerMinute: 1_000_000,
    });
    const store = () => start("store", "--bus", server.url, "--db", database);
    const parts = [startFeed("only", exchange, server), store()];
    try {
      await until(() => storedTrades(database, exchange.symbols) > 200, PATIENCE_MS);
      for (const running of parts) await killHard(running);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      parts[1] = store();
      // Longer than a store takes to say what it has, with nothing new in the log.
      await until(() => pidOf(parts[1]!) !== null);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      parts[0] = startFeed("only", exchange, server);
      await untilWhole(database, exchange);
      for (const running of parts) strictEqual(await running.stop(), 0, running.err);
      compare(database, exchange);
    } finally {
      for (const running of parts) await running.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

natsTest(
  "two feeds of venues with and without counted ids are one, whichever is killed",
  async (server) => {
    const folder = await Deno.makeTempDir();
    const database = `${folder}/tandem.db`;
    await using exchange = await startExchange({
      source: { seed: 6, symbols: 1, ratePerSecond: 60, historyMs: 2_000 },
    });
    const subjects = [OKX, BYBIT];
    const symbols = subjects.map((subject) => subject.symbols[0]);
    const { wsUrl, restUrl } = exchange;
    const urls = ["okx", "bybit"].flatMap((flag) => [
      ...[`--${flag}-ws-url`, wsUrl, `--${flag}-rest-url`, restUrl],
    ]);
    const feed = (name: string) =>
      start("feed", ...symbols, "--name", name, "--bus", server.url, ...urls);
    const parts = [feed("a"), feed("b"), start("store", "--bus", server.url, "--db", database)];
    const more = async (by: number) => {
      const before = symbols.map((symbol) => storedTrades(database, [symbol]));
      const isMore = (symbol: string, k: number) =>
        storedTrades(database, [symbol]) > before[k]! + by;
      await until(() => symbols.every(isMore), PATIENCE_MS);
    };
    try {
      await more(40);
      await killHard(parts[0]!);
      await more(40);
      parts[0] = feed("a");
      await until(() => pidOf(parts[0]!) !== null);
      await more(60);
      await killHard(parts[1]!);
      await more(60);
      for (const running of [parts[0]!, parts[2]!]) {
        strictEqual(await running.stop(), 0, running.err);
      }
      using reader = openReader(database);
      for (const { symbols: [symbol], natives: [native], truth } of subjects) {
        const stored = reader.trades({ symbol }).map(({ source: _, ...trade }) => trade);
        const [first, last] = [stored[0]!.tradeId, stored.at(-1)!.tradeId];
        const traded = truth(exchange, native, symbol)
          .filter(({ tradeId }) => tradeId >= first && tradeId <= last)
          .map(({ venue, symbol, tradeId, timeMs, price, quantity, takerSide }) => (
            { venue, symbol, tradeId, timeMs, price, quantity, takerSide }
          ));
        deepStrictEqual(stored, traded, symbol);
        ok(reader.gaps(symbol).every((gap) => gap.state === "repaired"), symbol);
      }
    } finally {
      for (const running of parts) await running.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

function startFeed(name: string, { symbols, wsUrl, restUrl }: Exchange, server: NatsServer) {
  const urls = ["--ws-url", wsUrl, "--rest-url", restUrl];
  return start("feed", ...symbols, "--name", name, "--bus", server.url, ...urls);
}

function storedTrades(database: string, symbols: readonly string[]): number {
  try {
    using reader = openReader(database);
    return symbols.reduce((n, symbol) => n + reader.trades({ symbol }).length, 0);
  } catch {
    return 0;
  }
}

/** Waits until all that was traded by now is stored, and no gap is open. */
async function untilWhole(database: string, exchange: Exchange): Promise<void> {
  const lastIds = exchange.symbols.map((symbol) => exchange.aggTrades(symbol).at(-1)!.tradeId);
  using reader = openReader(database);
  await until(
    () =>
      exchange.symbols.every((symbol, k) =>
        reader.trades({ symbol, fromId: lastIds[k]! }).length > 0 &&
        reader.gaps(symbol).every((gap) => gap.state === "repaired")
      ),
    PATIENCE_MS,
  );
}

/** What is stored of each symbol, from its first trade to its last, is what was traded. */
function compare(database: string, exchange: Exchange): void {
  using reader = openReader(database);
  for (const symbol of exchange.symbols) {
    const stored = reader.trades({ symbol }).map(({ source: _, ...trade }) => trade);
    const newest = stored.at(-1)!.tradeId;
    const wanted = exchange.aggTrades(symbol, stored[0]!.tradeId)
      .filter((trade) => trade.tradeId <= newest)
      .map(({ source: _, firstTradeId: _f, lastTradeId: _l, ...trade }) => trade);
    deepStrictEqual(stored, wanted, symbol);
    ok(stored.length > 50 && reader.gaps(symbol).every((gap) => gap.state === "repaired"));
  }
}

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
