import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "npm:fast-check@4.10.2";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { settleOthers } from "../../lib/apps/ingest/settle_others.ts";
import { BarAggregator } from "../../lib/bars/mod.ts";
import { verifyDatabase } from "../../lib/apps/verify/verify_database.ts";
import type { FeedEvent, QuarantinedFrame, Trade } from "../../lib/market/mod.ts";
import {
  openReader,
  openWriter,
  openWriterThread,
  StoreError,
  type StoreReader,
  type StoreWriter,
} from "../../lib/store/mod.ts";

const VENUE = "binance-usdm";
const SYMBOL = "BTCUSDT";
const quiet = {
  signal: new AbortController().signal,
  report: { info() {}, warn() {}, progress() {}, print() {} },
};

async function withDatabase(
  body: (open: () => StoreWriter, path: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tandem.db`;
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  try {
    await body(() => {
      const writer = openWriter(path, { identity });
      writer.register(VENUE, SYMBOL, "aggTrade");
      return writer;
    }, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function trade(tradeId: number, timeMs: number, price = 100 + tradeId % 7): Trade {
  return {
    venue: VENUE,
    symbol: SYMBOL,
    tradeId,
    timeMs,
    price,
    quantity: 0.1 * (1 + tradeId % 3),
    takerSide: tradeId % 2 ? "buy" : "sell",
    source: "ws",
  };
}

function tradeEvent(t: Trade): FeedEvent {
  return { kind: "trade", trade: t, eventTimeMs: t.timeMs, receivedMs: t.timeMs };
}

function watermark(timeMs: number): FeedEvent {
  return { kind: "watermark", symbols: [SYMBOL], timeMs };
}

function quarantine(tradeId: number): FeedEvent {
  const reason = "not a market trade";
  const raw: Pick<QuarantinedFrame, "raw" | "receivedMs"> = { raw: "{}", receivedMs: 1 };
  return { kind: "quarantine", frame: { venue: VENUE, symbol: SYMBOL, tradeId, reason, ...raw } };
}

function idOf(item: Trade | number): number {
  return typeof item === "number" ? item : item.tradeId;
}

function bars(reader: StoreReader) {
  return [1_000, 60_000, 300_000].flatMap((intervalMs) =>
    reader.bars({ symbol: SYMBOL, intervalMs }).map(({ revision: _, ...bar }) => bar)
  );
}

Deno.test("Pipeline.commit() amends the bars of a late trade and raises their revision", async () => {
  await withDatabase((open, path) => {
    using writer = open();
    const pipeline = new Pipeline(VENUE, writer);
    pipeline.apply([1, 2, 3].map((id) => tradeEvent(trade(id, id * 1_000 + 200))));
    pipeline.apply([watermark(4_000)]);
    pipeline.commit();
    pipeline.apply([tradeEvent(trade(4, 2_300, 999))]);
    pipeline.commit();
    using reader = openReader(path);
    deepStrictEqual(
      reader.bars({ symbol: SYMBOL, intervalMs: 1_000 }).map((b) => [b.high, b.revision]),
      [[101, 0], [999, 1], [103, 1]],
      "the second bar holds the trade; the third is complete now that the next id is known",
    );
    strictEqual(reader.quality()[0]?.late, 1);
  });
});

Deno.test("Pipeline.beginCommit() keeps what cannot be written, in order with what came meanwhile", async () => {
  await withDatabase(async (open, path) => {
    open()[Symbol.dispose]();
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    using writer = await openWriterThread(path, { identity });
    const pipeline = new Pipeline(VENUE, writer);
    const list = Array.from({ length: 90 }, (_, k) => trade(k + 1, 500 + k * 100));
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    pipeline.apply([...list.slice(0, 30).map(tradeEvent), watermark(2_000), quarantine(7_001)]);
    const first = pipeline.beginCommit();
    pipeline.apply([...list.slice(30, 60).map(tradeEvent), watermark(4_000), quarantine(7_002)]);
    await first;
    throws(() => pipeline.endCommit(), StoreError);
    strictEqual(pipeline.pending, 60);
    throws(() => pipeline.commit(), StoreError);
    strictEqual(pipeline.pending, 60);
    foreign.exec("ROLLBACK");
    foreign.close();
    pipeline.beginCommit();
    pipeline.apply([...list.slice(60).map(tradeEvent), watermark(20_000)]);
    strictEqual(pipeline.pending, 30);
    pipeline.commit();
    strictEqual(pipeline.pending, 0);
    deepStrictEqual([pipeline.totals.stored, pipeline.totals.quarantined], [90, 2]);
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: SYMBOL }).map(idOf), list.map(idOf));
    strictEqual(reader.quality()[0]?.received, 92);
    strictEqual(reader.quality()[0]?.quarantined, 2);
    const [finding] = await verifyDatabase({ database: path, symbols: [], json: false }, quiet);
    deepStrictEqual(finding?.differences, []);
  });
});

Deno.test("Pipeline.restore() goes on with the bars that were open when the program ended", async () => {
  await withDatabase(async (open, path) => {
    const list = Array.from({ length: 400 }, (_, k) => trade(k + 10, 59_000 + k * 700));
    {
      using writer = open();
      const pipeline = new Pipeline(VENUE, writer);
      pipeline.apply(list.slice(0, 150).map(tradeEvent));
      pipeline.apply([watermark(list[140]!.timeMs)]);
      pipeline.drain();
    }
    {
      using writer = open();
      const pipeline = new Pipeline(VENUE, writer);
      pipeline.restore(SYMBOL);
      pipeline.apply(list.slice(150).map(tradeEvent));
      pipeline.apply([watermark(1_000_000)]);
      pipeline.commit();
    }
    using reader = openReader(path);
    const [finding] = await verifyDatabase({ database: path, symbols: [], json: false }, quiet);
    deepStrictEqual(finding?.differences, []);
    strictEqual(finding?.trades, 400);
    const incomplete = bars(reader).filter((b) => !b.complete);
    deepStrictEqual(
      incomplete.map((b) => [b.intervalMs, b.openTimeMs]),
      [[1_000, 59_000], [1_000, 338_000], [60_000, 0], [60_000, 300_000], [300_000, 0], [
        300_000,
        300_000,
      ]],
      "only the first and last bar of each interval lack a neighbour",
    );
  });
});

Deno.test("Pipeline.restore() closes the part of a gap that was delivered before the end", async () => {
  await withDatabase((open, path) => {
    const gap = {
      venue: VENUE,
      symbol: SYMBOL,
      firstMissingId: 2,
      lastMissingId: 9,
      openedAtMs: 1_000,
      closedAtMs: null,
      state: "open",
    } as const;
    {
      using writer = open();
      const pipeline = new Pipeline(VENUE, writer);
      pipeline.apply([tradeEvent(trade(1, 1_000)), { kind: "gap", gap }]);
      pipeline.apply([2, 3, 4].map((id) => tradeEvent(trade(id, 2_000))));
      pipeline.commit();
    }
    {
      using writer = open();
      new Pipeline(VENUE, writer).restore(SYMBOL);
    }
    using reader = openReader(path);
    deepStrictEqual(
      reader.gaps().map((g) => [g.firstMissingId, g.lastMissingId, g.state]).sort(),
      [[2, 4, "repaired"], [5, 9, "open"]],
    );
  });
});

Deno.test("settleOthers() stores the bars and cuts the gaps of a symbol that a killed process followed", async () => {
  await withDatabase((open, path) => {
    const ids = { venue: VENUE, symbol: SYMBOL, firstMissingId: 2, lastMissingId: 3 };
    const times = { openedAtMs: 1_000, closedAtMs: null, state: "open" } as const;
    const trades = [1, 4, 5, 2].map((id) => trade(id, id * 1_000 + 200));
    {
      using writer = open();
      const pipeline = new Pipeline(VENUE, writer);
      pipeline.apply([...trades.slice(0, 1).map(tradeEvent), {
        kind: "gap",
        gap: { ...ids, ...times },
      }]);
      pipeline.apply([...trades.slice(1).map(tradeEvent), watermark(3_500)]);
      pipeline.commit();
    }
    using writer = open();
    settleOthers(new Pipeline(VENUE, writer), writer, [SYMBOL]);
    using reader = openReader(path);
    const seconds = () =>
      reader.bars({ symbol: SYMBOL, intervalMs: 1_000 }).map((b) => [b.openTimeMs, b.complete]);
    deepStrictEqual(seconds(), [[1_000, false], [2_000, false]]);
    const settling = new Pipeline(VENUE, writer);
    settleOthers(settling, writer, []);
    deepStrictEqual(seconds(), [[1_000, false], [2_000, false], [4_000, false], [5_000, false]]);
    strictEqual(reader.bars({ symbol: SYMBOL, intervalMs: 300_000 })[0]?.tradeCount, 4);
    deepStrictEqual(
      reader.gaps().map((g) => [g.firstMissingId, g.lastMissingId, g.state]).sort(),
      [[2, 2, "repaired"], [3, 3, "open"]],
    );
    // From now on somebody else may follow it.
    writer.write({ trades: [trade(3, 3_200)] });
    settling.drain();
    strictEqual(reader.gaps(SYMBOL).find((g) => g.firstMissingId === 3)?.state, "open");
  });
});

Deno.test("Pipeline.restore() forgets a loss that no stored trade follows, of an earlier process", async () => {
  await withDatabase((open, path) => {
    const gap = (firstMissingId: number, lastMissingId: number): FeedEvent => ({
      kind: "gap",
      gap: {
        venue: VENUE,
        symbol: SYMBOL,
        firstMissingId,
        lastMissingId,
        openedAtMs: 1_000,
        closedAtMs: 1_000,
        state: "lost",
      },
    });
    {
      using writer = open();
      const pipeline = new Pipeline(VENUE, writer);
      pipeline.restore(SYMBOL);
      pipeline.apply([
        tradeEvent(trade(1, 1_000)),
        gap(2, 3),
        tradeEvent(trade(4, 2_000)),
        gap(5, 9),
      ]);
      pipeline.commit();
      // The symbol was removed and comes back: its feed goes on after the loss.
      pipeline.restore(SYMBOL);
    }
    using reader = openReader(path);
    const lost = () => reader.gaps().map((g) => [g.firstMissingId, g.lastMissingId]).sort();
    deepStrictEqual(lost(), [[2, 3], [5, 9]]);
    {
      using writer = open();
      new Pipeline(VENUE, writer).restore(SYMBOL);
    }
    deepStrictEqual(lost(), [[2, 3]]);
  });
});

Deno.test("Pipeline.leave() stores all of what it leaves, also what is worth no commit by itself", async () => {
  await withDatabase((open) => {
    using writer = open();
    const pipeline = new Pipeline(VENUE, writer);
    pipeline.restore(SYMBOL);
    pipeline.apply([watermark(5_000)]);
    pipeline.beside.bookmarks.set("log", 7);
    pipeline.commit();
    strictEqual(writer.bookmark("log"), null);
    pipeline.leave(new Set([SYMBOL]));
    deepStrictEqual([writer.bookmark("log"), writer.closedUntilMs(SYMBOL)], [7, 5_000]);
    // Another process goes on; this one must not set it back.
    writer.write({ bookmarks: new Map([["log", 9]]) });
    pipeline.drain();
    strictEqual(writer.bookmark("log"), 9);
  });
});

Deno.test("Pipeline stores the same bars however it is committed, restarted and late", async () => {
  const steps = fc.array(
    fc.record({
      stepMs: fc.integer({ min: 0, max: 3_000 }),
      backMs: fc.constantFrom(0, 0, 0, 400, 5_000),
      what: fc.constantFrom(
        ...["trade", "trade", "trade", "skip", "commit", "restart", "handover", "advance"],
      ),
    }),
    { minLength: 5, maxLength: 80 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      await withDatabase(async (open, path) => {
        let writer = open();
        let pipeline = new Pipeline(VENUE, writer);
        let id = 100;
        let timeMs = 290_000;
        for (const { stepMs, backMs, what } of list) {
          timeMs += stepMs;
          if (what === "trade") pipeline.apply([tradeEvent(trade(++id, timeMs - backMs))]);
          else if (what === "skip") {
            const tradeId = ++id;
            pipeline.apply([
              { kind: "skipped", venue: VENUE, symbol: SYMBOL, tradeId },
              {
                kind: "quarantine",
                frame: {
                  venue: VENUE,
                  symbol: SYMBOL,
                  tradeId,
                  reason: "not a market trade",
                  raw: "{}",
                  receivedMs: timeMs,
                },
              },
            ]);
          } else if (what === "advance") pipeline.apply([watermark(timeMs - 500)]);
          else if (what === "commit") pipeline.commit();
          else if (what === "handover") {
            // To another process, and back.
            pipeline.leave(new Set([SYMBOL]));
            pipeline.restore(SYMBOL);
          } else {
            pipeline.drain();
            writer[Symbol.dispose]();
            writer = open();
            pipeline = new Pipeline(VENUE, writer);
            pipeline.restore(SYMBOL);
          }
        }
        pipeline.apply([watermark(timeMs + 1e6)]);
        pipeline.commit();
        writer[Symbol.dispose]();
        for (
          const finding of await verifyDatabase({ database: path, symbols: [], json: false }, quiet)
        ) {
          deepStrictEqual(finding.differences, []);
          strictEqual(finding.missingIds, finding.explainedIds);
        }
        using reader = openReader(path);
        const whole = new BarAggregator();
        const known = [
          ...reader.trades({ symbol: SYMBOL }),
          ...reader.quarantinedIds(SYMBOL),
        ].sort((a, b) => idOf(a) - idOf(b));
        for (const item of known) {
          if (typeof item === "number") whole.skip(SYMBOL, item);
          else whole.push(item);
        }
        whole.advance([SYMBOL], Infinity);
        deepStrictEqual(
          bars(reader),
          whole.takeBars().map(({ revision: _, ...bar }) => bar).sort((a, b) =>
            a.intervalMs - b.intervalMs || a.openTimeMs - b.openTimeMs
          ),
        );
      });
    }),
    {
      numRuns: 100,
      // The second that awaits the next id is not the last one closed, as a clock was wrong.
      examples: [[[
        { stepMs: 115, backMs: 0, what: "trade" },
        { stepMs: 0, backMs: 0, what: "advance" },
        { stepMs: 9, backMs: 0, what: "trade" },
        { stepMs: 1_326, backMs: 5_000, what: "trade" },
        { stepMs: 2_550, backMs: 5_000, what: "trade" },
      ]], [[
        // Time was closed before the first trade, and a process ended in between.
        { stepMs: 0, backMs: 0, what: "advance" },
        { stepMs: 0, backMs: 0, what: "restart" },
        { stepMs: 0, backMs: 0, what: "trade" },
        { stepMs: 0, backMs: 5_000, what: "trade" },
        { stepMs: 0, backMs: 0, what: "trade" },
        { stepMs: 0, backMs: 0, what: "restart" },
      ]]],
    },
  );
});

Deno.test("Pipeline.apply() keeps a frame of a symbol that was never registered", async () => {
  await withDatabase((open, path) => {
    using writer = open();
    const pipeline = new Pipeline(VENUE, writer);
    const frame = {
      venue: VENUE,
      symbol: "STRANGERUSDT",
      tradeId: null,
      reason: "unknown symbol" as const,
      raw: "a\0b",
      receivedMs: 1,
    };
    pipeline.apply([{ kind: "quarantine", frame }, tradeEvent(trade(1, 1_000))]);
    pipeline.commit();
    using reader = openReader(path);
    deepStrictEqual(reader.quarantine().map((q) => [q.symbol, q.raw]), [[null, "a\u2400b"]]);
    deepStrictEqual(reader.quality().map((q) => [q.symbol, q.received]), [[SYMBOL, 1]]);
  });
});
