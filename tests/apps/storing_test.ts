/** What a log tells on its way into a database, by one store after the other. */
import { deepStrictEqual } from "node:assert/strict";
import { noTotals } from "../../lib/apps/ingest/pipeline_totals.ts";
import type { LogContent } from "../../lib/apps/log/log_state.ts";
import { Storing } from "../../lib/apps/log/storing.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { type Bus, EventPublisher, localBus } from "../../lib/bus/mod.ts";
import type { FeedEvent, Gap } from "../../lib/market/mod.ts";
import { openReader, openWriter } from "../../lib/store/mod.ts";
import { storeTest } from "../store/support/stores.ts";
import { until } from "../support/programs.ts";

const LEGS = [
  { venue: "binance-usdm", symbol: "BTCUSDT" },
  { venue: "bybit-linear", symbol: "bybit:BTCUSDT" },
];
const decimals = { price: 1, quantity: 3 };
const content: LogContent = {
  simulated: true,
  symbols: Object.fromEntries(LEGS.map(({ venue, symbol }) => [
    ...[symbol, { venue, streamKind: "trade", decimals }] as const,
  ])),
};
const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
const report = { info() {}, warn() {}, progress() {}, print() {} };
const context = { signal: new AbortController().signal, report };

const timeOf = (tradeId: number) => 1_795_810_402_000 + 400 * tradeId;
const trades = (...ids: number[]): FeedEvent[] =>
  ids.flatMap((tradeId) =>
    LEGS.map((leg) => ({
      ...{ kind: "trade", eventTimeMs: null, receivedMs: 0 } as const,
      trade: {
        ...{ ...leg, tradeId, timeMs: timeOf(tradeId), price: tradeId, quantity: 1 },
        ...{ takerSide: "buy", source: "ws" } as const,
      },
    }))
  );

const gaps = (firstMissingId: number, lastMissingId: number, state: Gap["state"]): FeedEvent[] =>
  LEGS.map((leg) => {
    const closedAtMs = state === "open" ? null : 2_000;
    return {
      ...{ kind: "gap" } as const,
      gap: { ...leg, firstMissingId, lastMissingId, openedAtMs: 1_000, closedAtMs, state },
    };
  });

/** Stores what the log holds and what feeds tell, until something is stored; ends as a store does. */
async function store(bus: Bus, database: string, isStored: () => boolean): Promise<void> {
  using writer = openWriter(database, { identity, sharedAs: `log test ${bus.identity}` });
  const stop = new AbortController();
  const parts = { bus, log: "test", content, totals: noTotals(), batchTrades: 1_000, report };
  const storing = new Storing(writer, { ...parts, signal: stop.signal });
  const running = storing.run();
  try {
    await Promise.race([running, until(isStored)]);
  } finally {
    stop.abort();
    await running;
  }
}

/** Has a feed tell events; resolves when the log has them. */
async function tell(bus: Bus, feed: string, events: readonly FeedEvent[]): Promise<void> {
  const { signal } = new AbortController();
  const publisher = new EventPublisher(bus, { feed, startedAtMs: ++starts, lingerMs: 1, signal });
  await publisher.publish(events);
  await publisher.flush();
}
let starts = 0;

/** What is stored of a symbol: ids, and gaps in order. */
function told(database: string, symbol: string): [number[], string[]] {
  using reader = openReader(database);
  return [
    reader.trades({ symbol }).map(({ tradeId }) => tradeId),
    reader.gaps(symbol).map((g) => `${g.firstMissingId}-${g.lastMissingId} ${g.state}`).sort(),
  ];
}

Deno.test("Storing takes what a feed heard before the first that arrives, with right bars", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  try {
    await using bus = localBus({ partitions: 2 });
    const symbols = LEGS.map(({ symbol }) => symbol);
    const watermark = (id: number): FeedEvent => ({
      ...{ kind: "watermark", symbols, timeMs: timeOf(id) },
    });
    await tell(bus, "a", [...trades(9, 10, 15), watermark(15)]);
    await tell(bus, "b", [...trades(1, 2, 5, 8, 9), watermark(9), ...trades(10, 15, 16)]);
    const ids = [1, 2, 5, 8, 9, 10, 15, 16];
    const areStored = () => symbols.every((s) => told(database, s)[0].length === ids.length);
    await store(bus, database, areStored);
    for (const symbol of symbols) {
      const [stored, gaps] = told(database, symbol);
      deepStrictEqual(stored, ids);
      deepStrictEqual(
        gaps.filter((gap) => gap.endsWith("open")),
        symbol === "BTCUSDT" ? ["11-14 open", "3-4 open", "6-7 open"] : [],
      );
    }
    for (const finding of await verifyDatabase({ database, symbols: [], json: false }, context)) {
      deepStrictEqual(finding.differences, []);
    }
    using reader = openReader(database);
    deepStrictEqual(reader.quality().map(({ duplicate }) => duplicate), [3, 3], "9, 10 and 15");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

storeTest("Storing keeps a loss that the next trade has not followed yet", async (database) => {
  await using bus = localBus({ partitions: 2 });
  const isStored = (wanted: unknown) =>
    LEGS.every(({ symbol }) => JSON.stringify(told(database, symbol)) === JSON.stringify(wanted));

  await tell(bus, "a", [...trades(1, 2), ...gaps(3, 7, "open"), ...gaps(3, 7, "lost")]);
  await store(bus, database, () => isStored([[1, 2], ["3-7 lost"]]));
  await tell(bus, "a", trades(8));
  await store(
    bus,
    database,
    () => LEGS.every(({ symbol }) => told(database, symbol)[0].length === 3),
  );
  for (const { symbol } of LEGS) {
    deepStrictEqual(told(database, symbol), [[1, 2, 8], ["3-7 lost"]], symbol);
  }
});
