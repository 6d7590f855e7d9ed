import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import type { TradeBatch } from "../../lib/apps/history/history.ts";
import { HistoryWriter, type LiveFeed } from "../../lib/apps/history/history_writer.ts";
import { missingRuns, reviseGaps, runsOf } from "../../lib/apps/history/revise_gaps.ts";
import type { IdRun } from "../../lib/store/mod.ts";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import { BarAggregator } from "../../lib/bars/mod.ts";

import type { Bar, FeedEvent, Gap, Trade } from "../../lib/market/mod.ts";
import { openReader, openWriter, type StoreReader, type StoreWriter } from "../../lib/store/mod.ts";

const VENUE = "binance-usdm";
const SYMBOL = "BTCUSDT";
const FIRST_ID = 1_000;
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

/** Two trades per second and a half, ids not quite in time order. */
const ALL: readonly Trade[] = Array.from({ length: 1_200 }, (_, k) => ({
  venue: VENUE,
  symbol: SYMBOL,
  tradeId: FIRST_ID + k,
  timeMs: 1_700_000_000_000 + k * 750 + (k % 7 === 3 ? 1_400 : 0),
  price: 100 + (k * 7919) % 31,
  quantity: 0.1 * (1 + k % 5),
  takerSide: k % 3 === 0 ? "buy" : "sell",
  source: "archive",
}));

function batch(trades: readonly Trade[]): TradeBatch {
  return { venue: VENUE, symbol: SYMBOL, streamKind: "aggTrade", trades, rejected: [] };
}

async function withDatabase(
  body: (writer: StoreWriter, reader: StoreReader, path: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tandem.db`;
  try {
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    using writer = openWriter(path, { identity });
    writer.register(VENUE, SYMBOL, "aggTrade");
    using reader = openReader(path);
    await body(writer, reader, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function storedBars(reader: StoreReader): Omit<Bar, "revision">[] {
  return [1_000, 60_000, 300_000].flatMap((intervalMs) =>
    reader.bars({ symbol: SYMBOL, intervalMs }).map(({ revision: _, ...bar }) => bar)
  );
}

function barsOf(trades: readonly Trade[]): Omit<Bar, "revision">[] {
  const bars = new BarAggregator();
  for (const trade of trades) bars.push(trade);
  bars.advance([SYMBOL], Infinity);
  return bars.takeBars()
    .sort((a, b) => a.intervalMs - b.intervalMs || a.openTimeMs - b.openTimeMs)
    .map(({ revision: _, ...bar }) => bar);
}

/** Ids in recorded gaps must be exactly those missing between the first and the last stored. */
function checkGaps(reader: StoreReader): void {
  const ids = reader.trades({ symbol: SYMBOL }).map((t) => t.tradeId);
  const gaps = reader.gaps(SYMBOL);
  const missing = missingRuns(runsOf(ids), ids[0]!, ids.at(-1)!);
  const lost = gaps.filter((g) => g.state === "lost")
    .map((g): IdRun => ({ firstId: g.firstMissingId, lastId: g.lastMissingId }))
    .sort((a, b) => a.firstId - b.firstId);
  deepStrictEqual(lost, missing);
  const known = new Set(ids);
  for (const gap of gaps.filter((g) => g.state === "repaired")) {
    for (let id = gap.firstMissingId; id <= gap.lastMissingId; id++) ok(known.has(id));
  }
}

Deno.test("HistoryWriter.putTrades() gives the same bars in whatever order parts of the past come", async () => {
  const part = fc.tuple(fc.nat(ALL.length - 1), fc.integer({ min: 1, max: 400 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      async (parts, seed) => {
        await withDatabase(async (writer, reader, path) => {
          const history = new HistoryWriter(writer, reader, null, () => 1_700_001_000_000);
          const held = new Set<number>();
          for (const [from, count] of parts) {
            const trades = ALL.slice(from, from + count);
            const before = held.size;
            for (const t of trades) held.add(t.tradeId);
            const shuffled = trades.toSorted((a, b) =>
              (a.tradeId * seed) % 101 - (b.tradeId * seed) % 101
            );
            const receipt = history.putTrades(batch(shuffled));
            strictEqual(receipt.stored, held.size - before);
            strictEqual(receipt.duplicates, trades.length - receipt.stored);
            checkGaps(reader);
          }
          deepStrictEqual(
            storedBars(reader),
            barsOf(ALL.filter((t) => held.has(t.tradeId))),
          );
          deepStrictEqual(
            (await verifyDatabase({ database: path, symbols: [], json: false }, quiet))
              .map((f) => [f.differenceCount, f.missingIds - f.explainedIds]),
            [[0, 0]],
          );
        });
      },
    ),
    { numRuns: 60, seed: 11 },
  );
});

Deno.test("HistoryWriter.putTrades() beside a running pipeline gives the bars of all trades", async () => {
  const steps = fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 300 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 500, max: 800 }), async (parts, start) => {
      await withDatabase((writer, reader) => {
        const pipeline = new Pipeline(VENUE, writer);
        const live: LiveFeed = {
          isFollowed: () => true,
          lastId: (symbol) => pipeline.lastId(symbol),
          closedUntilMs: (symbol) => pipeline.closedUntilMs(symbol),
          rebuild: (symbol, fromMs) => pipeline.rebuild(symbol, fromMs),
          commit: () => pipeline.commit(),
        };
        const history = new HistoryWriter(writer, reader, live, () => 1_700_001_000_000);
        let next = start;
        const follow = (count: number, close: boolean) => {
          const trades = ALL.slice(next, next + count);
          next += count;
          pipeline.apply(trades.map((trade): FeedEvent => ({
            ...{ kind: "trade", trade: { ...trade, source: "ws" } },
            ...{ eventTimeMs: trade.timeMs, receivedMs: trade.timeMs },
          })));
          const timeMs = (trades.at(-1)?.timeMs ?? 0) - 2_000;
          if (close) pipeline.apply([{ kind: "watermark", symbols: [SYMBOL], timeMs }]);
        };
        const held = new Set<number>();
        follow(20, true);
        for (const [from, count, close] of parts) {
          const trades = ALL.slice(from, from + count);
          const receipt = history.putTrades(batch(trades));
          const lastId = FIRST_ID + next - 1;
          strictEqual(receipt.left, trades.filter((t) => t.tradeId > lastId).length);
          for (const t of trades) if (t.tradeId <= lastId) held.add(t.tradeId);
          follow(25, close);
        }
        follow(200, true);
        pipeline.commit();
        checkGaps(reader);
        pipeline.apply([{ kind: "watermark", symbols: [SYMBOL], timeMs: Number.MAX_SAFE_INTEGER }]);
        pipeline.commit();
        const expected = ALL.filter((t, k) => k >= start && k < next || held.has(t.tradeId));
        deepStrictEqual(storedBars(reader), barsOf(expected));
      });
    }),
    { numRuns: 60, seed: 5 },
  );
});

Deno.test("HistoryWriter.putTrades() keeps what is stored and sets aside what contradicts it", async () => {
  await withDatabase((writer, reader) => {
    const history = new HistoryWriter(writer, reader);
    history.putTrades(batch(ALL.slice(0, 10)));
    const wrong = { ...ALL[4]!, price: 1 };
    const before = storedBars(reader);
    deepStrictEqual(history.putTrades(batch([ALL[3]!, wrong])), {
      ...{ stored: 0, duplicates: 1, conflicts: 1, left: 0 },
    });
    deepStrictEqual(storedBars(reader), before);
    deepStrictEqual(reader.quarantine().map((q) => [q.tradeId, q.reason]), [
      [ALL[4]!.tradeId, "conflicting duplicate"],
    ]);
    // An id that is both stored and set aside must not break the proof of completeness.
    history.putTrades(batch(ALL.slice(10, 40)));
    const complete = reader.bars({ symbol: SYMBOL, intervalMs: 1_000 }).filter((b) => b.complete);
    strictEqual(
      complete.length,
      barsOf(ALL.slice(0, 40)).filter((b) => b.complete && b.intervalMs === 1_000).length,
    );
  });
});

Deno.test("HistoryWriter.putTrades() counts a row without a quantity as known", async () => {
  await withDatabase((writer, reader) => {
    const history = new HistoryWriter(writer, reader);
    const rejected = [{
      ...{ venue: VENUE, symbol: SYMBOL, tradeId: ALL[5]!.tradeId },
      ...{ reason: "quantity not positive" as const, raw: "1005,100,0", receivedMs: 0 },
    }];
    history.putTrades({ ...batch([...ALL.slice(0, 5), ...ALL.slice(6, 30)]), rejected });
    deepStrictEqual(reader.gaps(SYMBOL), []);
    ok(reader.bars({ symbol: SYMBOL, intervalMs: 1_000 }).slice(2, 10).every((b) => b.complete));
  });
});

Deno.test("HistoryWriter.putTrades() refuses to mix venue's ids with made ones", async () => {
  await withDatabase((writer, reader) => {
    const history = new HistoryWriter(writer, reader);
    history.putTrades(batch(ALL.slice(0, 3)));
    throws(
      () => history.putTrades(batch([{ ...ALL[0]!, tradeId: 1_700_000_000_000_000 }])),
      /with and without the venue's ids/,
    );
  });
});

Deno.test("HistoryWriter.putBars() never replaces bars of trades, and merges longer ones", async () => {
  await withDatabase((writer, reader) => {
    const history = new HistoryWriter(writer, reader);
    history.putTrades(batch(ALL.slice(0, 200)));
    const minute = (k: number, close: number): Bar => ({
      ...{ venue: VENUE, symbol: SYMBOL, intervalMs: 60_000 },
      ...{ openTimeMs: 1_699_999_980_000 + k * 60_000, open: 10, high: 20, low: 5, close },
      ...{ volume: 1, quoteVolume: null, tradeCount: null, takerBuyVolume: null },
      ...{ firstTradeId: null, lastTradeId: null, complete: false, revision: 0 },
    });
    const put = (bars: Bar[]) =>
      history.putBars({ venue: VENUE, symbol: SYMBOL, intervalMs: 60_000, bars });
    const bars = Array.from({ length: 20 }, (_, k) => minute(19 - k, 12));
    const before = reader.bars({ symbol: SYMBOL, intervalMs: 60_000 });
    deepStrictEqual(put(bars), {
      ...{ stored: 20 - before.length, changed: 0, duplicates: 0, fromTrades: before.length },
    });
    deepStrictEqual(
      reader.bars({ symbol: SYMBOL, intervalMs: 60_000, limit: 99 }).slice(0, before.length),
      before,
    );
    deepStrictEqual(put(bars).duplicates, 20 - before.length);
    deepStrictEqual(put([minute(10, 13)]), { stored: 0, changed: 1, duplicates: 0, fromTrades: 0 });
    const fives = reader.bars({ symbol: SYMBOL, intervalMs: 300_000 });
    strictEqual(fives.find((b) => b.openTimeMs === 1_700_000_400_000)?.volume, 5);
  });
});

Deno.test("reviseGaps() tells of each id what a slow form tells", () => {
  const state = fc.constantFrom("none", "lost", "repaired");
  const model = fc.array(fc.tuple(state, fc.constantFrom("found", "missing", "known")), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(model, (ids) => {
      const gap = (firstId: number, lastId: number, state: string): Gap => ({
        ...{ venue: VENUE, symbol: SYMBOL, firstMissingId: firstId, lastMissingId: lastId },
        ...{ openedAtMs: 5, closedAtMs: 6, state: state as Gap["state"] },
      });
      const runs = (wanted: string, which: 0 | 1) =>
        runsOf(ids.flatMap((id, k) => id[which] === wanted ? [k] : []));
      const gaps = ["lost", "repaired"].flatMap((s) =>
        runs(s, 0).map((r) => gap(r.firstId, r.lastId, s))
      );
      const table = new Map(gaps.map((g) => [g.firstMissingId, g]));
      const stretch = {
        ...{ venue: VENUE, symbol: SYMBOL, gaps, seenAtMs: 7, nowMs: 9 },
        ...{ found: runs("found", 1), missing: runs("missing", 1) },
      };
      // As the store writes them.
      for (const g of reviseGaps(stretch, false)) {
        for (const first of table.keys()) {
          if (first > g.firstMissingId && first <= g.lastMissingId) table.delete(first);
        }
        table.set(g.firstMissingId, g);
      }
      for (const [k, [before, now]] of ids.entries()) {
        const holding = [...table.values()].filter((g) =>
          g.firstMissingId <= k && k <= g.lastMissingId
        );
        const expected = now === "missing"
          ? "lost"
          : before === "none"
          ? null
          : now === "found"
          ? "repaired"
          : before;
        deepStrictEqual(holding.map((g) => g.state), expected === null ? [] : [expected]);
      }
    }),
    { numRuns: 300, seed: 3 },
  );
});
