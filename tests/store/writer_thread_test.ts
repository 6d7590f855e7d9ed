/** The writer in a thread of its own does what the writer in this thread does. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Trade } from "../../lib/market/mod.ts";
import {
  isLeased,
  openReader,
  openWriter,
  openWriterThread,
  StoreError,
  type StoreWriter,
} from "../../lib/store/mod.ts";

const VENUE = "binance-usdm";
const SYMBOL = "BTCUSDT";
const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };

async function inFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/tandem.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function trades(fromId: number, count: number, symbol = SYMBOL): Trade[] {
  return Array.from({ length: count }, (_, k) => ({
    venue: VENUE,
    symbol,
    tradeId: fromId + k,
    timeMs: 10 * (fromId + k),
    price: 100 + (fromId + k) % 7 / 3,
    quantity: 0.001 * (k + 1),
    takerSide: k % 2 === 0 ? "buy" : "sell",
    source: k % 3 === 0 ? "rest" : "ws",
  }));
}

/** Asks a writer everything there is; answers with what it said, errors included. */
function everything(writer: StoreWriter): unknown[] {
  const said: unknown[] = [];
  const note = (ask: () => unknown) => {
    try {
      said.push(ask());
    } catch (error) {
      const { name, code, message } = error as StoreError;
      said.push({ name, code, message: message.replaceAll(/".*?"/g, "") });
    }
  };
  const gap = { firstMissingId: 21, lastMissingId: 29, openedAtMs: 200, closedAtMs: null };
  note(() => writer.register(VENUE, SYMBOL, "aggTrade", { price: 2, quantity: 3 }));
  note(() => writer.register(VENUE, SYMBOL, "trade"));
  note(() => writer.isRegistered(SYMBOL));
  note(() => writer.isRegistered("NONE"));
  note(() =>
    writer.write({
      trades: [...trades(1, 20), ...trades(30, 80), ...trades(5, 3)],
      gaps: [{ venue: VENUE, symbol: SYMBOL, ...gap, state: "open" }],
      quarantined: [{
        ...{ venue: VENUE, symbol: SYMBOL, tradeId: 25, reason: "not a market trade" },
        ...{ raw: "{}", receivedMs: 9 },
      }],
      quality: [{ venue: VENUE, symbol: SYMBOL, received: 103, late: 3 }],
      closed: [{ symbol: SYMBOL, timeMs: 800 }],
    })
  );
  note(() => writer.write({ trades: trades(1, 1, "NONE") }));
  note(() => writer.write({ trades: [{ ...trades(200, 1)[0]!, timeMs: -1 }] }));
  note(() => writer.lastTradeIds());
  note(() => writer.lastTradeId(SYMBOL));
  note(() => writer.lastTradeTimeMs(SYMBOL));
  note(() => writer.openGaps(SYMBOL));
  note(() => writer.lastLostId(SYMBOL, 0));
  note(() => writer.forgetLostGaps(SYMBOL, 0));
  note(() => writer.closedUntilMs(SYMBOL));
  note(() => writer.tradesFromMs(SYMBOL));
  note(() => writer.tradesFrom(SYMBOL, 900));
  note(() => writer.trades({ symbol: SYMBOL, fromId: 15, toId: 40 }));
  note(() => writer.bars({ symbol: SYMBOL, intervalMs: 1_000 }));
  note(() => [25, 26].map((id) => writer.isKnown(SYMBOL, id)));
  note(() => writer.quarantinedIds(SYMBOL, 0, 100));
  note(() => writer.missingRuns(SYMBOL, 1, 40));
  note(() => writer.heartbeat(5));
  note(() => writer.checkpoint());
  note(() => writer.alerts.putRule("a", "{}"));
  note(() => writer.alerts.write(new Map([["a", "[1]"]]), []));
  note(() => writer.alerts.rules());
  note(() => writer.alerts.removeRule("a"));
  note(() => [writer.alerts.history(), writer.alerts.pending()]);
  return said;
}

Deno.test("openWriterThread() gives a writer that answers as one in this thread", async () => {
  await inFolder(async (path) => {
    using here = openWriter(`${path}.here`, { identity });
    using there = await openWriterThread(path, { identity });
    const expected = everything(here);
    deepStrictEqual(everything(there), expected);
    ok(expected.some((said) => (said as StoreError | null)?.code === "stream kind"));
    using readers = new DisposableStack();
    const stored = [path, `${path}.here`].map((file) => {
      const reader = readers.use(openReader(file));
      return [reader.trades({ symbol: SYMBOL }), reader.gaps(), reader.quality()];
    });
    deepStrictEqual(stored[0], stored[1]);
  });
});

Deno.test("StoreWriter.begin() in a thread is done before anything that is asked later", async () => {
  await inFolder(async (path) => {
    using writer = await openWriterThread(path, { identity });
    writer.register(VENUE, SYMBOL, "aggTrade");
    const batches = [0, 1, 2].map((k) => writer.begin({ trades: trades(1 + 5_000 * k, 5_000) }));
    strictEqual(writer.lastTradeId(SYMBOL), 15_000);
    deepStrictEqual(batches.map((batch) => batch.settle().storedTrades), [5_000, 5_000, 5_000]);
    const again = writer.begin({ trades: trades(14_999, 3) });
    await again.settled;
    strictEqual(again.settle().storedTrades, 1);
  });
});

Deno.test("StoreWriter.begin() in a thread tells why a batch could not be written", async () => {
  await inFolder(async (path) => {
    using writer = await openWriterThread(path, { identity });
    writer.register(VENUE, SYMBOL, "aggTrade");
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    const batch = writer.begin({ trades: trades(1, 10) });
    await batch.settled;
    throws(
      () => batch.settle(),
      (error) => error instanceof StoreError && error.code === "busy" && error.passes,
    );
    foreign.exec("ROLLBACK");
    foreign.close();
    strictEqual(writer.write({ trades: trades(1, 10) }).storedTrades, 10);
  });
});

Deno.test("openWriterThread() takes the lease, refuses as openWriter() does, and gives it back", async () => {
  await inFolder(async (path) => {
    {
      using _writer = await openWriterThread(path, { identity });
      ok(isLeased(path));
      await rejects(
        openWriterThread(path, { identity }),
        (error) => error instanceof StoreError && error.code === "leased",
      );
    }
    ok(!isLeased(path));
    await Deno.writeTextFile(path, "no database at all, however one looks at it");
    await rejects(
      openWriterThread(path, { identity }),
      (error) => error instanceof StoreError && error.code === "foreign",
    );
    ok(!isLeased(path));
  });
});

Deno.test("StoreWriter.housekeep() in a thread deletes what is too old while batches are written, and ends with its signal", async () => {
  await inFolder(async (path) => {
    using writer = await openWriterThread(path, { identity });
    writer.register(VENUE, SYMBOL, "aggTrade");
    const dayMs = 86_400_000;
    const old = trades(1, 30_000);
    writer.write({ trades: old });
    const policy = {
      ...{ archiveAfterMs: null, tradesMs: dayMs, barsMs: null, maxBytes: null },
      nowMs: 9 * dayMs,
    };
    const ended = await writer.housekeep(policy, AbortSignal.abort());
    ok(ended.deletedTrades < 30_000);
    const tidied = writer.housekeep(policy, new AbortController().signal);
    const young = trades(30_001, 10).map((t) => ({ ...t, timeMs: 9 * dayMs }));
    strictEqual(writer.begin({ trades: young }).settle().storedTrades, 10);
    strictEqual(ended.deletedTrades + (await tidied).deletedTrades, 30_000);
    using reader = openReader(path);
    strictEqual(reader.trades({ symbol: SYMBOL }).length, 10);
  });
});

Deno.test("StoreWriter.housekeep() in a thread moves closed days to files, which are built in another", async () => {
  await inFolder(async (path) => {
    using writer = await openWriterThread(path, { identity });
    writer.register(VENUE, SYMBOL, "aggTrade");
    const dayMs = 86_400_000;
    const old = trades(1, 5_000);
    writer.write({ trades: old });
    writer.write({ trades: trades(5_001, 10).map((t) => ({ ...t, timeMs: 9 * dayMs })) });
    const tidied = await writer.housekeep({
      ...{ archiveAfterMs: dayMs, tradesMs: null, barsMs: null, maxBytes: null },
      nowMs: 9 * dayMs,
    }, new AbortController().signal);
    deepStrictEqual([tidied.days, tidied.movedTrades, tidied.problems], [1, 5_000, []]);
    strictEqual(writer.write({ trades: old.slice(0, 10) }).storedTrades, 0);
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: SYMBOL, toId: 5_000 }), old);
  });
});
