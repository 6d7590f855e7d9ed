import { deepStrictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import type { Bar, Gap, Mark, QuarantinedFrame, Quote, Trade } from "../../lib/market/mod.ts";
import {
  openReader,
  openWriter,
  type StoreReader,
  type StoreWriter,
  type WriteBatch,
} from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";

const VENUE = "binance-usdm";
const DAY_MS = 86_400_000;
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "币安人生USDT"] as const;
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

const symbol = fc.constantFrom(...SYMBOLS);
const id = fc.nat(60);
const number = fc.oneof(
  fc.constantFrom(0.1 + 0.2, 83_091.7, 1e-8, 1e15, 1 / 3),
  fc.integer({ min: 1, max: 10 ** 9 }).map((n) => n / 1_000),
);

const trade: fc.Arbitrary<Trade> = fc.record({
  ...{ venue: fc.constant(VENUE), symbol, tradeId: id },
  timeMs: fc.nat(59_000),
  ...{ price: number, quantity: number },
  takerSide: fc.constantFrom("buy", "sell"),
  source: fc.constantFrom("ws", "rest", "archive", "import"),
  // Over three days, nearly in order of ids, also across midnight.
}).map((t) => ({
  ...t,
  timeMs: Math.max(0, t.timeMs + Math.floor(t.tradeId / 4) * DAY_MS / 5 - 30_000),
}));

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });

const bar: fc.Arbitrary<Bar> = fc.record({
  ...{ venue: fc.constant(VENUE), symbol, intervalMs: fc.constantFrom(1_000, 60_000) },
  openTimeMs: fc.nat(8).map((k) => k * 60_000),
  ...{ open: number, high: number, low: number, close: number, volume: number },
  ...{ quoteVolume: maybe(number), tradeCount: maybe(fc.nat(9)), takerBuyVolume: maybe(number) },
  ...{ firstTradeId: maybe(id), lastTradeId: maybe(id), complete: fc.boolean() },
  revision: fc.constant(0),
});

const mark: fc.Arbitrary<Mark> = fc.record({
  ...{ venue: fc.constant(VENUE), symbol, timeMs: fc.nat(40).map((k) => k * DAY_MS / 20) },
  ...{ markPrice: number, indexPrice: maybe(number) },
  due: maybe(fc.record({
    fundingRate: number.map((rate) => rate - 1),
    nextFundingMs: fc.nat(4).map((k) => k * DAY_MS / 2),
  })),
}).map(({ due, ...m }) => ({ ...m, ...due ?? { fundingRate: null, nextFundingMs: null } }));

const quote: fc.Arbitrary<Quote> = fc.record({
  ...{ venue: fc.constant(VENUE), symbol, timeMs: fc.nat(200).map((k) => k * 1_000) },
  ...{ bid: maybe(number), bidQuantity: maybe(number), ask: maybe(number) },
  askQuantity: maybe(number),
});

const gap: fc.Arbitrary<Gap> = fc.record({
  ...{ venue: fc.constant(VENUE), symbol, firstMissingId: id, openedAtMs: fc.nat(1e6) },
  lastMissingId: fc.nat(5),
  closedAtMs: maybe(fc.nat(1e6)),
  state: fc.constantFrom("open", "repaired", "lost"),
}).map((g) => ({ ...g, lastMissingId: g.firstMissingId + g.lastMissingId }));

const frame: fc.Arbitrary<QuarantinedFrame> = fc.record({
  venue: fc.constant(VENUE),
  symbol: maybe(fc.constantFrom(...SYMBOLS, "STRANGERUSDT")),
  tradeId: maybe(id),
  reason: fc.constantFrom("not JSON", "wrong type", "not a market trade"),
  raw: fc.string({ maxLength: 12, unit: "binary" }),
  receivedMs: fc.nat(1e6),
});

const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 6 });

const bookmarks = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.nat(1e9))
  .map((places) => new Map(Object.entries(places)));

const batch: fc.Arbitrary<WriteBatch> = fc.record({
  bookmarks,
  trades: fc.array(trade, { maxLength: 40 }),
  bars: few(bar),
  closed: few(fc.record({ symbol, timeMs: fc.nat(1e6) })),
  gaps: few(gap),
  marks: few(mark),
  quotes: fc.array(quote, { maxLength: 20 }),
  quarantined: few(frame),
  quality: few(fc.record({
    ...{ venue: fc.constant(VENUE), symbol, received: fc.nat(9), duplicate: fc.nat(9) },
    ...{ late: fc.nat(9), reconnects: fc.nat(3), clockSkewMs: fc.nat(99).map((n) => n / 7) },
  })),
});

/** What a reader tells, but for what is its own: sizes, cursors, order where none is promised. */
function told(reader: StoreReader) {
  const intervals = [1_000, 60_000];
  return {
    symbols: reader.symbols(),
    quality: reader.quality(),
    quarantine: reader.quarantine(1e6),
    counts: reader.quarantineCounts(),
    gaps: reader.gaps().sort((a, b) => key(a).localeCompare(key(b))),
    recorded: [reader.markRanges(), reader.quoteRanges()],
    ranges: intervals.map((intervalMs) => reader.closeRange(intervalMs)),
    closes: intervals.flatMap((intervalMs) =>
      reader.closes({ intervalMs, fromMs: 0, toMs: 1e9 }).map((c) => JSON.stringify(c)).sort()
    ),
    each: SYMBOLS.map((symbol) => ({
      trades: reader.trades({ symbol }),
      some: reader.trades({ symbol, fromId: 5, toId: 50, fromMs: DAY_MS / 2, toMs: 2.5 * DAY_MS }),
      first: reader.trades({ symbol, fromMs: DAY_MS, limit: 3 }),
      columns: reader.tradeColumns({ symbol, limit: 7 }),
      ids: reader.quarantinedIds(symbol),
      marks: [reader.marks({ symbol }), reader.marks({ symbol, fromMs: 1, toMs: 1e8, limit: 2 })],
      quotes: [reader.quotes({ symbol }), reader.quotes({ symbol, fromMs: 7_000, limit: 3 })],
      last: [1_000, 7_000, 60_000].map((everyMs) =>
        reader.lastQuotes({ symbol, fromMs: 3_000, toMs: 150_000, everyMs })
      ),
      funding: reader.toldFunding({ symbol, fromMs: -1, toMs: 4 * DAY_MS }),
      bars: intervals.map((intervalMs) => reader.bars({ symbol, intervalMs, limit: 5 })),
      newest: reader.barColumns({ symbol, intervalMs: 60_000, fromMs: 60_000, limit: 2 }),
    })),
  };
}

/** What a writer is asked about the chain of ids. */
function asked(writer: StoreWriter) {
  return {
    last: [...writer.lastTradeIds()].sort(),
    bookmarks: ["a", "b", "c"].map((name) => writer.bookmark(name)),
    each: SYMBOLS.map((symbol) => ({
      ...{ last: writer.lastTradeId(symbol), timeMs: writer.lastTradeTimeMs(symbol) },
      ...{ closed: writer.closedUntilMs(symbol), from: writer.tradesFromMs(symbol) },
      ...{ open: writer.openGaps(symbol), lost: writer.lastLostId(symbol, 20) },
      known: [0, 7, 19, 20, 31, 44, 60, 66].map((k) => writer.isKnown(symbol, k)),
      missing: [writer.missingRuns(symbol, 0, 65), writer.missingRuns(symbol, 20, 33)],
      aside: writer.quarantinedIds(symbol, 10, 40),
      from20: writer.tradesFrom(symbol, 1.2 * DAY_MS),
    })),
  };
}

const key = ({ symbol, firstMissingId }: Gap) => `${symbol} ${firstMissingId}`;

postgresTest(
  "a database in PostgreSQL tells what one in SQLite tells, whatever is written",
  async (_, server) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 5 }),
        fc.nat(4),
        async (batches, days) => {
          const file = `${await Deno.makeTempDir()}/tandem.db`;
          const databases = [file, await server.makeDatabase()];
          using open = new DisposableStack();
          const writers = databases.map((database) => open.use(openWriter(database, { identity })));
          const readers = databases.map((database) => open.use(openReader(database)));
          const both = <T>(of: (writer: StoreWriter, reader: StoreReader) => T) => {
            const [a, b] = writers.map((writer, k) => of(writer, readers[k]!));
            deepStrictEqual(b, a);
          };
          for (const symbol of SYMBOLS) {
            both((writer) => writer.register(VENUE, symbol, "aggTrade"));
          }
          for (const written of batches) {
            both((writer) => writer.write(written));
            both((_, reader) => told(reader));
            both((writer) => asked(writer));
          }
          both((writer) => writer.forgetLostGaps("BTCUSDT", 20));
          both((_, reader) => told(reader));
          // By age, in whole days.
          const nowMs = days * DAY_MS;
          const policy = { nowMs, archiveAfterMs: null, tradesMs: 0, barsMs: 0, maxBytes: null };
          for (const writer of writers) {
            await writer.housekeep(policy, new AbortController().signal);
          }
          both((_, reader) => told(reader).each);
          both((writer) => asked(writer));
          both((writer) => writer.write(batches[0]!));
          both((_, reader) => told(reader));
        },
      ),
      // Each run opens a database; a failure is told before it is as small as it can be.
      { numRuns: 6, interruptAfterTimeLimit: 30_000 },
    );
  },
);
