/**
 * A feed and a store as a user starts them, with a real nats-server between them: whatever is started
 * first, what is stored in the end is what was traded. Who is killed at random moments is the subject
 * of `roles_kill_test.ts`.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readChains } from "../../lib/apps/log/log_state.ts";
import { decodeBatch, jetStreamBus, partitionOf } from "../../lib/bus/mod.ts";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { sequenceId, type Trade } from "../../lib/market/mod.ts";
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

natsTest(
  "a lone feed that starts again finds what the stream left out just before",
  async (server) => {
    const folder = await Deno.makeTempDir();
    const database = `${folder}/tandem.db`;
    const symbol = BYBIT.symbols[0];
    let [checks, drops] = [0, 0];
    let leftOut: number[] = [];
    await using exchange = await startExchange({
      source: { seed: 8, symbols: 1, ratePerSecond: 20, historyMs: 0 },
      faults: {
        frame({ stream, text }) {
          if (stream !== BYBIT.stream || leftOut.length > 0 || drops === 0) return text;
          leftOut = JSON.parse(text).data.map(({ seq }: { seq: number }) => sequenceId(seq, 0));
          return null;
        },
        response(path, response) {
          if (path === "/v5/market/recent-trade") checks++;
          return response;
        },
      },
    });
    const { wsUrl, restUrl } = exchange;
    const urls = ["--bybit-ws-url", wsUrl, "--bybit-rest-url", restUrl, "--bus", server.url];
    const feed = () => start("feed", symbol, "--name", "only", ...urls);
    const stored = (): Trade[] => {
      if (storedTrades(database, [symbol]) === 0) return [];
      using reader = openReader(database);
      return reader.trades({ symbol });
    };
    const has = (id: number) => stored().some(({ tradeId }) => tradeId === id);
    const parts = [feed(), start("store", "--bus", server.url, "--db", database)];
    try {
      // It has looked for what the stream may have left out, and looks again in a minute.
      await until(() => checks > 0 && stored().length > 20, PATIENCE_MS);
      drops = 1;
      await until(() => leftOut.length > 0 && stored().at(-1)!.tradeId > leftOut[0]!, PATIENCE_MS);
      // The store tells up to where it is.
      await untilTold(server, symbol, leftOut[0]!);
      await killHard(parts[0]!);
      ok(!has(leftOut[0]!), "nobody has looked since");
      parts[0] = feed();
      await until(() => leftOut.every(has), PATIENCE_MS);
      strictEqual(await parts[0]!.stop(), 0, parts[0]!.err);
      const told = await toldIds(server, symbol);
      await until(() => has(told.at(-1)!), PATIENCE_MS);
      strictEqual(await parts[1]!.stop(), 0, parts[1]!.err);

      const all = stored();
      const [first, last] = [all[0]!.tradeId, all.at(-1)!.tradeId];
      deepStrictEqual(
        all.map(({ tradeId }) => tradeId),
        BYBIT.truth(exchange, "BTCUSDT", symbol).map(({ tradeId }) => tradeId)
          .filter((id) => id >= first && id <= last),
      );
      using reader = openReader(database);
      ok(reader.gaps(symbol).every((gap) => gap.state === "repaired"));
      // What the feed told again was told twice, and counted so.
      const [quality] = reader.quality();
      deepStrictEqual(
        [quality!.received, quality!.stored, quality!.duplicate],
        [told.length, all.length, told.length - all.length],
      );
    } finally {
      for (const running of parts) await running.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Waits until the store has told that it has a symbol up to an id and beyond. */
async function untilTold(server: NatsServer, symbol: string, id: number): Promise<void> {
  await using bus = await jetStreamBus({ url: server.url });
  const { signal } = new AbortController();
  await until(async () => ((await readChains(bus, signal))[symbol]?.lastId ?? 0) > id, PATIENCE_MS);
}

/** What was told of the one symbol in the log, in that order; those that a feed met twice as well. */
async function toldIds(server: NatsServer, symbol: string): Promise<number[]> {
  await using bus = await jetStreamBus({ url: server.url });
  const batches = bus.replay({ partition: partitionOf(symbol, bus.partitions) });
  const events = await Array.fromAsync(batches, ({ payload }) => decodeBatch(payload).events);
  return events.flat().flatMap((event) =>
    event.kind === "trade" ? event.trade.tradeId : event.kind === "duplicate" ? event.tradeId : []
  );
}

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
