import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "npm:fast-check@4.10.2";
import { RowBuffer } from "../../lib/live/client/chart/row_buffer.ts";
import { PairFeed } from "../../lib/live/pair_feed.ts";
import { readQuery } from "../../lib/live/query.ts";
import { Market } from "./support/market.ts";

const query = readQuery("pair", { y: "ETHUSDT", x: "BTCUSDT", window: 5, limit: 200 });

Deno.test("PairFeed.poll() answers nothing when nothing has changed", () => {
  using market = new Market();
  market.add(30);
  using reader = market.open();
  const feed = new PairFeed(reader, query);
  strictEqual(feed.poll(), null);
  market.write(market.bar("SOLUSDT", 40, 7));
  strictEqual(feed.poll(), null);
});

Deno.test("PairFeed.poll() appends new rows", () => {
  using market = new Market();
  market.add(30);
  using reader = market.open();
  const feed = new PairFeed(reader, query);
  market.add(2);
  const change = feed.poll();
  strictEqual(change?.isAppend, true);
  deepStrictEqual(change?.rows.t, [market.timeMs(30), market.timeMs(31)]);
});

Deno.test("PairFeed.poll() amends from a revised bar on", () => {
  using market = new Market();
  market.add(30);
  using reader = market.open();
  const feed = new PairFeed(reader, query);
  market.write(market.bar("BTCUSDT", 20, 101, 1));
  const change = feed.poll();
  strictEqual(change?.isAppend, false);
  strictEqual(change?.fromMs, market.timeMs(20));
  strictEqual(change?.rows.t.length, 10);
  strictEqual(change?.rows.x?.[0], 101);
});

Deno.test("PairFeed shows no row before both legs have traded", () => {
  using market = new Market();
  market.write(market.bar("ETHUSDT", 0, 10), market.bar("ETHUSDT", 1, 10));
  using reader = market.open();
  const feed = new PairFeed(reader, query);
  deepStrictEqual(feed.columns().t, []);
  market.write(market.bar("BTCUSDT", 2, 20));
  feed.poll();
  market.write(market.bar("ETHUSDT", 3, 10));
  feed.poll();
  deepStrictEqual(feed.columns().t, [market.timeMs(2)]);
  deepStrictEqual(feed.columns().stale, [1]);
});

Deno.test("PairFeed keeps the newest rows, and none of them is cut short by the warm-up", () => {
  using market = new Market();
  market.add(400);
  using reader = market.open();
  const feed = new PairFeed(reader, query);
  market.add(50);
  feed.poll();
  const { t, zScore } = feed.columns();
  strictEqual(t.length, 200);
  strictEqual(t.at(-1), market.timeMs(449));
  ok(zScore!.every((value) => value !== null));
});

Deno.test("PairFeed followed by changes equals the readings of what is stored", () => {
  const write = fc.record({
    minute: fc.integer({ min: 0, max: 60 }),
    symbol: fc.constantFrom("BTCUSDT", "ETHUSDT"),
    close: fc.double({ min: 50, max: 150, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 12 }), (batches) => {
      using market = new Market();
      market.add(20);
      using reader = market.open();
      const feed = new PairFeed(reader, query);
      const shown = new RowBuffer(feed.columns());
      let revision = 0;
      for (const batch of batches) {
        revision++;
        const bars = batch.map((w) => market.bar(w.symbol, w.minute, w.close, revision));
        if (bars.length > 0) market.write(...bars);
        const change = feed.poll();
        if (change?.isAppend) shown.append(change.rows);
        else if (change) shown.amend(change.fromMs, change.rows);
      }
      const fresh = new PairFeed(reader, query);
      deepStrictEqual(shown.columns, feed.columns());
      deepStrictEqual(feed.columns(), fresh.columns());
    }),
    { numRuns: 40 },
  );
});
