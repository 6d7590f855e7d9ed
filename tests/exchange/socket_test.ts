import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { type Exchange, type ExchangeFaults, startExchange } from "tandem/exchange";
import { eventually, type Json, openUnread, standstill, TestSocket } from "./support/socket.ts";

function busyExchange(faults: ExchangeFaults = {}): Promise<Exchange> {
  return startExchange({
    source: { seed: 11, symbols: ["BTCUSDT", "ETHUSDT"], ratePerSecond: 400, historyMs: 120_000 },
    faults,
  });
}

const CHARTED = ["btcusdt@aggTrade", "btcusdt@kline_1m", "btcusdt@markPrice@1s"];

Deno.test("startExchange() sends the market streams on /market, field by field like the real ones", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
  deepStrictEqual(await socket.ask("SUBSCRIBE", CHARTED), { result: null, id: 1 });
  await socket.until(() => CHARTED.every((s) => socket.payloads(s).length > 0), "every stream");
  const text = (stream: string) => socket.texts.find((t) => t.includes(`"${stream}"`))!;
  match(
    text("btcusdt@aggTrade"),
    /^\{"stream":"btcusdt@aggTrade","data":\{"e":"aggTrade","E":\d{13},"a":\d{10},"s":"BTCUSDT","p":"\d+\.\d\d","q":"(\d+\.\d{3})","nq":"\1","f":\d{10},"l":\d{10},"T":\d{13},"m":(true|false),"st":1\}\}$/,
  );
  match(
    text("btcusdt@kline_1m"),
    /^\{"stream":"btcusdt@kline_1m","data":\{"e":"kline","E":\d{13},"s":"BTCUSDT","k":\{"t":\d{13},"T":\d{13},"s":"BTCUSDT","i":"1m","f":\d+,"L":\d+,"o":"[\d.]+","c":"[\d.]+","h":"[\d.]+","l":"[\d.]+","v":"[\d.]+","n":\d+,"x":(true|false),"q":"[\d.]+","V":"[\d.]+","Q":"[\d.]+","B":"0"\}\}\}$/,
  );
  match(
    text("btcusdt@markPrice@1s"),
    /^\{"stream":"btcusdt@markPrice@1s","data":\{"e":"markPriceUpdate","E":\d{13},"s":"BTCUSDT","p":"(\d+\.\d{8})","ap":"\1","P":"[\d.]+","i":"[\d.]+","r":"0\.\d{8}","T":\d{13},"st":1\}\}$/,
  );
});

Deno.test("startExchange() ends every minute with a closed kline, equal to the one of REST", async () => {
  const minuteMs = Date.UTC(2026, 0, 1, 12, 0);
  await using exchange = await startExchange({
    source: {
      seed: 11,
      symbols: ["BTCUSDT", "ETHUSDT"],
      ratePerSecond: 400,
      historyMs: 120_000,
      startMs: minuteMs + 58_500,
    },
  });
  await using socket = await TestSocket.open(
    `${exchange.wsUrl}/market/stream?streams=btcusdt@kline_1m`,
  );
  const klines = () => socket.payloads("btcusdt@kline_1m").map(({ k }) => k);
  await socket.until(() => klines().at(-1)?.t === minuteMs + 60_000, "the next minute");
  const closed = klines().filter(({ x }) => x);
  strictEqual(closed.length, 1);
  const { t, T, o, h, l, c, v, n, q, V, Q } = closed[0];
  const query = `symbol=BTCUSDT&interval=1m&startTime=${minuteMs}&limit=1`;
  const response = await fetch(`${exchange.restUrl}/fapi/v1/klines?${query}`);
  deepStrictEqual(await response.json(), [[t, o, h, l, c, v, T, q, n, V, Q, "0"]]);
});

Deno.test("startExchange() sends trades and quotes on /public, bare on /ws", async () => {
  await using exchange = await busyExchange();
  const url = `${exchange.wsUrl}/public/ws/btcusdt@trade/btcusdt@bookTicker`;
  await using socket = await TestSocket.open(url);
  const of = (type: string) => socket.texts.find((t) => t.startsWith(`{"e":"${type}"`));
  await socket.until(() => of("trade") !== undefined && of("bookTicker") !== undefined, "both");
  match(
    of("trade")!,
    /^\{"e":"trade","E":\d{13},"T":\d{13},"s":"BTCUSDT","t":\d{10},"p":"\d+\.\d\d","q":"\d+\.\d{3}","X":"MARKET","m":(true|false),"st":1\}$/,
  );
  match(
    of("bookTicker")!,
    /^\{"e":"bookTicker","u":\d+,"s":"BTCUSDT","ps":"BTCUSDT","b":"\d+\.\d\d","B":"[\d.]+","a":"\d+\.\d\d","A":"[\d.]+","T":\d{13},"E":\d{13},"st":1\}$/,
  );
});

Deno.test("startExchange() sends every trade and aggregate once, in order, as its own record tells", async () => {
  await using exchange = await busyExchange();
  await using trades = await TestSocket.open(
    `${exchange.wsUrl}/public/stream?streams=btcusdt@trade`,
  );
  await using aggregates = await TestSocket.open(
    `${exchange.wsUrl}/market/stream?streams=btcusdt@aggTrade`,
  );
  const sent = () => aggregates.payloads("btcusdt@aggTrade");
  await aggregates.until(() => sent().length >= 50, "50 aggregates");
  await trades.until(() => trades.frames.at(-1)?.data.t >= sent().at(-1).l, "their trades");
  const truth = exchange.trades("BTCUSDT");
  const fills: Json[] = trades.payloads("btcusdt@trade");
  const from = truth.findIndex(({ tradeId }) => tradeId === fills[0].t);
  deepStrictEqual(
    fills.map(({ t, p, q, T, m }) => [t, Number(p), Number(q), T, m ? "sell" : "buy"]),
    truth.slice(from, from + fills.length)
      .map((t) => [t.tradeId, t.price, t.quantity, t.timeMs, t.takerSide]),
  );
  deepStrictEqual(sent().map(({ a }) => a), sent().map((_, i) => sent()[0].a + i));
  for (const { f, l, p, q, T, E } of sent()) {
    const members = truth.filter(({ tradeId }) => tradeId >= f && tradeId <= l);
    ok(members.every(({ price }) => price === Number(p)));
    const quantity = members.reduce((sum, member) => sum + member.quantity, 0);
    ok(Math.abs(quantity - Number(q)) < 1e-9);
    strictEqual(T, members[0]!.timeMs);
    ok(E >= T && E - T <= 200, `pushed ${E - T} ms after the first fill`);
  }
});

Deno.test("startExchange() acknowledges what it will not send, and stays silent", async (t) => {
  await using exchange = await busyExchange();
  const busy = ["btcusdt@trade", "btcusdt@aggTrade"];
  const cases: Record<string, { path: string; subscribe: string[]; heard: string[] }> = {
    "public streams on /market": {
      path: "/market/stream",
      subscribe: [...busy, "btcusdt@bookTicker"],
      heard: ["btcusdt@aggTrade"],
    },
    "market streams on /public": {
      path: "/public/stream",
      subscribe: [...busy, "btcusdt@markPrice@1s"],
      heard: ["btcusdt@trade"],
    },
    "market streams on the retired socket": {
      path: "/stream",
      subscribe: [...busy, "btcusdt@kline_1m"],
      heard: ["btcusdt@trade"],
    },
    "wrong case, unknown symbols and streams": {
      path: "/market/stream",
      subscribe: ["BTCUSDT@aggTrade", "btcusdt@aggtrade", "nousdt@aggTrade", "x", ...busy],
      heard: ["btcusdt@aggTrade"],
    },
  };
  for (const [name, { path, subscribe, heard }] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using socket = await TestSocket.open(exchange.wsUrl + path);
      deepStrictEqual(await socket.ask("SUBSCRIBE", subscribe), { result: null, id: 1 });
      deepStrictEqual((await socket.ask("LIST_SUBSCRIPTIONS")).result, subscribe);
      // Everything else had its chance when this many came, over several pushes.
      await socket.until(() => socket.frames.length > 100, "frames");
      const streams = new Set(socket.frames.map(({ stream }) => stream).filter(Boolean));
      deepStrictEqual([...streams], heard);
    });
  }
});

Deno.test("startExchange() ends a stream on UNSUBSCRIBE, and acknowledges one that never was", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(
    `${exchange.wsUrl}/public/stream?streams=btcusdt@trade/ethusdt@trade`,
  );
  const streams = () => socket.frames.map(({ stream }) => stream);
  await socket.until(() => streams().includes("btcusdt@trade"), "a trade");
  deepStrictEqual(await socket.ask("UNSUBSCRIBE", ["btcusdt@trade"]), { result: null, id: 1 });
  deepStrictEqual(await socket.ask("UNSUBSCRIBE", ["never@was"]), { result: null, id: 2 });
  const after = socket.frames.length;
  await socket.until(() => socket.frames.length > after + 50, "trades of the other");
  deepStrictEqual(new Set(streams().slice(after)), new Set(["ethusdt@trade"]));
  deepStrictEqual((await socket.ask("LIST_SUBSCRIPTIONS")).result, ["ethusdt@trade"]);
});

Deno.test("startExchange() switches framing with SET_PROPERTY", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/public/ws/btcusdt@trade`);
  deepStrictEqual(await socket.ask("GET_PROPERTY", ["combined"]), { result: false, id: 1 });
  deepStrictEqual(await socket.ask("SET_PROPERTY", ["combined", true]), { result: null, id: 2 });
  await socket.until(() => socket.payloads("btcusdt@trade").length > 0, "a combined frame");
  deepStrictEqual(await socket.ask("GET_PROPERTY", ["combined"]), { result: true, id: 3 });
});

Deno.test("startExchange() wraps the errors of control messages", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
  deepStrictEqual(await socket.ask("SUBSCRIBE", []), {
    error: { code: 2, msg: "Invalid request: streams must have non-zero length" },
    id: 1,
  });
  socket.send("hello");
  await socket.until(() => socket.frames.length === 2, "an error");
  deepStrictEqual(socket.frames[1], {
    error: { code: 3, msg: "Invalid JSON: expected value at line 1 column 1" },
  });
});

Deno.test("startExchange() closes a connection that sends more than ten messages a second", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
  for (let id = 1; id <= 40; id++) socket.send({ method: "LIST_SUBSCRIPTIONS", id });
  deepStrictEqual(await socket.closed, { code: 1008, reason: "Too many requests" });
  strictEqual(socket.frames.length, 10);
});

Deno.test("startExchange() closes a connection that wants more than 1024 streams", async () => {
  await using exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
  const names = Array.from({ length: 1_025 }, (_, i) => `s${i}usdt@aggTrade`);
  deepStrictEqual(await socket.ask("SUBSCRIBE", names.slice(0, 1_024)), { result: null, id: 1 });
  socket.send({ method: "SUBSCRIBE", params: names, id: 2 });
  deepStrictEqual(await socket.closed, { code: 1008, reason: "Invalid request" });
  deepStrictEqual(socket.frames[1], { error: { code: 4, msg: "Too many subscriptions" } });
});

Deno.test("startExchange() has no sockets elsewhere", async () => {
  await using exchange = await busyExchange();
  await rejects(TestSocket.open(`${exchange.wsUrl}/private/stream`), /Cannot open/);
});

Deno.test("startExchange() sends everything through the faults it was given", async () => {
  const passed: (string | null)[] = [];
  await using exchange = await busyExchange({
    frame: ({ stream, text }) => {
      passed.push(stream);
      return stream === null ? text : null;
    },
    response: (path) => new Response(path, { status: 503 }),
  });
  await using socket = await TestSocket.open(
    `${exchange.wsUrl}/public/stream?streams=btcusdt@trade`,
  );
  await eventually(
    () => passed.filter((stream) => stream === "btcusdt@trade").length > 5,
    "trades",
  );
  await socket.ask("LIST_SUBSCRIPTIONS");
  strictEqual(socket.frames.length, 1);
  const response = await fetch(`${exchange.restUrl}/fapi/v1/time`);
  deepStrictEqual([response.status, await response.text()], [503, "/fapi/v1/time"]);
});

Deno.test("startExchange() makes the same trades for the same seed however it is woken", async () => {
  const start = { seed: 5, symbols: 4, ratePerSecond: 500, startMs: Date.UTC(2026, 5, 1) };
  await using first = await startExchange({ source: { ...start, historyMs: 2_000 } });
  await using second = await startExchange({ source: { ...start, historyMs: 2_000 } });
  const played = (exchange: Exchange) => exchange.clockMs() - start.startMs;
  await eventually(() => Math.min(played(first), played(second)) > 1_000, "a second of both");
  const untilMs = start.startMs + 1_000;
  for (const symbol of first.symbols) {
    const early = (exchange: Exchange, kind: "trades" | "aggTrades") =>
      exchange[kind](symbol).filter(({ timeMs }) => timeMs < untilMs - 200);
    ok(early(first, "trades").length > 20);
    deepStrictEqual(early(first, "trades"), early(second, "trades"));
    deepStrictEqual(early(first, "aggTrades"), early(second, "aggTrades"));
  }
});

Deno.test("startExchange() follows the local time unless told another", async () => {
  await using exchange = await startExchange({ source: { seed: 1, symbols: 2 } });
  await eventually(() => Math.abs(exchange.clockMs() - Date.now()) < 100, "the time of day");
});

Deno.test("startExchange() says which port is taken", async () => {
  await using exchange = await busyExchange();
  const again = startExchange({ source: { seed: 1 }, port: exchange.port });
  await rejects(again, new RegExp(`Cannot listen on 127.0.0.1:${exchange.port}`));
});

Deno.test("startExchange() closes its sockets when it is disposed", async () => {
  const exchange = await busyExchange();
  await using socket = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
  await exchange[Symbol.asyncDispose]();
  deepStrictEqual(await socket.closed, { code: 1001, reason: "Exchange is closing" });
  await exchange.finished;
});

Deno.test("startExchange() ends though a client does not read, and stops feeding it", async () => {
  let sent = 0;
  const faults: ExchangeFaults = {
    frame: ({ text }) => {
      sent++;
      return text + " ".repeat(2 ** 20);
    },
  };
  const exchange = await busyExchange(faults);
  using _client = await openUnread(exchange, "btcusdt@bookTicker");
  await eventually(() => sent > 60, "frames");
  await standstill(() => sent, "an end of frames");
  await exchange[Symbol.asyncDispose]();
});
