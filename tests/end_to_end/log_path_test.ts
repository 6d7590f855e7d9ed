/**
 * What a feed delivers, stored at once and by way of a log on a real nats-server, which is killed
 * while it is written: both databases hold the same trades, bars, gaps and frames, bit for bit.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { EventPublisher, jetStreamBus, partitionOf, readEvents } from "../../lib/bus/mod.ts";
import { type Exchange, randomFaults, startExchange } from "../../lib/exchange/mod.ts";
import { binanceFeed, BinanceRest, WeightLimiter } from "../../lib/feed/mod.ts";
import { BINANCE_USDM, type FeedEvent } from "../../lib/market/mod.ts";
import { openWriter, type StoreWriter } from "../../lib/store/mod.ts";
import { type NatsServer, natsTest } from "../support/nats_server.ts";

const PARTITIONS = 3;
const SEED = Number(Deno.env.get("TANDEM_SEED") ?? Date.now() % 2 ** 31);

/** What a feed delivers until so many trades have come. */
async function heard(
  exchange: Exchange,
  trades: number,
): Promise<(readonly FeedEvent[])[]> {
  const stop = new AbortController();
  const feed = binanceFeed({
    ...{ symbols: exchange.symbols, wsUrl: exchange.wsUrl, signal: stop.signal },
    rest: new BinanceRest({ baseUrl: exchange.restUrl, limiter: new WeightLimiter(100_000) }),
    ...{ connectSpacingMs: 20, staleMs: 800, graceMs: 300 },
  });
  const batches: (readonly FeedEvent[])[] = [];
  let left = trades;
  for await (const events of feed) {
    batches.push(events);
    for (const event of events) if (event.kind === "trade") left--;
    if (left <= 0) stop.abort();
  }
  return batches;
}

function open(path: string, symbols: readonly string[]): StoreWriter {
  const writer = openWriter(path, {
    identity: { pid: Deno.pid, host: "here", startedAtMs: 0, simulated: true },
  });
  for (const symbol of symbols) writer.register(BINANCE_USDM, symbol, "aggTrade");
  return writer;
}

/** Everything stored; how often a bar was revised depends on when was committed, and is left out. */
function contents(path: string): Record<string, unknown[]> {
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (sql: string) => db.prepare(sql).all().map((row) => ({ ...row }));
  try {
    const bars = all("SELECT * FROM v_bars ORDER BY symbol, interval_ms, open_time_ms");
    return {
      trades: all("SELECT * FROM v_trades ORDER BY symbol, trade_id"),
      bars: bars.map(({ revision: _, ...bar }) => bar),
      gaps: all("SELECT * FROM v_gaps ORDER BY symbol, first_missing_id"),
      quarantine: all("SELECT * FROM v_quarantine ORDER BY symbol, reason, raw, received_ms"),
      quality: all("SELECT * FROM v_quality ORDER BY symbol"),
    };
  } finally {
    db.close();
  }
}

/** Stores events at once, and by way of the log; gives both databases. */
async function storeBothWays(
  server: NatsServer,
  folder: string,
  batches: readonly (readonly FeedEvent[])[],
  symbols: readonly string[],
): Promise<{ direct: string; viaLog: string }> {
  const [direct, viaLog] = [`${folder}/direct.db`, `${folder}/log.db`];
  {
    using writer = open(direct, symbols);
    const pipeline = new Pipeline(BINANCE_USDM, writer);
    for (const events of batches) {
      pipeline.apply(events);
      pipeline.commit();
    }
    pipeline.drain();
  }
  await using bus = await jetStreamBus({ url: server.url, partitions: PARTITIONS, mostBytes: 1e8 });
  const { signal } = new AbortController();
  const publisher = new EventPublisher(bus, { feed: "a", startedAtMs: 1, lingerMs: 5, signal });
  const middle = Math.floor(batches.length / 2);
  for (const [k, events] of batches.entries()) {
    await publisher.publish(events);
    // In batches of batches, so that many messages are on their way over time.
    if (k % 25 === 0) await publisher.flush();
    if (k !== middle) continue;
    await server.kill();
    setTimeout(() => server.restart(), 300);
  }
  await publisher.flush();

  using writer = open(viaLog, symbols);
  const pipeline = new Pipeline(BINANCE_USDM, writer);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    let left = (await Array.fromAsync(bus.replay({ partition }))).length;
    if (left === 0) continue;
    let next = 0;
    const options = { name: "store", partition, signal };
    for await (const { batch, delivery } of readEvents(bus, options)) {
      strictEqual(batch.origin.number, next++, "every batch once, in order");
      pipeline.apply(batch.events);
      pipeline.commit();
      delivery.acknowledge();
      if (--left === 0) break;
    }
  }
  pipeline.drain();
  return { direct, viaLog };
}

natsTest(`the log changes nothing of a faulty feed (TANDEM_SEED=${SEED})`, async (server) => {
  const folder = await Deno.makeTempDir();
  try {
    const rates = { duplicate: 0.02, reorder: 0.02, skip: 0.02, corrupt: 0.01, unknown: 0.01 };
    await using exchange = await startExchange({
      source: { seed: SEED, symbols: 6, ratePerSecond: 3_000, historyMs: 2_000 },
      faults: randomFaults({ seed: SEED, plan: { rates } }),
      weightPerMinute: 100_000,
    });
    const { symbols } = exchange;
    ok(new Set(symbols.map((symbol) => partitionOf(symbol, PARTITIONS))).size > 1);
    const batches = await heard(exchange, 6_000);
    const { direct, viaLog } = await storeBothWays(server, folder, batches, symbols);
    const wanted = contents(direct);
    for (const [what, rows] of Object.entries(contents(viaLog))) {
      deepStrictEqual(rows, wanted[what], what);
    }
    ok(wanted.trades!.length >= 6_000 && wanted.gaps!.length > 0 && wanted.quarantine!.length > 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
