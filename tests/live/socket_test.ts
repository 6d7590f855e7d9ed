import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { type ClientMessage, startHub } from "../../lib/live/mod.ts";
import { FeedBook, type Watcher } from "../../lib/live/feed_book.ts";
import { readQuery } from "../../lib/live/query.ts";
import { ScreenBook } from "../../lib/live/screen_book.ts";
import { SocketSession } from "../../lib/live/socket_session.ts";
import { Source } from "../../lib/live/source.ts";
import { Market } from "./support/market.ts";
import { PageSocket, until } from "./support/page_socket.ts";

const PAIR: ClientMessage = {
  op: "subscribe",
  id: "a",
  kind: "pair",
  y: "ETHUSDT",
  x: "BTCUSDT",
  interval: "1m",
  window: 20,
  method: "rolling-ols",
};

Deno.test("/ws sends a snapshot, then what is added, then what is amended", async () => {
  using market = new Market();
  market.add(100);
  await using hub = await startHub({ open: market.open });
  await using page = await PageSocket.open(hub.url);
  page.send(PAIR);
  const snapshot = await page.next("snapshot");
  strictEqual(snapshot.id, "a");
  strictEqual(snapshot.spec.title, "ETHUSDT and BTCUSDT");
  strictEqual(snapshot.columns.t.length, 100);
  strictEqual(snapshot.summary?.reading?.openTimeMs, market.timeMs(99));
  const { summary } = await page.next("summary");
  strictEqual(summary.verdict?.nobs, 100);
  market.add(1);
  const append = await page.next("append");
  deepStrictEqual(append.rows.t, [market.timeMs(100)]);
  const bytes = JSON.stringify(append).length;
  ok(bytes < 600, `${bytes} bytes for one row`);
  market.write(market.bar("ETHUSDT", 98, 123, 1));
  const amend = await page.next("amend");
  deepStrictEqual([amend.fromMs, amend.rows.t.length], [market.timeMs(98), 3]);
  strictEqual(amend.rows.y?.[0], 123);
});

Deno.test("/ws carries many charts over one socket, each until it is unsubscribed", async () => {
  using market = new Market();
  market.add(50);
  await using hub = await startHub({ open: market.open });
  await using page = await PageSocket.open(hub.url);
  page.send(PAIR);
  page.send({ op: "subscribe", id: "b", kind: "bars", symbol: "SOLUSDT", interval: "1m" });
  await until(
    () => page.messages.filter((message) => message.op === "snapshot").length === 2,
    "both charts are there",
  );
  page.send({ op: "unsubscribe", id: "a" });
  page.send({ op: "subscribe", id: "c", kind: "bars", symbol: "BTCUSDT", interval: "1m" });
  await until(
    () => page.messages.filter((message) => message.op === "snapshot").length === 3,
    "the third chart is there",
  );
  market.add(1);
  await until(
    () => page.messages.filter((message) => message.op === "append").length === 2,
    "two charts have grown",
  );
  const grown = page.messages.filter((message) => message.op === "append").map(({ id }) => id);
  deepStrictEqual(grown.sort(), ["b", "c"]);
});

Deno.test("/ws answers what it cannot do with the id and one sentence", async () => {
  using market = new Market();
  await using hub = await startHub({ open: market.open });
  await using page = await PageSocket.open(hub.url);
  const cases: [message: string, id: string | null, problem: RegExp][] = [
    ["{", null, /JSON/],
    ["[]", null, /"op"/],
    [JSON.stringify({ op: "sing", id: "a" }), null, /"op"/],
    [JSON.stringify({ ...PAIR, kind: "song" }), "a", /"kind".*"song"/],
    [JSON.stringify({ ...PAIR, x: "FOO" }), "a", /"FOO"/],
    [JSON.stringify({ ...PAIR, window: 1 }), "a", /"window" must be >= 3/],
  ];
  for (const [message, id, problem] of cases) {
    const from = page.messages.length;
    page.send(message);
    const answer = await page.next("error", from);
    strictEqual(answer.id, id);
    match(answer.error.message, problem);
  }
});

Deno.test("/ws says at once whether the market is simulated and data comes in", async () => {
  using market = new Market();
  await using hub = await startHub({ open: market.open });
  await using page = await PageSocket.open(hub.url);
  const { simulated, quietMs } = await page.next("heartbeat");
  strictEqual(simulated, true);
  ok(quietMs !== null && quietMs >= 0);
});

Deno.test("/events sends the same as server-sent events", async () => {
  using market = new Market();
  market.add(50);
  await using hub = await startHub({ open: market.open });
  const query = "events?y=ETHUSDT&x=BTCUSDT&window=20";
  const response = await fetch(new URL(query, hub.url));
  match(response.headers.get("content-type")!, /^text\/event-stream/);
  let text = "";
  const reading = (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes("event: append")) break;
    }
  })();
  await until(() => text.includes("event: snapshot"), "the snapshot is there");
  market.add(1);
  await reading;
  const data = /event: append\ndata: (.*)\n\n/.exec(text)?.[1];
  deepStrictEqual(JSON.parse(data!).rows.t, [market.timeMs(50)]);
});

Deno.test("/events answers a wrong question like every other address", async () => {
  using market = new Market();
  await using hub = await startHub({ open: market.open });
  const response = await fetch(new URL("events?y=ETHUSDT&x=FOO", hub.url));
  strictEqual(response.status, 404);
  strictEqual((await response.json()).error.code, "unknown_symbol");
});

Deno.test("Hub closes sockets and events when it is disposed", async () => {
  using market = new Market();
  market.add(5);
  const hub = await startHub({ open: market.open });
  const page = await PageSocket.open(hub.url);
  page.send(PAIR);
  await page.next("snapshot");
  const events = await fetch(new URL("events?symbol=BTCUSDT", hub.url));
  await hub[Symbol.asyncDispose]();
  await events.text().catch(() => "cut off");
  await page[Symbol.asyncDispose]();
});

const IDLE: Watcher = { changed() {}, summarized() {}, restarted() {}, failed() {} };

Deno.test("FeedBook computes a pair once for all who look at it, whatever their thresholds", () => {
  using market = new Market();
  market.add(50);
  using source = new Source({ open: market.open, simulated: null });
  using book = new FeedBook(source);
  const fields = { y: "ETHUSDT", x: "BTCUSDT", window: 20 };
  const watch = (more: object) =>
    book.watch({ kind: "pair", ...readQuery("pair", { ...fields, ...more }) }, IDLE);
  const first = watch({});
  const second = watch({ entry: 3 });
  strictEqual(book.size, 1);
  strictEqual(second.spec.panels[2]?.rules[3]?.value, 3);
  const third = watch({ window: 21 });
  strictEqual(book.size, 2);
  for (const watching of [first, second, third]) watching[Symbol.dispose]();
  strictEqual(book.size, 0);
});

Deno.test("SocketSession leaves changes out for a slow page and then starts it over", () => {
  using market = new Market();
  market.add(50);
  using source = new Source({ open: market.open, simulated: null });
  using book = new FeedBook(source);
  const sent: string[] = [];
  const socket = {
    bufferedAmount: 0,
    readyState: WebSocket.OPEN,
    send: (text: string) => void sent.push(JSON.parse(text).op),
  };
  using screens = new ScreenBook(source);
  using session = new SocketSession(socket, book, screens);
  session.receive(JSON.stringify(PAIR));
  market.add(1);
  book.poll();
  socket.bufferedAmount = 50_000_000;
  market.add(1);
  book.poll();
  socket.bufferedAmount = 0;
  market.add(1);
  book.poll();
  deepStrictEqual(sent, ["heartbeat", "snapshot", "append", "summary", "snapshot", "summary"]);
});

Deno.test("SocketSession counts errors instead of piling them up before a page that does not read", () => {
  using market = new Market();
  market.add(50);
  using source = new Source({ open: market.open, simulated: null });
  using book = new FeedBook(source);
  const told: string[] = [];
  const socket = {
    bufferedAmount: 0,
    readyState: WebSocket.OPEN,
    send(text: string) {
      const message = JSON.parse(text);
      if (message.op === "error") told.push(message.error.message);
    },
  };
  using screens = new ScreenBook(source);
  using session = new SocketSession(socket, book, screens);
  session.receive("no JSON");
  socket.bufferedAmount = 50_000_000;
  for (let k = 0; k < 1_000; k++) session.receive("no JSON");
  deepStrictEqual(told.length, 1);
  socket.bufferedAmount = 0;
  session.receive("no JSON");
  deepStrictEqual(told, [
    told[0],
    "Left out 1000 errors as the socket was not read: ask again for what is missing",
    told[0],
  ]);
});

Deno.test("SocketSession starts charts over when the database was opened anew", async () => {
  using market = new Market();
  market.add(50);
  let fails = false;
  using source = new Source({
    open: () => {
      const reader = market.open();
      const { version } = reader;
      return Object.assign(reader, {
        version() {
          if (fails) reader[Symbol.dispose]();
          return version.call(reader);
        },
      });
    },
    simulated: null,
  });
  using book = new FeedBook(source);
  const sent: string[] = [];
  const socket = {
    bufferedAmount: 0,
    readyState: WebSocket.OPEN,
    send: (text: string) => void sent.push(JSON.parse(text).op),
  };
  using screens = new ScreenBook(source);
  using session = new SocketSession(socket, book, screens);
  session.receive(JSON.stringify(PAIR));
  fails = true;
  market.add(1);
  book.poll();
  fails = false;
  await until(() => sent.filter((op) => op === "snapshot").length === 2, "the chart began anew");
});

Deno.test("readQuery() refuses a sweep over more bars than other requests can wait for", () => {
  const asked = { y: "ETHUSDT", x: "BTCUSDT", window: 20, limit: "100000" };
  strictEqual(readQuery("backtest", asked).limit, 100_000);
  throws(
    () => readQuery("backtest", { ...asked, sweep: "1" }),
    /"limit" must be at most 20000 with a sweep/,
  );
});
