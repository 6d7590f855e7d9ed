// deno-lint-ignore-file no-console -- a bench that is run by hand reports on the console
/**
 * How long a store that was down needs for what waits in the log meanwhile: a log on a nats-server
 * is filled with trades of 20 symbols, and a store started: on a file and on a PostgreSQL server,
 * `deno run -A benches/recovery.ts [MILLIONS…]`. Needs nats-server and PostgreSQL (Debian's
 * packages); PostgreSQL has its own defaults, a commit waits for the disk.
 *
 * @module
 */
import { EventPublisher, jetStreamBus } from "tandem/bus";
import type { FeedEvent, Trade } from "tandem/market";
import { openReader } from "tandem/store";
import { addContent } from "../lib/apps/log/log_state.ts";
import { Role } from "../tests/end_to_end/support/role.ts";
import { NatsServer, natsServerPath } from "../tests/support/nats_server.ts";
import { postgresFolder, PostgresServer } from "../tests/support/postgres_server.ts";
import { formatTable } from "../tools/support/format.ts";
import { seededTrades } from "./support/seeded_trades.ts";

const MILLIONS = Deno.args.length === 0 ? [1, 5] : Deno.args.map(Number);
const SYMBOLS = 20;
const AT_ONCE = 8_192;
const PATIENCE_SECONDS = 200;

const PER_SECOND = 20_000;
const million = seededTrades({ symbols: SYMBOLS, count: 1e6, perSecond: PER_SECOND });
const perSymbol = new Map<string, number>();
for (const { symbol } of million) perSymbol.set(symbol, (perSymbol.get(symbol) ?? 0) + 1);
const symbols = [...perSymbol.keys()];

/** A trade of the m-th million: its id and its time follow on the million before. */
function later(trade: Trade, m: number): Trade {
  return {
    ...trade,
    tradeId: trade.tradeId + m * perSymbol.get(trade.symbol)!,
    timeMs: trade.timeMs + m * 1_000 * million.length / PER_SECOND,
  };
}

/** Fills a log, as a feed would that nobody reads. */
async function fill(url: string, millions: number): Promise<void> {
  const { signal } = new AbortController();
  await using bus = await jetStreamBus({ url });
  const about = { venue: "binance-usdm", streamKind: "aggTrade" as const };
  const told = symbols.map((symbol) => [symbol, { ...about, decimals: { price: 2, quantity: 3 } }]);
  await addContent(bus, { simulated: true, symbols: Object.fromEntries(told) }, signal);
  const publisher = new EventPublisher(bus, { feed: "bench", startedAtMs: Date.now(), signal });
  for (let m = 0; m < millions; m++) {
    for (let at = 0; at < million.length; at += AT_ONCE) {
      const trades = million.slice(at, at + AT_ONCE).map((trade) => later(trade, m));
      const events: FeedEvent[] = trades.map((trade) => ({
        ...{ kind: "trade", trade, eventTimeMs: trade.timeMs, receivedMs: trade.timeMs },
      }));
      const { timeMs } = trades.at(-1)!;
      events.push({ kind: "watermark", symbols, timeMs });
      await publisher.publish(events);
    }
  }
  await publisher.flush();
}

/** Lets a store take a log that is full; s from its start to its first and to its last trade. */
async function recover(url: string, database: string, count: number): Promise<[number, number]> {
  const store = new Role("store", "--bus", url, "--db", database);
  const startMs = performance.now();
  const seconds = () => (performance.now() - startMs) / 1_000;
  let first: number | null = null;
  store.start();
  try {
    await store.untilReady(1_000 * PATIENCE_SECONDS);
    using reader = openReader(database);
    while (true) {
      const trades = reader.quality().reduce((sum, q) => sum + q.stored, 0);
      if (trades > 0) first ??= seconds();
      if (trades >= count) return [first!, seconds()];
      if (seconds() > PATIENCE_SECONDS) throw new Error(`${trades} are stored\n${store.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await store.stop();
  }
}

if (natsServerPath === null || postgresFolder === null) {
  console.log("There is nothing to measure with: install nats-server and postgresql");
  Deno.exit(0);
}
const lines: string[][] = [];
for (const millions of MILLIONS) {
  for (const where of ["file", "PostgreSQL"]) {
    const folder = await Deno.makeTempDir();
    await using server = await NatsServer.start();
    await using postgres = where === "file" ? null : await PostgresServer.start([]);
    await fill(server.url, millions);
    const database = await postgres?.makeDatabase() ?? `${folder}/tandem.db`;
    const count = millions * million.length;
    const [first, last] = await recover(server.url, database, count);
    const perSecond = Math.round(count / (last - first) / 1_000);
    lines.push([String(millions), where, first.toFixed(1), last.toFixed(1), String(perSecond)]);
    await Deno.remove(folder, { recursive: true });
  }
}
console.log(formatTable(
  ["million", "into", "first trade after, s", "last after, s", "k/s in between"],
  lines,
));
