import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "npm:fast-check@4.10.2";
import { scaled, type Trade, type TradeBar } from "../../lib/market/mod.ts";
import { isLeased, openReader, openWriter, StoreError } from "../../lib/store/mod.ts";
import { storeTest } from "./support/stores.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

function withFolder(body: (path: string, folder: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      body(`${folder}/tandem.db`, folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

function trade(symbol: string, tradeId: number, price = 100.25): Trade {
  return {
    venue: VENUE,
    symbol,
    tradeId,
    timeMs: 1_000 * tradeId,
    price,
    quantity: 0.003,
    takerSide: tradeId % 2 ? "buy" : "sell",
    source: "rest",
  };
}

function bar(openTimeMs: number, close = 10, complete = false): TradeBar {
  return {
    venue: VENUE,
    symbol: "BTCUSDT",
    intervalMs: 1_000,
    openTimeMs,
    open: 10,
    high: 12,
    low: 9,
    close,
    volume: 4,
    quoteVolume: 44,
    tradeCount: 2,
    takerBuyVolume: 1,
    firstTradeId: 1,
    lastTradeId: 2,
    complete,
    revision: 0,
  };
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof StoreError, `a StoreError, was ${error}`);
    strictEqual(error.code, expected, error.message);
    return true;
  };
}

storeTest(
  "StoreWriter.write() stores a trade once however often it is written",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.register(VENUE, "ETHUSDT", "aggTrade");
    const trades = Array.from(
      { length: 1_000 },
      (_, k) => trade(k % 3 ? "BTCUSDT" : "ETHUSDT", k),
    );
    deepStrictEqual(writer.write({ trades }), { storedTrades: 1_000 });
    deepStrictEqual(writer.write({ trades }), { storedTrades: 0 });
    using reader = openReader(path);
    deepStrictEqual(
      reader.trades({ symbol: "BTCUSDT" }),
      trades.filter((t) => t.symbol === "BTCUSDT"),
    );
    deepStrictEqual(reader.quality().map((q) => [q.symbol, q.stored, q.lastTradeTimeMs]), [
      ["BTCUSDT", 666, 998_000],
      ["ETHUSDT", 334, 999_000],
    ]);
  },
);

storeTest(
  "StoreWriter.write() raises the revision only when a bar changes",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    using reader = openReader(path);
    const revision = () => {
      const [b] = reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000 });
      return [b?.revision, b?.close, b?.complete];
    };
    writer.write({ bars: [bar(1_000)] });
    deepStrictEqual(revision(), [0, 10, false]);
    writer.write({ bars: [bar(1_000)] });
    deepStrictEqual(revision(), [0, 10, false]);
    writer.write({ bars: [bar(1_000, 11)] });
    deepStrictEqual(revision(), [1, 11, false]);
    writer.write({ bars: [bar(1_000, 11, true)] });
    deepStrictEqual(revision(), [2, 11, true]);
  },
);

storeTest(
  "StoreWriter.write() writes all of a batch or nothing",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    throws(
      () => writer.write({ trades: [trade("BTCUSDT", 1), trade("DOGEUSDT", 1)], bars: [bar(0)] }),
      /DOGEUSDT/,
    );
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: "BTCUSDT" }), []);
    deepStrictEqual(writer.write({ trades: [trade("BTCUSDT", 1)] }), { storedTrades: 1 });
  },
);

Deno.test("scaled() gives back every price and quantity bit for bit, or refuses", () => {
  const decimals = fc.tuple(fc.nat(2 ** 31), fc.integer({ min: 0, max: 8 })).map(([n, d]) =>
    Number((n / 10 ** d).toFixed(d))
  );
  fc.assert(fc.property(fc.oneof(decimals, fc.double({ min: 0, noNaN: true })), (value) => {
    for (const scale of [1, 1e3, 1e8]) {
      const integer = scaled(value, scale);
      strictEqual(integer === null ? value : integer / scale, value);
    }
  }));
  strictEqual(scaled(83091.7, 1e8), 8_309_170_000_000);
  strictEqual(scaled(83091.7, 10), 830_917);
  strictEqual(scaled(83091.7, 1), null);
  strictEqual(scaled(1 / 3, 1e8), null);
  strictEqual(scaled(1e300, 1e8), null);
});

Deno.test(
  "v_trades gives back odd doubles, sides and sources to any SQLite client",
  withFolder((path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "币安人生USDT", "aggTrade");
    const odd: Trade[] = [1 / 3, 1e15, 5e-9, 0.1 + 0.2, 83091.7].map((price, k) => ({
      ...trade("币安人生USDT", k, price),
      quantity: price,
      source: (["ws", "rest", "archive", "import", "ws"] as const)[k]!,
    }));
    writer.write({ trades: odd });
    const db = new DatabaseSync(path, { readOnly: true });
    const rows = db.prepare("SELECT * FROM v_trades ORDER BY trade_id").all();
    db.close();
    deepStrictEqual(
      rows.map((r) => [r.venue, r.symbol, r.price, r.quantity, r.taker_side, r.source]),
      odd.map((t) => [t.venue, t.symbol, t.price, t.quantity, t.takerSide, t.source]),
    );
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: "币安人生USDT" }), odd);
  }),
);

Deno.test(
  "the views have the columns others rely on",
  withFolder((path) => {
    openWriter(path, { identity })[Symbol.dispose]();
    const db = new DatabaseSync(path, { readOnly: true });
    const columns = (view: string) =>
      db.prepare(`SELECT * FROM ${view}`).columns().map((c) => c.name);
    deepStrictEqual(
      columns("v_trades").join(),
      "venue,symbol,trade_id,time_ms,price,quantity,taker_side,source",
    );
    deepStrictEqual(
      columns("v_bars").join(),
      "venue,symbol,interval_ms,open_time_ms,open,high,low,close,volume,quote_volume,trade_count," +
        "taker_buy_volume,vwap,first_trade_id,last_trade_id,complete,revision",
    );
    deepStrictEqual(
      columns("v_gaps").join(),
      "venue,symbol,first_missing_id,last_missing_id,opened_at_ms,closed_at_ms,state",
    );
    strictEqual(columns("v_quality")[0], "symbol");
    strictEqual(db.prepare("PRAGMA journal_mode").get()?.journal_mode, "wal");
    db.close();
  }),
);

storeTest(
  "StoreReader.trades() finds a time range by ids whose times step back",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    const trades = Array.from({ length: 2_000 }, (_, k) => ({
      ...trade("BTCUSDT", 10 + 3 * k),
      timeMs: 1_000_000 + 200 * k - (k % 7 === 0 ? 30_000 : 0),
    }));
    writer.write({ trades });
    using reader = openReader(path);
    for (const [fromMs, toMs] of [[0, 2e9], [1_100_000, 1_150_000], [1_399_000, 2e9], [5e9, 6e9]]) {
      deepStrictEqual(
        reader.trades({ symbol: "BTCUSDT", fromMs: fromMs!, toMs: toMs! }),
        trades.filter((t) => t.timeMs >= fromMs! && t.timeMs < toMs!),
      );
    }
    strictEqual(reader.trades({ symbol: "BTCUSDT", fromId: 11, limit: 1 })[0]?.tradeId, 13);
  },
);

storeTest(
  "StoreReader.barChanges() tells new and revised bars once",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    using reader = openReader(path);
    const query = { symbol: "BTCUSDT", intervalMs: 1_000 };
    let cursor = reader.cursor();
    const changes = () => {
      const change = reader.barChanges({ ...query, cursor });
      cursor = change.cursor;
      return change.bars.map((b) => [b.openTimeMs, b.close]);
    };
    deepStrictEqual(changes(), []);
    writer.write({ bars: [bar(1_000), bar(2_000)] });
    deepStrictEqual(changes(), [[1_000, 10], [2_000, 10]]);
    deepStrictEqual(changes(), []);
    writer.write({ bars: [bar(1_000, 11), bar(2_000), bar(3_000)] });
    deepStrictEqual(changes(), [[1_000, 11], [3_000, 10]], "an unchanged bar is no news");
  },
);

storeTest(
  "StoreReader.version() changes with each commit of the writer",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    using reader = openReader(path);
    const before = reader.version();
    strictEqual(reader.version(), before);
    writer.write({ bars: [bar(1_000)] });
    ok(reader.version() !== before);
  },
);

storeTest(
  "StoreReader.bars() returns the newest bars of a range, oldest first",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write({ bars: [1, 2, 3, 4, 5].map((k) => bar(k * 1_000)) });
    using reader = openReader(path);
    const times = (query: { fromMs?: number; toMs?: number; limit?: number }) =>
      reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000, ...query }).map((b) => b.openTimeMs);
    deepStrictEqual(times({ limit: 2 }), [4_000, 5_000]);
    deepStrictEqual(times({ fromMs: 2_000, toMs: 4_000 }), [2_000, 3_000]);
    deepStrictEqual(times({ toMs: 4_000, limit: 1 }), [3_000]);
    deepStrictEqual(reader.bars({ symbol: "NOUSDT", intervalMs: 1_000 }), []);
  },
);

storeTest(
  "StoreReader.barColumns() and closeColumns() tell what bars() tells, also of a symbol at two venues",
  (path) => {
    using writer = openWriter(path, { identity });
    for (const venue of [VENUE, "elsewhere"]) {
      writer.register(venue, "BTCUSDT", "aggTrade");
      const own = [1, 2, 3].map((k) => ({ ...bar(k * 1_000 + venue.length), venue }));
      writer.write({ bars: own });
      writer.write({ bars: [{ ...own[1]!, complete: false }] });
    }
    using reader = openReader(path);
    for (const query of [{}, { limit: 4 }, { limit: 0 }, { fromMs: 2_000, toMs: 3_000 }]) {
      const asked = { symbol: "BTCUSDT", intervalMs: 1_000, ...query };
      const bars = reader.bars(asked);
      const { openTimeMs, open, close, complete, revision } = reader.barColumns(asked);
      deepStrictEqual([...openTimeMs], bars.map((b) => b.openTimeMs));
      deepStrictEqual([...open], bars.map((b) => b.open));
      deepStrictEqual([...close], bars.map((b) => b.close));
      deepStrictEqual([...complete], bars.map((b) => Number(b.complete)));
      deepStrictEqual([...revision], bars.map((b) => b.revision));
      deepStrictEqual(reader.closeColumns(asked), { openTimeMs, close });
      deepStrictEqual(
        reader.priceBars(asked),
        bars.map(({ openTimeMs, open, close, complete, revision }) => ({
          ...{ openTimeMs, open, close, complete, revision },
        })),
      );
      ok(bars.every((b, i) => i === 0 || b.openTimeMs >= bars[i - 1]!.openTimeMs));
      ok(bars.length <= (query.limit ?? 6));
    }
    strictEqual(reader.bars({ symbol: "BTCUSDT", intervalMs: 1_000 }).length, 6);
  },
);

storeTest(
  "StoreWriter.write() moves a bookmark with what it stores, or neither",
  (path) => {
    const name = "log.3";
    {
      using writer = openWriter(path, { identity });
      writer.register(VENUE, "BTCUSDT", "aggTrade");
      strictEqual(writer.bookmark(name), null);
      writer.write({ trades: [trade("BTCUSDT", 1)], bookmarks: new Map([[name, 7]]) });
      const bookmarks = new Map([[name, 8]]);
      throws(() => writer.write({ trades: [trade("NEVERUSDT", 1)], bookmarks }), StoreError);
      const gap = { symbol: "NEVERUSDT", venue: VENUE, firstMissingId: 1, lastMissingId: 2 };
      const open = { ...gap, openedAtMs: 1, closedAtMs: null, state: "open" as const };
      throws(() => writer.write({ trades: [trade("BTCUSDT", 2)], gaps: [open], bookmarks }));
    }
    using writer = openWriter(path, { identity });
    strictEqual(writer.bookmark(name), 7);
    strictEqual(writer.lastTradeId("BTCUSDT"), 1);
    writer.write({ bookmarks: new Map([[name, 9_000_000_000_000]]) });
    strictEqual(writer.bookmark(name), 9_000_000_000_000);
  },
);

storeTest(
  "StoreWriter.write() keeps gaps by their first id, quarantine once per trade, and counters",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "trade");
    const gap = {
      venue: VENUE,
      symbol: "BTCUSDT",
      firstMissingId: 5,
      lastMissingId: 9,
      openedAtMs: 100,
      closedAtMs: null,
      state: "open",
    } as const;
    const frame = {
      venue: VENUE,
      symbol: "BTCUSDT",
      tradeId: 12,
      reason: "not a market trade",
      raw: '{"X":"NA"}',
      receivedMs: 5,
    } as const;
    writer.write({
      gaps: [gap],
      quarantined: [frame, { ...frame, symbol: null, tradeId: null, reason: "not JSON" }],
      quality: [{
        venue: VENUE,
        symbol: "BTCUSDT",
        received: 3,
        duplicate: 1,
        clockSkewMs: -1_520,
      }],
    });
    writer.write({
      gaps: [{ ...gap, state: "repaired", closedAtMs: 200 }],
      quarantined: [frame],
      quality: [{ venue: VENUE, symbol: "BTCUSDT", received: 2, late: 1, reconnects: 1 }],
    });
    deepStrictEqual(writer.lastTradeIds(), new Map([["BTCUSDT", 12]]));
    deepStrictEqual(writer.quarantinedIds("BTCUSDT", 0, 20), [12]);
    using reader = openReader(path);
    deepStrictEqual(reader.gaps("BTCUSDT"), [{ ...gap, state: "repaired", closedAtMs: 200 }]);
    deepStrictEqual(reader.quarantine().map((q) => [q.symbol, q.tradeId, q.reason]), [
      [null, null, "not JSON"],
      ["BTCUSDT", 12, "not a market trade"],
    ]);
    const [q] = reader.quality();
    deepStrictEqual(
      [
        q?.received,
        q?.duplicate,
        q?.late,
        q?.quarantined,
        q?.reconnects,
        q?.clockSkewMs,
        q?.gapsRepaired,
      ],
      [5, 1, 1, 1, 1, -1_520, 1],
    );
  },
);

storeTest(
  "StoreWriter.write() lets a gap take the place of those that begin within it",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    const gap = (firstMissingId: number, lastMissingId: number) => ({
      venue: VENUE,
      symbol: "BTCUSDT",
      firstMissingId,
      lastMissingId,
      openedAtMs: firstMissingId,
      closedAtMs: null,
      state: "open" as const,
    });
    writer.write({ gaps: [gap(10, 12), gap(20, 22), gap(30, 35), gap(40, 40)] });
    writer.write({ gaps: [gap(13, 39)] });
    using reader = openReader(path);
    deepStrictEqual(
      reader.gaps().map((g) => [g.firstMissingId, g.lastMissingId]),
      [[40, 40], [13, 39], [10, 12]],
    );
  },
);

storeTest(
  "openWriter() refuses a second writer and frees the lease when disposed",
  (path) => {
    const writer = openWriter(path, { identity });
    ok(isLeased(path));
    throws(() => openWriter(path, { identity }), code("leased"));
    writer[Symbol.dispose]();
    ok(!isLeased(path));
    openWriter(path, { identity })[Symbol.dispose]();
  },
);

Deno.test(
  "StoreWriter.register() settles decimals with the first trade, and every number stays exact",
  withFolder((path) => {
    using writer = openWriter(path, { identity });
    const scales = () => {
      const db = new DatabaseSync(path, { readOnly: true });
      const row = db.prepare("SELECT price_scale, quantity_scale FROM symbols").get()!;
      db.close();
      return Object.values(row);
    };
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    deepStrictEqual(scales(), [1e8, 1e8]);
    writer.register(VENUE, "BTCUSDT", "aggTrade", { price: 1, quantity: 3 });
    deepStrictEqual(scales(), [10, 1_000]);
    const odd = [83_091.7, 83_091.75, 1 / 3, 1e-8].map((price, k) => trade("BTCUSDT", k, price));
    writer.write({ trades: odd });
    writer.register(VENUE, "BTCUSDT", "aggTrade", { price: 2, quantity: 0 });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    deepStrictEqual(scales(), [10, 1_000]);
    throws(() => writer.register(VENUE, "X", "aggTrade", { price: -1, quantity: 0 }), /whole/);
    using reader = openReader(path);
    deepStrictEqual(reader.trades({ symbol: "BTCUSDT" }), odd);
  }),
);

storeTest(
  "StoreWriter.write() never opens again what was closed",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    strictEqual(writer.closedUntilMs("BTCUSDT"), null);
    for (const [timeMs, closedMs] of [[2_000, 2_000], [1_500, 2_000], [2_500, 2_500]] as const) {
      writer.write({ closed: [{ symbol: "BTCUSDT", timeMs }] });
      strictEqual(writer.closedUntilMs("BTCUSDT"), closedMs);
    }
  },
);

storeTest(
  "StoreWriter.register() refuses the other kind of stream",
  (path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    throws(() => writer.register(VENUE, "BTCUSDT", "trade"), code("stream kind"));
  },
);

Deno.test(
  "openReader() and openWriter() say what is wrong with a file",
  withFolder((path, folder) => {
    throws(() => openReader(path), code("missing"));
    throws(() => openWriter(`${folder}/no/such/folder/x.db`, { identity }), code("unreachable"));

    const text = `${folder}/text.db`;
    Deno.writeTextFileSync(text, "this is no database\n".repeat(100));
    throws(() => openReader(text), code("foreign"));
    throws(() => openWriter(text, { identity }), code("foreign"));
    strictEqual(Deno.readTextFileSync(text).length, 2_000, "the file is left as it was");

    const foreign = `${folder}/foreign.db`;
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    throws(() => openReader(foreign), code("foreign"));
    throws(() => openWriter(foreign, { identity }), code("foreign"));

    openWriter(path, { identity })[Symbol.dispose]();
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 999");
    newer.close();
    throws(() => openReader(path), code("newer"));
    throws(() => openWriter(path, { identity }), code("newer"));
  }),
);

Deno.test(
  "a damaged database is told as such, by reader and writer",
  withFolder((path) => {
    {
      using writer = openWriter(path, { identity });
      writer.register(VENUE, "BTCUSDT", "aggTrade");
      writer.write({ trades: Array.from({ length: 50_000 }, (_, k) => trade("BTCUSDT", k)) });
    }
    using file = Deno.openSync(path, { read: true, write: true });
    const { size } = file.statSync();
    const noise = crypto.getRandomValues(new Uint8Array(4_096));
    for (let at = 40 * 4_096; at < size; at += 4_096) {
      file.seekSync(at, Deno.SeekMode.Start);
      file.writeSync(noise);
    }
    using reader = openReader(path);
    throws(() => reader.trades({ symbol: "BTCUSDT" }), code("corrupt"));
    using writer = openWriter(path, { identity });
    throws(() => writer.write({ trades: [trade("BTCUSDT", 60_000)] }), code("corrupt"));
  }),
);

Deno.test(
  "StoreWriter.heartbeat() notices that its file was removed or replaced",
  withFolder((path) => {
    using writer = openWriter(path, { identity });
    writer.heartbeat(1);
    Deno.renameSync(path, `${path}.away`);
    throws(() => writer.heartbeat(2), code("missing"));
    Deno.copyFileSync(`${path}.away`, path);
    throws(() => writer.heartbeat(3), code("missing"));
  }),
);

Deno.test(
  "StoreError tells what may pass by itself",
  withFolder((path) => {
    using writer = openWriter(path, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    const foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    throws(
      () => writer.write({ trades: [trade("BTCUSDT", 1)] }),
      (error) => code("busy")(error) && (error as StoreError).passes,
    );
    foreign.exec("COMMIT");
    foreign.close();
    deepStrictEqual(writer.write({ trades: [trade("BTCUSDT", 1)] }), { storedTrades: 1 });
    throws(
      () => openWriter(path, { identity }),
      (error) => code("leased")(error) && !(error as StoreError).passes,
    );
  }),
);

storeTest(
  "openWriter() keeps the mark of simulated data",
  (path) => {
    openWriter(path, { identity: { ...identity, simulated: true } })[Symbol.dispose]();
    openWriter(path, { identity })[Symbol.dispose]();
    using reader = openReader(path);
    strictEqual(reader.heartbeat()?.simulated, true);
  },
);
