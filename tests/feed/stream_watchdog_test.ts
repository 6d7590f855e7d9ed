import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { timeOf } from "./support/venue.ts";
import { subscribed, withFeed } from "./support/with_feed.ts";

const symbols = ["BTCUSDT", "ETHUSDT"];

Deno.test("a stream that is silent while the exchange trades is subscribed anew and repaired", async () => {
  await withFeed({ symbols, quietMs: 100 }, async ({ venue, recorder, feed }) => {
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    venue.trade("ETHUSDT", 1);
    await recorder.until("its trade", () => recorder.count("trade") === 1);
    let id = 1;
    venue.reaches = (_, name) => name !== "ethusdt@aggTrade";
    const timer = setInterval(() => venue.trade("ETHUSDT", ++id), 20);
    await recorder.until("the finding", () => recorder.messages("silent").length === 1);
    strictEqual(feed.streams().get("ETHUSDT"), "silent");
    match(recorder.messages("silent")[0]!, /^ETHUSDT: the exchange traded and .* subscribed anew$/);
    await recorder.until("its trades over REST", () => recorder.ids("ETHUSDT").length > 3);
    venue.reaches = () => true;
    await recorder.until("life", () => feed.streams().get("ETHUSDT") === "live");
    clearInterval(timer);
    await recorder.until("all trades", () => recorder.ids("ETHUSDT").at(-1) === id);
    deepStrictEqual(recorder.ids("ETHUSDT"), Array.from({ length: id }, (_, k) => k + 1));
    const anew = () => venue.control.filter((c) => c.params.join() === "ethusdt@aggTrade");
    await recorder.until("the subscription", () => anew().length >= 2);
    deepStrictEqual(anew().slice(0, 2).map((c) => c.method), ["UNSUBSCRIBE", "SUBSCRIBE"]);
    ok(recorder.gaps.every((gap) => !gap.endsWith("lost")));
  });
});

Deno.test("a connection with a stream that stays dead is replaced, the other streams untouched", async () => {
  await withFeed({ symbols, quietMs: 100, overlapMs: 30 }, async ({ venue, recorder, feed }) => {
    venue.reaches = (n, name) => n > 0 || name !== "ethusdt@aggTrade";
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    let id = 0;
    const timer = setInterval(() => {
      id++;
      for (const symbol of symbols) venue.trade(symbol, id);
    }, 20);
    await recorder.until("a successor", () => recorder.messages("replaced").length === 1);
    await recorder.until("life", () => feed.streams().get("ETHUSDT") === "live");
    clearInterval(timer);
    for (const symbol of symbols) {
      await recorder.until("all trades", () => recorder.ids(symbol).at(-1) === id);
      const ids = recorder.ids(symbol);
      deepStrictEqual(ids, ids.map((_, k) => ids[0]! + k));
    }
    match(recorder.messages("silent")[1]!, /its connection is replaced$/);
    deepStrictEqual(recorder.messages("reconnecting"), []);
  });
});

Deno.test("a stream that is quiet because nobody trades is left alone", async () => {
  await withFeed({ symbols, quietMs: 40 }, async ({ venue, recorder, feed }) => {
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    venue.trade("ETHUSDT", 1);
    let asked = 0;
    venue.onRest = (url) => {
      if (url.pathname.endsWith("24hr")) asked++;
      return null;
    };
    await recorder.until("a few looks", () => asked >= 8);
    deepStrictEqual(recorder.messages("silent"), []);
    deepStrictEqual(venue.queries, []);
    strictEqual(venue.control.length, 1);
    strictEqual(feed.streams().get("ETHUSDT"), "live");
  });
});

Deno.test("a stream of single trades that died is subscribed anew; what it missed is lost", async () => {
  const options = { symbols: ["BTCUSDT"], streamKind: "trade", quietMs: 100 } as const;
  await withFeed(options, async ({ venue, recorder }) => {
    const name = "btcusdt@trade";
    const single = (t: number) => {
      const T = timeOf(t);
      const trade = { e: "trade", E: T, T, s: "BTCUSDT", t, p: "1", q: "1", X: "MARKET", m: true };
      venue.keep("BTCUSDT", t);
      venue.frame(name, trade);
    };
    await recorder.until("the subscription", subscribed(venue, name));
    single(1);
    let t = 1;
    venue.reaches = (_, stream) => stream !== name;
    const timer = setInterval(() => single(++t), 20);
    await recorder.until("the finding", () => recorder.messages("silent").length === 1);
    venue.reaches = () => true;
    await recorder.until("a live trade", () => recorder.count("trade") > 1);
    clearInterval(timer);
    strictEqual(recorder.gaps.length, 2);
    match(recorder.gaps[1]!, /^2-\d+ lost$/);
    strictEqual(venue.queries.length, 0);
  });
});

Deno.test("many quiet streams are looked into with one question", async () => {
  const many = Array.from({ length: 45 }, (_, k) => `S${k}USDT`);
  await withFeed({ symbols: many, quietMs: 100 }, async ({ venue, recorder, feed }) => {
    const asked: string[] = [];
    venue.onRest = (url) => {
      if (url.pathname.endsWith("24hr")) asked.push(url.search);
      return null;
    };
    await recorder.until("the subscription", subscribed(venue, "s44usdt@aggTrade"));
    for (const symbol of many) venue.keep(symbol, 1);
    await recorder.until("a look", () => asked.length > 0);
    for (const symbol of many) venue.keep(symbol, 2);
    await recorder.until("findings", () => recorder.messages("silent").length >= 20);
    ok(asked.every((search) => search === ""));
    await recorder.until("trades", () => recorder.count("trade") >= 20);
    ok([...feed.streams().values()].includes("silent"));
  });
});

Deno.test("what a quiet symbol traded during an outage is found although no frame tells", async () => {
  await withFeed({ symbols, quietMs: 200 }, async ({ venue, recorder, feed }) => {
    venue.timeMs = timeOf(5);
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    await recorder.until("the clock", () => recorder.count("clock") === 1);
    venue.trade("ETHUSDT", 1, 2);
    await recorder.until("its trades", () => recorder.count("trade") === 2);
    venue.drop();
    venue.keep("ETHUSDT", 3, 4, 5);
    await recorder.until("all trades", () => recorder.ids("ETHUSDT").length === 5);
    deepStrictEqual(recorder.ids("ETHUSDT"), [1, 2, 3, 4, 5]);
    deepStrictEqual(recorder.gaps.at(-1)!.endsWith("repaired"), true);
    deepStrictEqual(recorder.messages("silent"), [], "it was no fault of the stream");
    ok(venue.control.every((c) => c.method === "SUBSCRIBE"));
    ok(feed.health().streams.get("ETHUSDT")!.isWhole);
  });
});

Deno.test("what was dropped for want of room is found although no frame follows", async () => {
  const options = { queueCapacity: 20, quietMs: 200 };
  await withFeed(options, async ({ venue, recorder }) => {
    venue.timeMs = timeOf(200);
    await recorder.until("the subscription", subscribed(venue));
    await recorder.until("the clock", () => recorder.count("clock") === 1);
    venue.trade("BTCUSDT", 1);
    await recorder.until("the first trade", () => recorder.count("trade") === 1);
    recorder.hold();
    venue.trade("BTCUSDT", ...Array.from({ length: 200 }, (_, i) => i + 2));
    await recorder.until("the frames to have come", () => recorder.frames >= 201);
    recorder.release();
    await recorder.until("all trades", () => recorder.count("trade") === 201);
    deepStrictEqual(recorder.ids("BTCUSDT"), Array.from({ length: 201 }, (_, i) => i + 1));
    ok(recorder.gaps.length >= 2);
    deepStrictEqual(recorder.gaps.filter((gap) => gap.endsWith("lost")), []);
  });
});

Deno.test("ids that the exchange burned after the last trade are asked about once", async () => {
  await withFeed({ quietMs: 60 }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    let looks = 0;
    venue.onRest = (url) => {
      if (!url.pathname.endsWith("24hr")) return null;
      looks++;
      const burned = { symbol: "BTCUSDT", lastId: 9, count: 5, lastPrice: "1", quoteVolume: "1" };
      return Response.json(burned);
    };
    await recorder.until("many looks", () => looks > 6);
    strictEqual(venue.queries.length, 1);
    deepStrictEqual(recorder.messages("silent"), []);
  });
});
