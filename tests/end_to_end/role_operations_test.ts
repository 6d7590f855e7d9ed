/**
 * A feed and a store as whoever runs them sees them: health, metrics, status, stop, and an end that
 * loses nothing of what they had.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { decodeBatch, jetStreamBus } from "../../lib/bus/mod.ts";
import { connectTo } from "../../lib/bus/jetstream/library.ts";
import { type Exchange, startExchange } from "../../lib/exchange/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { type NatsServer, natsTest } from "../support/nats_server.ts";
import { run, type Running, start, until } from "../support/programs.ts";

const PATIENCE_MS = 60_000;
/** What was traded so long before a signal has been heard. */
const HEARD_MS = 500;
const BEHIND = 'tandem_log_behind_messages{reader="store"}';

natsTest(
  "a feed and a store tell how they are, and end without losing anything",
  async (server) => {
    const folder = await Deno.makeTempDir();
    const database = `${folder}/tandem.db`;
    const name = `operations-${Deno.pid}`;
    await using exchange = await startExchange({
      source: { seed: 11, symbols: 3, ratePerSecond: 300, historyMs: 2_000 },
      weightPerMinute: 1_000_000,
    });
    const urls = ["--ws-url", exchange.wsUrl, "--rest-url", exchange.restUrl];
    const common = ["--bus", server.url, "--health-port", "0"];
    const feed = start("feed", ...exchange.symbols, "--name", name, ...common, ...urls);
    let store = start("store", "--db", database, ...common);
    try {
      const feedUrl = await healthOf(feed);
      let storeUrl = await healthOf(store);
      for (const url of [feedUrl, storeUrl]) {
        await until(async () => (await get(`${url}/readyz`)).status === 200, PATIENCE_MS);
        deepStrictEqual(await get(`${url}/healthz`), { status: 200, text: "alive\n" });
      }
      await until(async () => await metric(storeUrl, "tandem_trades_stored_total") > 200);
      ok(await metric(feedUrl, "tandem_events_published_total") > 200);
      strictEqual(await metric(feedUrl, 'tandem_streams{state="live"}'), 3);

      const ofStore = JSON.parse((await run("status", "--db", database, "--json")).out);
      deepStrictEqual([ofStore.role, ofStore.simulated, ofStore.storage], ["store", true, null]);
      const ofFeed = await run("status", "--feed", name);
      match(ofFeed.out, new RegExp(`^Feed "${name}" \\(process \\d+\\) has been telling the log`));
      match(ofFeed.out, /log {9}"tandem" at 127\.0\.0\.1:\d+, \d+ messages/);
      const refused = await run("symbols", "add", "BTCUSDT", "--db", database);
      strictEqual(refused.code, 1);
      match(refused.err, /^Cannot do this while a store writes the database/);

      // In the middle of what the feed tells.
      const stopped = await run("stop", "--db", database);
      deepStrictEqual([stopped.code, await store.code], [0, 0], stopped.err + store.err);
      await checkAcknowledged(server, database);
      store = start("store", "--db", database, ...common);
      storeUrl = await healthOf(store);

      await server.kill();
      for (const url of [feedUrl, storeUrl]) {
        await until(async () => (await get(`${url}/readyz`)).status === 503, PATIENCE_MS);
        match((await get(`${url}/readyz`)).text, /^the log "tandem" at .* cannot be reached$/m);
        strictEqual((await get(`${url}/healthz`)).status, 200);
      }
      // The database can be written: its readers see that the store lives.
      const beatMs = heartbeatMs(database);
      await until(() => heartbeatMs(database) > beatMs, PATIENCE_MS);
      await until(async () => await metric(feedUrl, "tandem_events_waiting") > 100, PATIENCE_MS);
      // What the feed holds now it can give to nobody: it has to wait for the log, and then end.
      const traded = newestIds(exchange);
      await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
      const ended = feed.stop();
      await server.restart();
      strictEqual(await ended, 0, feed.err);
      match(feed.err, /Stopped: \d+ events in the log/);
      const inLog = await newestIdsOfLog(server);
      for (const [symbol, id] of traded) {
        ok(
          inLog.get(symbol)! >= id,
          `${symbol}: ${id} is in the log`,
        );
      }

      await until(async () => await metric(storeUrl, BEHIND) === 0, PATIENCE_MS);
      strictEqual(await store.stop(), 0, store.err);
      compareNewest(database, inLog);
      strictEqual((await run("status", "--feed", name)).code, 1);
    } finally {
      await feed.stop("SIGKILL");
      await store.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

function heartbeatMs(database: string): number {
  using reader = openReader(database);
  return reader.heartbeat()!.heartbeatAtMs;
}

function compareNewest(database: string, inLog: ReadonlyMap<string, number>): void {
  using reader = openReader(database);
  for (const [symbol, fromId] of inLog) {
    deepStrictEqual(reader.trades({ symbol, fromId }).map((t) => t.tradeId), [fromId], symbol);
  }
}

async function healthOf(running: Running): Promise<string> {
  const said = () => /Health and metrics at (\S+)/.exec(running.err)?.[1];
  await until(() => said() !== undefined, PATIENCE_MS);
  return said()!;
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

/** The number of a metric, or NaN. */
async function metric(url: string, name: string): Promise<number> {
  const { text } = await get(`${url}/metrics`);
  return Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ").at(-1));
}

function newestIds(exchange: Exchange): Map<string, number> {
  return new Map(exchange.symbols.map((s) => [s, exchange.aggTrades(s).at(-1)!.tradeId]));
}

async function newestIdsOfLog({ url }: NatsServer): Promise<Map<string, number>> {
  await using bus = await jetStreamBus({ url });
  const newest = new Map<string, number>();
  for (let partition = 0; partition < bus.partitions; partition++) {
    for await (const { payload } of bus.replay({ partition })) {
      for (const event of decodeBatch(payload).events) {
        if (event.kind !== "trade") continue;
        const { symbol, tradeId } = event.trade;
        newest.set(symbol, Math.max(newest.get(symbol) ?? 0, tradeId));
      }
    }
  }
  return newest;
}

/** What the log counts as dealt with is what is stored, to the message. */
async function checkAcknowledged({ url }: NatsServer, database: string): Promise<void> {
  await using bus = await jetStreamBus({ url });
  const { connection, manager } = await connectTo(url, "test");
  using reader = openReader(database);
  using writer = openWriter(database, {
    identity: { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true },
  });
  for (let partition = 0; partition < bus.partitions; partition++) {
    const info = await manager.consumers.info("tandem", `store-${partition}`);
    const floor = Math.max(info.ack_floor.stream_seq, (info.config.opt_start_seq ?? 1) - 1);
    const place = writer.bookmark(`log.tandem.${bus.identity}.${partition}`) ?? 0;
    ok(place <= floor, `partition ${partition}: ${place} is stored, ${floor} acknowledged`);
    for await (const { payload, sequence } of bus.replay({ partition })) {
      if (sequence > floor) break;
      for (const event of decodeBatch(payload).events) {
        if (event.kind !== "trade") continue;
        const { symbol, tradeId: fromId } = event.trade;
        const [stored] = reader.trades({ symbol, fromId, toId: fromId });
        strictEqual(stored?.tradeId, fromId, `${symbol} ${fromId} is stored`);
      }
    }
  }
  await connection.close();
}
