import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { binanceFeed } from "../../lib/feed/mod.ts";
import { row, timeOf, Venue } from "./support/venue.ts";
import { subscribed, withFeed } from "./support/with_feed.ts";

Deno.test("binanceFeed() delivers trades in id order and calls a stream live at its first frame", async () => {
  await withFeed({ symbols: ["BTCUSDT", "ETHUSDT"] }, async ({ venue, recorder, feed }) => {
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    deepStrictEqual(venue.control[0], {
      method: "SUBSCRIBE",
      params: ["btcusdt@markPrice@1s", "btcusdt@aggTrade", "ethusdt@aggTrade"],
    });
    venue.trade("BTCUSDT", 7, 8, 9);
    await recorder.until("the trades", () => recorder.count("trade") === 3);
    deepStrictEqual(recorder.ids("BTCUSDT"), [7, 8, 9]);
    deepStrictEqual([...feed.streams()], [["BTCUSDT", "live"], ["ETHUSDT", "pending"]]);
    deepStrictEqual(recorder.trades[0], {
      venue: "binance-usdm",
      symbol: "BTCUSDT",
      tradeId: 7,
      timeMs: timeOf(7),
      price: 100.07,
      quantity: 0.5,
      takerSide: "buy",
      source: "ws",
    });
  });
});

Deno.test("binanceFeed() repairs exactly the ids that a lost connection cost", async () => {
  await withFeed({}, async ({ venue, recorder, feed }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1, 2, 3);
    await recorder.until("the first trades", () => recorder.count("trade") === 3);
    venue.drop();
    venue.keep("BTCUSDT", 4, 5, 6);
    await recorder.until("the new subscription", () => subscribed(venue)() && venue.opened === 2);
    await recorder.until("its status", () => recorder.messages("open").length === 2);
    strictEqual(feed.streams().get("BTCUSDT"), "pending");
    venue.trade("BTCUSDT", 7, 8);
    await recorder.until("all trades", () => recorder.count("trade") === 8);
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 2, 3, 4, 5, 6, 7, 8]);
    deepStrictEqual(recorder.trades.map((t) => t.source), [
      ...["ws", "ws", "ws"],
      ...["rest", "rest", "rest"],
      ...["ws", "ws"],
    ]);
    deepStrictEqual(recorder.gaps, ["4-6 open", "4-6 repaired"]);
    deepStrictEqual(venue.queries.map((q) => `${q}`), ["symbol=BTCUSDT&fromId=4&limit=3"]);
    match(recorder.messages("closed")[0]!, /closed the connection \(1008, "Invalid request"\)/);
  });
});

Deno.test("binanceFeed() continues the chain of a symbol after its last known id", async () => {
  const lastIds = new Map([["BTCUSDT", 3]]);
  await withFeed({ lastIds, symbols: ["BTCUSDT", "ETHUSDT"] }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    venue.keep("BTCUSDT", 1, 2, 3, 4, 5);
    venue.trade("BTCUSDT", 6);
    venue.trade("ETHUSDT", 6);
    await recorder.until("the trades", () => recorder.count("trade") === 4);
    deepStrictEqual(recorder.ids("BTCUSDT"), [4, 5, 6]);
    deepStrictEqual(recorder.ids("ETHUSDT"), [6]);
    deepStrictEqual(recorder.gaps, ["4-5 open", "4-5 repaired"]);
  });
});

Deno.test("binanceFeed() says so when the exchange's ids are far behind the last known one", async () => {
  const lastIds = new Map([["BTCUSDT", 50_000]]);
  await withFeed({ lastIds }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 6);
    await recorder.until("the duplicate", () => recorder.count("duplicate") === 1);
    match(recorder.messages("notice")[0]!, /^BTCUSDT: trade 6 is far behind .* 50000; is this/);
  });
});

Deno.test("binanceFeed() drops duplicates, counts them and sets conflicting ones aside", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1, 2);
    venue.send("BTCUSDT", row(1));
    venue.send("BTCUSDT", row(2, { p: "77.00" }));
    venue.trade("BTCUSDT", 3);
    await recorder.until("the last trade", () => recorder.ids("BTCUSDT").includes(3));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 2, 3]);
    strictEqual(recorder.count("duplicate"), 1);
    deepStrictEqual(recorder.quarantine, ["conflicting duplicate"]);
  });
});

Deno.test("binanceFeed() sets corrupt frames aside and gets the trades they stood for from REST", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    venue.keep("BTCUSDT", 2, 3);
    venue.send("BTCUSDT", row(2, { p: "0" }));
    venue.text('{"stream":"btcusdt@aggTrade","data":{"e":"aggTr');
    venue.frame("btcusdt@aggTrade", { e: "aggTrade", E: 1, s: "XYZUSDT", ...row(9) });
    venue.frame("btcusdt@aggTrade", { e: "somethingNew" });
    venue.trade("BTCUSDT", 4);
    await recorder.until("the last trade", () => recorder.ids("BTCUSDT").includes(4));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 2, 3, 4]);
    deepStrictEqual(recorder.quarantine, [
      "price not positive",
      "not JSON",
      "unknown symbol",
      "unknown frame",
    ]);
    deepStrictEqual(recorder.gaps, ["2-3 open", "2-3 repaired"]);
  });
});

Deno.test("binanceFeed() skips an id that REST itself gives without a price", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    venue.history.get("BTCUSDT")!.push(row(2, { q: "0" }), row(3));
    venue.trade("BTCUSDT", 4);
    await recorder.until("the last trade", () => recorder.ids("BTCUSDT").includes(4));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 3, 4]);
    deepStrictEqual(recorder.quarantine, ["quantity not positive"]);
    deepStrictEqual(recorder.events.filter((e) => e.kind === "skipped"), [
      { kind: "skipped", venue: "binance-usdm", symbol: "BTCUSDT", tradeId: 2 },
    ]);
    deepStrictEqual(recorder.gaps, ["2-3 open", "2-3 repaired"]);
  });
});

/** Sends single trades on `<symbol>@trade`. */
function single(venue: Venue, id: number, X = "MARKET"): void {
  const [p, q] = X === "MARKET" ? ["100.5", "2"] : ["0", "0"];
  const T = timeOf(id);
  venue.frame("btcusdt@trade", { e: "trade", E: T, T, s: "BTCUSDT", t: id, p, q, X, m: true });
}

Deno.test("binanceFeed() of single trades loses a gap, skips other rows and waits for stragglers", async () => {
  await withFeed({ streamKind: "trade" }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue, "btcusdt@trade"));
    strictEqual(venue.control[0]!.params[0], "btcusdt@bookTicker");
    for (const id of [1, 3, 2]) single(venue, id);
    single(venue, 4, "INSURANCE_FUND");
    single(venue, 5);
    await recorder.until("five ids", () => recorder.ids("BTCUSDT").includes(5));
    single(venue, 9);
    await recorder.until("the trade behind the gap", () => recorder.ids("BTCUSDT").includes(9));
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 2, 3, 5, 9]);
    deepStrictEqual(recorder.gaps, ["2-2 open", "2-2 repaired", "6-8 open", "6-8 lost"]);
    deepStrictEqual(recorder.quarantine, ["not a market trade"]);
    strictEqual(recorder.count("skipped"), 1);
    strictEqual(venue.queries.length, 0);
  });
});

Deno.test("binanceFeed() calls a stream silent that was acknowledged and gives no data", async () => {
  await withFeed({ silentMs: 50 }, async ({ recorder, feed }) => {
    await recorder.until("the status", () => recorder.messages("silent").length === 1);
    match(recorder.messages("silent")[0]!, /^BTCUSDT: subscribed 0.05 s ago and no trade since; /);
    strictEqual(feed.streams().get("BTCUSDT"), "silent");
  });
});

Deno.test("binanceFeed() replaces a socket that has gone silent, and repairs", async () => {
  await withFeed({ staleMs: 200 }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    await recorder.until("another socket", () => venue.opened === 2 && subscribed(venue)());
    venue.keep("BTCUSDT", 2);
    venue.trade("BTCUSDT", 3);
    await recorder.until("the trades", () => recorder.count("trade") === 3);
    match(recorder.messages("closed")[0]!, /has sent nothing for \d+ s$/);
  });
});

Deno.test("binanceFeed() takes an acknowledgement for no sign of life", async () => {
  await withFeed({ staleMs: 50 }, async ({ recorder }) => {
    await recorder.until("the end", () => recorder.messages("closed").length === 1);
    match(recorder.messages("closed")[0]!, /has sent no data since it was opened \d+ s ago$/);
  });
});

Deno.test("binanceFeed() backs off further each time, and from the start after data", async () => {
  await withFeed({ random: () => 0.2 }, async ({ venue, recorder }) => {
    for (const n of [1, 2, 3]) {
      await recorder.until("the subscription", subscribed(venue));
      venue.trade("BTCUSDT", n);
      await recorder.until("the trade", () => recorder.count("trade") === n);
      venue.drop();
      await recorder.until("the end", () => recorder.messages("reconnecting").length === n);
    }
    venue.onSocket = () => new Response("", { status: 503 });
    await recorder.until("failures", () => recorder.messages("reconnecting").length === 6);
    deepStrictEqual(
      recorder.messages("reconnecting").slice(0, 6).map((text) => /[\d.]+ s$/.exec(text)![0]),
      ["0.1 s", "0.1 s", "0.1 s", "0.2 s", "0.4 s", "0.8 s"],
    );
  });
});

Deno.test("binanceFeed() says why there is no connection", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    const refused = "Service unavailable from a restricted location according to 'b. Eligibility'";
    venue.onSocket = () => Response.json({ code: 0, msg: refused }, { status: 451 });
    await recorder.until("the refusal", () => recorder.messages("closed").length > 0);
    const [message] = recorder.messages("closed");
    ok(message!.startsWith(`Cannot open ${venue.wsUrl}/market/stream: this place may not use`));
    ok(message!.endsWith(`(451): "${refused}"`));

    venue.onSocket = () => new Response("", { status: 404 });
    venue.onRest = () => Response.json({ code: 0, msg: "gone" }, { status: 503 });
    const last = () => recorder.messages("closed").at(-1)!;
    await recorder.until("another reason", () => last() !== message);
    ok(last().endsWith(`/fapi/v1/time answered 503: "gone"`), last());

    venue.onRest = () => null;
    await recorder.until("a third reason", () => last().endsWith("check the address"));

    venue.onSocket = () => null;
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    await recorder.until("the trade", () => recorder.count("trade") === 1);
  });
});

Deno.test("binanceFeed() says that nobody is there, or no such host", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const nobody = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  await withFeed({ wsUrl: `ws://${nobody}`, restUrl: `http://${nobody}` }, async ({ recorder }) => {
    await recorder.until("the reason", () => recorder.messages("closed").length > 0);
    match(recorder.messages("closed")[0]!, /cannot be reached: the connection was refused$/);
  });
  await withFeed({ wsUrl: "ws://no.such.host.invalid" }, async ({ recorder }) => {
    await recorder.until("the reason", () => recorder.messages("closed").length > 0);
    match(recorder.messages("closed")[0]!, /its host name is not known; check the address/);
  });
});

Deno.test("binanceFeed() gives up on a handshake that is never answered, and ends in one", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const wsUrl = `ws://127.0.0.1:${listener.addr.port}`;
  await withFeed({ wsUrl, connectTimeoutMs: 50 }, async ({ recorder }) => {
    const connections = [await listener.accept()];
    await recorder.until("the reason", () => recorder.messages("closed").length === 1);
    strictEqual(
      recorder.messages("closed")[0],
      `Cannot open ${wsUrl}/market/stream: it did not answer within 0.05 s`,
    );
    connections.push(await listener.accept());
    for (const connection of connections) connection.close();
  });
  await withFeed({ wsUrl }, async () => {
    using _connection = await listener.accept();
  });
});

Deno.test("binanceFeed() tells what the exchange objects to", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.text('{"error":{"code":4,"msg":"Too many subscriptions"}}');
    await recorder.until("the notice", () => recorder.messages("notice").length === 1);
    match(recorder.messages("notice")[0]!, /"Too many subscriptions"$/);
  });
});

Deno.test("binanceFeed() gains and loses symbols while it runs, and goes on where it left off", async () => {
  await withFeed({}, async ({ venue, recorder, feed }) => {
    await recorder.until("the subscription", subscribed(venue));
    feed.add(["ETHUSDT", "BTCUSDT"]);
    await recorder.until("the second stream", subscribed(venue, "ethusdt@aggTrade"));
    venue.trade("ETHUSDT", 1, 2);
    await recorder.until("its trades", () => recorder.count("trade") === 2);
    feed.remove(["ETHUSDT", "XYZUSDT"]);
    deepStrictEqual([...feed.streams().keys()], ["BTCUSDT"]);
    venue.trade("ETHUSDT", 3);
    await recorder.until("the stream to end", () => !subscribed(venue, "ethusdt@aggTrade")());
    feed.add(["ETHUSDT"]);
    await recorder.until("the stream again", subscribed(venue, "ethusdt@aggTrade"));
    venue.trade("ETHUSDT", 4);
    await recorder.until("its trades", () => recorder.count("trade") === 4);
    deepStrictEqual(recorder.ids("ETHUSDT"), [1, 2, 3, 4]);
    deepStrictEqual(recorder.quarantine, []);
    strictEqual(venue.opened, 1);
  });
});

Deno.test("binanceFeed() spreads symbols over sockets and subscribes in frames of at most 200", async () => {
  const symbols = Array.from({ length: 450 }, (_, i) => `S${i}USDT`);
  await withFeed({ symbols, symbolsPerSocket: 400 }, async ({ venue, recorder }) => {
    await recorder.until("all subscriptions", () => venue.names.size === 451);
    strictEqual(venue.opened, 2);
    deepStrictEqual(
      venue.control.map((frame) => frame.params.length).sort((a, b) => a - b),
      [1, 51, 200, 200],
    );
  });
});

Deno.test("binanceFeed() closes bars by frames, but not those of a symbol in repair", async () => {
  const symbols = ["BTCUSDT", "ETHUSDT"];
  await withFeed({ symbols, graceMs: 100 }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue, "ethusdt@aggTrade"));
    venue.onRest = () => Response.json({ code: -1, msg: "busy" }, { status: 503 });
    venue.trade("ETHUSDT", 1);
    venue.trade("BTCUSDT", 1, 2);
    venue.keep("BTCUSDT", 3);
    venue.trade("BTCUSDT", 4);
    venue.frame("btcusdt@markPrice@1s", { e: "markPriceUpdate", E: timeOf(100), s: "BTCUSDT" });
    const watermarks = (symbol: string) =>
      recorder.events.flatMap((e) =>
        e.kind === "watermark" && e.symbols.includes(symbol) ? e.timeMs : []
      );
    await recorder.until("a watermark", () => watermarks("ETHUSDT").at(-1) === timeOf(100) - 100);
    ok(!watermarks("BTCUSDT").includes(timeOf(100) - 100));
    venue.onRest = () => null;
    venue.frame("btcusdt@markPrice@1s", { e: "markPriceUpdate", E: timeOf(200), s: "BTCUSDT" });
    await recorder.until("the repair", () => recorder.ids("BTCUSDT").includes(4));
    venue.frame("btcusdt@markPrice@1s", { e: "markPriceUpdate", E: timeOf(300), s: "BTCUSDT" });
    await recorder.until("a watermark", () => watermarks("BTCUSDT").at(-1) === timeOf(300) - 100);
  });
});

Deno.test("binanceFeed() lets REST tell the time while the route is silent", async () => {
  await withFeed({ graceMs: 100 }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    venue.timeMs = timeOf(1_000);
    const last = () => recorder.events.findLast((e) => e.kind === "watermark");
    await recorder.until("the watermark", () => last()?.timeMs === timeOf(1_000) - 100);
    deepStrictEqual(last()!.symbols, ["BTCUSDT"]);
  });
});

Deno.test("binanceFeed() compares the clocks at the start", async () => {
  await withFeed({}, async ({ venue, recorder }) => {
    await recorder.until("the clock", () => recorder.count("clock") === 1);
    const clock = recorder.events.find((e) => e.kind === "clock")!;
    const skewMs = Date.now() - venue.timeMs;
    ok(Math.abs(clock.skewMs - skewMs) < 10_000);
    ok(clock.roundTripMs >= 0);
  });
});

Deno.test("binanceFeed() drops frames beyond its queue, says so and fetches their trades", async () => {
  await withFeed({ queueCapacity: 20 }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    await recorder.until("the first trade", () => recorder.count("trade") === 1);
    recorder.hold();
    venue.trade("BTCUSDT", ...Array.from({ length: 500 }, (_, i) => i + 2));
    await recorder.until("the frames to have come", () => recorder.frames >= 501);
    recorder.release();
    await recorder.until("the queue to be empty", () => recorder.messages("notice").length > 0);
    venue.trade("BTCUSDT", 502);
    await recorder.until("all trades", () => recorder.count("trade") === 502);
    deepStrictEqual(recorder.ids("BTCUSDT"), Array.from({ length: 502 }, (_, i) => i + 1));
    match(
      recorder.messages("notice")[0]!,
      /^\d+ frames were dropped as 20 were waiting; their trades are gaps now$/,
    );
    // What had room came; the rest is a gap that was recorded before it was repaired.
    strictEqual(recorder.gaps.length % 2, 0);
    for (let k = 0; k < recorder.gaps.length; k += 2) {
      strictEqual(recorder.gaps[k + 1], recorder.gaps[k]!.replace("open", "repaired"));
    }
    ok(recorder.trades.some((trade) => trade.source === "rest"));
  });
});

Deno.test("binanceFeed() hands every frame to the recorder before it is interpreted", async () => {
  const frames: [string, bigint][] = [];
  const onFrame = (text: string, receivedNs: bigint) => void frames.push([text, receivedNs]);
  await withFeed({ onFrame }, async ({ venue, recorder }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.text("}{");
    venue.trade("BTCUSDT", 1);
    await recorder.until("the trade", () => recorder.count("trade") === 1);
    strictEqual(frames.length, 3);
    strictEqual(frames[1]![0], "}{");
    ok(Math.abs(Number(frames[1]![1] / 1_000_000n) - Date.now()) < 60_000);
  });
});

Deno.test("binanceFeed() ends with the error of its recorder", async () => {
  await using venue = new Venue();
  const { wsUrl, restUrl } = venue;
  const onFrame = () => {
    throw new Error("disk full");
  };
  const { signal } = new AbortController();
  const feed = binanceFeed({ symbols: ["BTCUSDT"], wsUrl, restUrl, signal, onFrame });
  await rejects(Array.fromAsync(feed), /disk full/);
});

Deno.test("binanceFeed() ends cleanly when the loop is left and when a read is pending", async () => {
  await using venue = new Venue();
  const { wsUrl, restUrl } = venue;
  const { signal } = new AbortController();
  const left = binanceFeed({ symbols: ["BTCUSDT"], wsUrl, restUrl, signal });
  for await (const _ of left) break;
  throws(() => left[Symbol.asyncIterator](), TypeError);

  const pending = binanceFeed({ symbols: ["BTCUSDT"], wsUrl, restUrl, signal });
  const reader = pending[Symbol.asyncIterator]();
  while (!subscribed(venue)()) await reader.next();
  const reads = Array.from({ length: 50 }, () => reader.next());
  deepStrictEqual(await reader.return!(), { done: true, value: undefined });
  strictEqual((await Promise.all(reads)).at(-1)!.done, true);
});

Deno.test("binanceFeed() delivers the frames already received before it ends", async () => {
  await withFeed({}, async ({ venue, recorder, stop }) => {
    await recorder.until("the subscription", subscribed(venue));
    venue.trade("BTCUSDT", 1);
    await recorder.until("the first trade", () => recorder.count("trade") === 1);
    recorder.hold();
    venue.trade("BTCUSDT", ...Array.from({ length: 500 }, (_, i) => i + 2));
    await recorder.until("the frames to have come", () => recorder.frames >= 501);
    const stopped = stop();
    recorder.release();
    await stopped;
    strictEqual(recorder.count("trade"), 501);
  });
});

Deno.test("binanceFeed() of single trades delivers at the end what still waited for others", async () => {
  const options = { streamKind: "trade", reorderMs: 60_000 } as const;
  await withFeed(options, async ({ venue, recorder, stop }) => {
    await recorder.until("the subscription", subscribed(venue, "btcusdt@trade"));
    for (const id of [1, 3, 4]) single(venue, id);
    await recorder.until("the gap", () => recorder.count("gap") === 1);
    await stop();
    deepStrictEqual(recorder.ids("BTCUSDT"), [1, 3, 4]);
    deepStrictEqual(recorder.gaps, ["2-2 open", "2-2 lost"]);
  });
});

Deno.test("binanceFeed() refuses an address without its protocol", () => {
  const { signal } = new AbortController();
  const symbols = ["BTCUSDT"];
  throws(() => binanceFeed({ symbols, signal, wsUrl: "fstream.binance.com" }), TypeError);
  throws(() => binanceFeed({ symbols, signal, wsUrl: "https://fstream.binance.com" }), TypeError);
  throws(() => binanceFeed({ symbols, signal, restUrl: "wss://fstream.binance.com" }), TypeError);
});
