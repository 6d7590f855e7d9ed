import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { binanceFeed } from "../../lib/feed/mod.ts";
import type { Venue } from "./support/venue.ts";
import { row, timeOf } from "./support/venue.ts";
import { type FeedUnderTest, subscribed, withFeed } from "./support/with_feed.ts";

/** Trades a symbol every 10 ms from id 1 on; `stop()` tells the last id. */
function trading(venue: Venue, ...symbols: string[]): { stop(): number } {
  let id = 0;
  const timer = setInterval(() => {
    id++;
    for (const symbol of symbols) venue.trade(symbol, id);
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return id;
    },
  };
}

/** Waits for every trade up to an id, in order and without a hole. */
async function untilWhole({ recorder }: FeedUnderTest, symbol: string, last: number) {
  await recorder.until(`all of ${symbol}`, () => recorder.ids(symbol).at(-1) === last);
  const ids = recorder.ids(symbol);
  deepStrictEqual(ids, ids.map((_, k) => ids[0]! + k));
}

const ROTATING = { rotateMs: 150, overlapMs: 30 };

Deno.test("a connection is replaced before it ages without losing or asking for anything", async () => {
  const symbols = ["BTCUSDT", "ETHUSDT"];
  await withFeed({ ...ROTATING, symbols }, async (it) => {
    const { venue, recorder } = it;
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    const trades = trading(venue, ...symbols);
    await recorder.until("three successors", () => recorder.messages("replaced").length === 3);
    const last = trades.stop();
    for (const symbol of symbols) await untilWhole(it, symbol, last);
    deepStrictEqual(recorder.gaps, []);
    deepStrictEqual(venue.queries, []);
    deepStrictEqual(recorder.messages("reconnecting"), []);
    deepStrictEqual(recorder.messages("closed"), []);
    ok(recorder.count("duplicate") > 0, "the overlap is dropped by id");
    match(recorder.messages("replaced")[0]!, /^Replaced a connection of .* after \d+ s$/);
    await recorder.until("the old ones to be closed", () => venue.open.length <= 2);
  });
});

Deno.test("an old connection stays until the new one has shown every symbol, or for a time", async () => {
  const symbols = ["BTCUSDT", "ETHUSDT"];
  await withFeed({ ...ROTATING, symbols }, async (it) => {
    const { venue, recorder } = it;
    venue.reaches = (n, name) => n === 0 || name !== "ethusdt@aggTrade";
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    const trades = trading(venue, ...symbols);
    await recorder.until("a successor", () => recorder.messages("replaced").length === 1);
    ok(recorder.messages("replaced")[0]!.endsWith("; ids that 1 symbol may lack are repaired"));
    venue.reaches = () => true;
    const last = trades.stop();
    venue.trade("ETHUSDT", last + 1);
    await untilWhole(it, "BTCUSDT", last);
    await untilWhole(it, "ETHUSDT", last + 1);
    ok(recorder.gaps.every((gap) => !gap.endsWith("lost")));
  });
});

Deno.test("a connection without data never takes the place of one with data", async () => {
  await withFeed(ROTATING, async (it) => {
    const { venue, recorder } = it;
    venue.reaches = (n) => n !== 1;
    await recorder.until("the subscription", subscribed(venue));
    const trades = trading(venue, "BTCUSDT");
    await recorder.until("a refusal", () => recorder.messages("notice").length === 1);
    match(recorder.messages("notice")[0]!, /^Cannot replace a connection of .* gives no data$/);
    await recorder.until("a successor", () => recorder.messages("replaced").length === 1);
    await untilWhole(it, "BTCUSDT", trades.stop());
    deepStrictEqual(recorder.gaps, []);
    strictEqual(venue.opened >= 3, true);
  });
});

Deno.test("a connection that is cut off while it is replaced is followed by its successor", async () => {
  await withFeed({ rotateMs: 150, overlapMs: 60_000 }, async (it) => {
    const { venue, recorder, feed } = it;
    await recorder.until("the subscription", subscribed(venue));
    const trades = trading(venue, "BTCUSDT");
    await recorder.until("the second connection", () => feed.health().connections.length === 2);
    await recorder.until("its data", () => recorder.count("duplicate") > 0);
    venue.drop(1001, "Connection has reached its age", 0);
    await recorder.until("a successor", () => recorder.messages("replaced").length === 1);
    await untilWhole(it, "BTCUSDT", trades.stop());
    deepStrictEqual(recorder.gaps, []);
    deepStrictEqual(recorder.messages("reconnecting"), []);
    strictEqual(feed.streams().get("BTCUSDT"), "live");
  });
});

Deno.test("the notice of a shutdown has the connection replaced, and nothing set aside", async () => {
  await withFeed({ overlapMs: 30 }, async (it) => {
    const { venue, recorder } = it;
    await recorder.until("the subscription", subscribed(venue));
    const trades = trading(venue, "BTCUSDT");
    await recorder.until("a trade", () => recorder.count("trade") > 0);
    venue.text(JSON.stringify({ e: "serverShutdown", E: timeOf(1) }));
    await recorder.until("a successor", () => recorder.messages("replaced").length === 1);
    await untilWhole(it, "BTCUSDT", trades.stop());
    deepStrictEqual([recorder.gaps, recorder.quarantine], [[], []]);
    strictEqual(venue.opened, 2);
  });
});

Deno.test("with two connections for the same streams one may fail", async () => {
  await withFeed({ redundant: true }, async (it) => {
    const { venue, recorder, feed } = it;
    await recorder.until("both", () => venue.control.length === 2);
    const trades = trading(venue, "BTCUSDT");
    await recorder.until("trades of both", () => recorder.count("duplicate") > 5);
    for (const n of [0, 1]) {
      venue.drop(1008, "Invalid request", n);
      await recorder.until("another", () => venue.open.length === 2 && venue.opened === n + 3);
      strictEqual(feed.streams().get("BTCUSDT"), "live");
      const count = recorder.count("duplicate");
      await recorder.until("trades of both", () => recorder.count("duplicate") > count + 5);
    }
    await untilWhole(it, "BTCUSDT", trades.stop());
    deepStrictEqual(recorder.gaps, []);
    deepStrictEqual(venue.queries, []);
  });
});

Deno.test("what one of two connections leaves out comes with the other", async () => {
  await withFeed({ redundant: true, reorderMs: 5_000 }, async ({ venue, recorder }) => {
    await recorder.until("both", () => venue.control.length === 2);
    for (let id = 1; id <= 20; id++) {
      venue.reaches = (n) => n !== id % 3;
      venue.trade("BTCUSDT", id);
    }
    await recorder.until("all trades", () => recorder.count("trade") === 20);
    deepStrictEqual(venue.queries, []);
  });
});

Deno.test("a connection whose frames come ever later is ended, and what waited repaired", async () => {
  // A busy machine is late as well, but not by so much.
  await withFeed({ lagMs: 2_000 }, async (it) => {
    const { venue, recorder, feed } = it;
    await recorder.until("the subscription", subscribed(venue));
    await recorder.until("the clock", () => recorder.count("clock") === 1);
    let id = 0;
    let behindMs = 0;
    const timer = setInterval(() => {
      const { skewMs } = feed.health().clock!;
      venue.keep("BTCUSDT", ++id);
      venue.send("BTCUSDT", row(id), { E: Math.round(Date.now() - skewMs - behindMs) });
    }, 10);
    await recorder.until("frames on time", () => feed.health().connections[0]?.lagMs != null);
    deepStrictEqual(recorder.messages("closed"), []);
    behindMs = 7_300;
    await recorder.until("the end", () => recorder.messages("closed").length === 1);
    match(
      recorder.messages("closed")[0]!,
      /^A connection lags \d+\.\d s behind the exchange; what waits in it is dropped/,
    );
    behindMs = 0;
    await recorder.until("another", () => venue.opened === 2 && subscribed(venue)());
    clearInterval(timer);
    venue.trade("BTCUSDT", id + 1);
    await untilWhole(it, "BTCUSDT", id + 1);
  });
});

Deno.test("connections are opened one after the other", async () => {
  const symbols = ["A1", "A2", "A3", "A4"];
  const options = { symbols, symbolsPerSocket: 1, connectSpacingMs: 300 };
  await withFeed(options, async ({ venue, recorder }) => {
    const openedMs: number[] = [];
    venue.onSocket = () => {
      openedMs.push(performance.now());
      return null;
    };
    await recorder.until("all", () => venue.open.length === 4);
    // All but the first of 900 ms may be lost to a machine that is late for the first one.
    ok(openedMs.at(-1)! - openedMs[0]! > 100, `${openedMs}`);
  });
});

Deno.test("binanceFeed() refuses more symbols per socket than the exchange takes", () => {
  const { signal } = new AbortController();
  for (const symbolsPerSocket of [0, -1, 1.5, NaN, 1_001]) {
    throws(() => binanceFeed({ symbols: [], signal, symbolsPerSocket }), RangeError);
  }
});

Deno.test("Feed.health() tells connections, clocks and how long frames take", async () => {
  await withFeed({ symbols: ["BTCUSDT", "ETHUSDT"] }, async ({ venue, recorder, feed }) => {
    deepStrictEqual(feed.health().clock, null);
    venue.timeMs = Date.now() - 5_000;
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    await recorder.until("the clock", () => recorder.count("clock") === 1);
    const { skewMs } = feed.health().clock!;
    ok(skewMs > 4_900 && skewMs < 10_000, `${skewMs}`);
    for (let id = 1; id <= 10; id++) {
      venue.send("BTCUSDT", row(id), {
        E: Math.round(Date.now() - skewMs) - (id === 10 ? 900 : 100),
      });
    }
    await recorder.until("the trades", () => recorder.count("trade") === 10);
    const { streams, latency, connections } = feed.health();
    strictEqual(connections.length, 1);
    strictEqual(connections[0]!.symbols, 2);
    deepStrictEqual(streams.get("ETHUSDT"), {
      state: "pending",
      isWhole: true,
      lastFrameMs: null,
      latency: null,
    });
    deepStrictEqual(latency, streams.get("BTCUSDT")!.latency);
    strictEqual(latency!.count, 10);
    ok(latency!.p50Ms >= 99 && latency!.p50Ms < 900 && latency!.p99Ms >= 899, `${latency!.p50Ms}`);
  });
});
