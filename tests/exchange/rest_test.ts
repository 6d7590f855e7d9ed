import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Exchange, startExchange } from "tandem/exchange";
import { eventually, type Json } from "./support/socket.ts";

interface Market {
  readonly hours?: number;
  readonly ratePerSecond?: number;
  readonly keepAggTrades?: number;
}

/** A market with a past. */
function oldExchange({ hours = 2, ratePerSecond = 2, ...kept }: Market = {}): Promise<Exchange> {
  const historyMs = hours * 3_600_000;
  return startExchange({
    source: { seed: 3, symbols: ["BTCUSDT", "ETHUSDT"], ratePerSecond, historyMs },
    ...kept,
  });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

async function get(exchange: Exchange, path: string): Promise<Answer> {
  const response = await fetch(`${exchange.restUrl}/fapi/v1/${path}`);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function refusal(exchange: Exchange, path: string): Promise<[number, number, string]> {
  const { status, body } = await get(exchange, path);
  deepStrictEqual(Object.keys(body), ["code", "msg"]);
  return [status, body.code, body.msg];
}

Deno.test("REST ping and time answer", async () => {
  await using exchange = await oldExchange();
  deepStrictEqual((await get(exchange, "ping")).body, {});
  const { status, headers, body } = await get(exchange, "time");
  strictEqual(status, 200);
  match(headers.get("content-type")!, /^application\/json/);
  deepStrictEqual(Object.keys(body), ["serverTime"]);
  ok(Math.abs(body.serverTime - exchange.clockMs()) < 5_000);
});

Deno.test("REST exchangeInfo lists the symbols with their filters", async () => {
  await using exchange = await oldExchange();
  const { body } = await get(exchange, "exchangeInfo");
  strictEqual(body.timezone, "UTC");
  strictEqual(body.futuresType, "U_MARGINED");
  deepStrictEqual(body.rateLimits[0], {
    rateLimitType: "REQUEST_WEIGHT",
    interval: "MINUTE",
    intervalNum: 1,
    limit: 2_400,
  });
  const [btc, eth] = body.symbols;
  deepStrictEqual([btc.symbol, eth.symbol], ["BTCUSDT", "ETHUSDT"]);
  deepStrictEqual([btc.baseAsset, btc.quoteAsset, btc.contractType, btc.status], [
    "BTC",
    "USDT",
    "PERPETUAL",
    "TRADING",
  ]);
  const filter = (type: string) => btc.filters.find((f: Json) => f.filterType === type);
  strictEqual(filter("PRICE_FILTER").tickSize, "0.10");
  strictEqual(filter("LOT_SIZE").stepSize, "0.001");
});

Deno.test("REST aggTrades answers with the newest, or from an id, contiguous and as strings", async () => {
  await using exchange = await oldExchange();
  const newest = (await get(exchange, "aggTrades?symbol=BTCUSDT&limit=5")).body;
  deepStrictEqual(Object.keys(newest[0]), ["a", "p", "q", "nq", "f", "l", "T", "m"]);
  match(newest[0].p, /^\d+\.\d\d$/);
  match(newest[0].q, /^\d+\.\d{3}$/);
  strictEqual((await get(exchange, "aggTrades?symbol=BTCUSDT")).body.length, 500);
  const fromId = newest[0].a - 1_500;
  const pages: Json[] = [];
  for (let next = fromId; next <= newest[4].a; next = pages.at(-1).a + 1) {
    pages.push(...(await get(exchange, `aggTrades?symbol=BTCUSDT&fromId=${next}&limit=1000`)).body);
  }
  deepStrictEqual(pages.map(({ a }) => a), pages.map((_, i) => fromId + i));
  const truth = exchange.aggTrades("BTCUSDT").filter(({ tradeId }) => tradeId >= fromId);
  deepStrictEqual(
    pages.map(({ a, p, q, T, m, f, l }) => [a, +p, +q, T, m, f, l]),
    truth.slice(0, pages.length).map((t) => [
      t.tradeId,
      t.price,
      t.quantity,
      t.timeMs,
      t.takerSide === "sell",
      t.firstTradeId,
      t.lastTradeId,
    ]),
  );
  const beyond = `aggTrades?symbol=BTCUSDT&fromId=${newest[4].a + 1_000_000}`;
  deepStrictEqual((await get(exchange, beyond)).body, []);
});

Deno.test("REST aggTrades answers with a time range, both ends included", async () => {
  await using exchange = await oldExchange();
  const truth = exchange.aggTrades("ETHUSDT");
  const [first, last] = [truth.at(-900)!, truth.at(-700)!];
  const times = async (query: string) => {
    const { body } = await get(exchange, `aggTrades?symbol=ETHUSDT&${query}`);
    return body.map(({ T }: Json) => T);
  };
  const inside = (from: number, to: number) =>
    truth.map(({ timeMs }) => timeMs).filter((t) => t >= from && t <= to);
  const range = `startTime=${first.timeMs}&endTime=${last.timeMs}`;
  deepStrictEqual(await times(`${range}&limit=1000`), inside(first.timeMs, last.timeMs));
  deepStrictEqual(await times(`${range}&limit=7`), inside(first.timeMs, last.timeMs).slice(0, 7));
  deepStrictEqual(
    await times(`startTime=${first.timeMs}&limit=9`),
    inside(first.timeMs, Infinity).slice(0, 9),
  );
  deepStrictEqual(
    await times(`endTime=${last.timeMs}&limit=9`),
    inside(0, last.timeMs).slice(-9),
  );
});

Deno.test("REST aggTrades refuses what is older than 48 hours, by time and by id", async () => {
  await using exchange = await oldExchange({ hours: 50, ratePerSecond: 0.05 });
  const truth = exchange.aggTrades("BTCUSDT");
  const tooOld = [400, -4166, "Search window is restricted to recent 2 days only."];
  const oldestMs = exchange.clockMs() - 48 * 3_600_000;
  deepStrictEqual(
    await refusal(exchange, `aggTrades?symbol=BTCUSDT&startTime=${oldestMs - 60_000}`),
    tooOld,
  );
  const old = truth.findLast(({ timeMs }) => timeMs < oldestMs)!;
  for (const id of [1, truth[0]!.tradeId, old.tradeId]) {
    deepStrictEqual(await refusal(exchange, `aggTrades?symbol=BTCUSDT&fromId=${id}`), tooOld);
  }
  const { status, body } = await get(
    exchange,
    `aggTrades?symbol=BTCUSDT&fromId=${
      truth.find(({ timeMs }) => timeMs > oldestMs + 60_000)!.tradeId
    }`,
  );
  strictEqual(status, 200);
  ok(body.length > 100);
});

Deno.test("REST aggTrades refuses what it no longer keeps rather than leave it out", async () => {
  await using exchange = await oldExchange({ keepAggTrades: 2_000 });
  const [oldest] = exchange.aggTrades("BTCUSDT");
  ok(exchange.aggTrades("BTCUSDT").length <= 2_000);
  const query = `aggTrades?symbol=BTCUSDT&startTime=${oldest!.timeMs - 1_000}`;
  strictEqual((await refusal(exchange, query))[1], -4166);
  strictEqual(
    (await refusal(exchange, `aggTrades?symbol=BTCUSDT&fromId=${oldest!.tradeId - 1}`))[1],
    -4166,
  );
  const kept = await get(exchange, `aggTrades?symbol=BTCUSDT&fromId=${oldest!.tradeId}&limit=2`);
  deepStrictEqual(kept.body.map(({ a }: Json) => a), [oldest!.tradeId, oldest!.tradeId + 1]);
});

Deno.test("REST klines agree with the trades", async () => {
  await using exchange = await oldExchange();
  const { body } = await get(exchange, "klines?symbol=BTCUSDT&interval=5m&limit=12");
  strictEqual(body.length, 12);
  const trades = exchange.trades("BTCUSDT");
  for (const [i, row] of body.entries()) {
    const [open, o, h, l, c, v, close, quote, count, takerBase, takerQuote, ignored] = row;
    if (i === body.length - 1) continue;
    strictEqual(open % 300_000, 0);
    strictEqual(close, open + 299_999);
    if (i > 0) strictEqual(open, body[i - 1][0] + 300_000);
    const members = trades.filter(({ timeMs }) => timeMs >= open && timeMs <= close);
    ok(members.length > 0);
    const prices = members.map(({ price }) => price);
    deepStrictEqual([o, h, l, c].map(Number), [
      prices[0],
      Math.max(...prices),
      Math.min(...prices),
      prices.at(-1),
    ]);
    const sum = (of: (t: (typeof members)[number]) => number) =>
      members.reduce((total, t) => total + of(t), 0);
    const near = (text: string, expected: number) =>
      ok(Math.abs(Number(text) - expected) <= 1e-9 * expected + 1e-12, `${text}, ${expected}`);
    near(v, sum((t) => t.quantity));
    near(quote, sum((t) => t.price * t.quantity));
    near(takerBase, sum((t) => t.takerSide === "buy" ? t.quantity : 0));
    near(takerQuote, sum((t) => t.takerSide === "buy" ? t.price * t.quantity : 0));
    deepStrictEqual([count, ignored], [members.length, "0"]);
  }
});

Deno.test("REST klines answers with ranges and the default of 500", async () => {
  await using exchange = await oldExchange({ hours: 26, ratePerSecond: 0.05 });
  const all = (await get(exchange, "klines?symbol=BTCUSDT&interval=1m&limit=1500")).body;
  strictEqual(all.length, 1_500);
  const query = "klines?symbol=BTCUSDT&interval=1m";
  deepStrictEqual((await get(exchange, query)).body.length, 500);
  const [from, to] = [all[10][0], all[20][0]];
  const range = (await get(exchange, `${query}&startTime=${from}&endTime=${to}`)).body;
  deepStrictEqual(range, all.slice(10, 21));
  const first = (await get(exchange, `${query}&startTime=${from}&limit=3`)).body;
  deepStrictEqual(first, all.slice(10, 13));
});

Deno.test("REST ticker/24hr answers for one symbol and for all", async () => {
  await using exchange = await oldExchange();
  const { body } = await get(exchange, "ticker/24hr?symbol=BTCUSDT");
  const last = exchange.trades("BTCUSDT").at(-1)!;
  deepStrictEqual([body.symbol, Number(body.lastPrice), body.lastId], [
    "BTCUSDT",
    last.price,
    last.tradeId,
  ]);
  strictEqual(body.priceChange, (body.lastPrice - body.openPrice).toFixed(2));
  ok(Number(body.lowPrice) <= Number(body.weightedAvgPrice));
  ok(Number(body.weightedAvgPrice) <= Number(body.highPrice));
  strictEqual(body.lastId - body.firstId + 1, body.count);
  const all = (await get(exchange, "ticker/24hr")).body;
  deepStrictEqual(all.map(({ symbol }: Json) => symbol), ["BTCUSDT", "ETHUSDT"]);
});

Deno.test("REST refuses with the venue's codes and words", async () => {
  await using exchange = await oldExchange();
  const cases: [string, [number, number, string]][] = [
    ["aggTrades?symbol=NOUSDT", [400, -1121, "Invalid symbol."]],
    ["aggTrades?symbol=btcusdt", [400, -1121, "Invalid symbol."]],
    ["aggTrades", [
      400,
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ]],
    ["aggTrades?symbol=BTCUSDT&limit=1001", [
      400,
      -1130,
      "Data sent for parameter 'limit' is not valid.",
    ]],
    ["klines?symbol=BTCUSDT&interval=1m&limit=1501", [
      400,
      -1130,
      "Data sent for parameter 'limit' is not valid.",
    ]],
    ["aggTrades?symbol=BTCUSDT&limit=x", [
      400,
      -1100,
      "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,20}$'.",
    ]],
    ["klines?symbol=BTCUSDT&interval=1s", [400, -1120, "Invalid interval."]],
    ["klines?symbol=BTCUSDT", [
      400,
      -1102,
      "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.",
    ]],
    ["aggTrades?symbol=BTCUSDT&startTime=2&endTime=1", [
      400,
      -1023,
      "Start time is greater than end time.",
    ]],
    ["nothing", [404, -5000, "Path /fapi/v1/nothing, Method GET is invalid"]],
  ];
  for (const [path, expected] of cases) {
    deepStrictEqual(await refusal(exchange, path), expected, path);
  }
});

Deno.test("REST charges weights, refused requests included, and refuses past 2400", async () => {
  await using exchange = await startExchange({
    // The minute is fresh: 2026-01-01 00:00:01.
    source: { seed: 1, symbols: 2, historyMs: 60_000, startMs: Date.UTC(2026, 0, 1, 0, 0, 1) },
  });
  await eventually(() => exchange.clockMs() > 0, "a clock");
  let used = 0;
  const costs: [string, number][] = [
    ["ping", 1],
    ["aggTrades?symbol=BTCUSDT&limit=1", 20],
    ["aggTrades?symbol=NOUSDT", 20],
    ["klines?symbol=BTCUSDT&interval=1m&limit=100", 1],
    ["klines?symbol=BTCUSDT&interval=1m&limit=101", 2],
    ["klines?symbol=BTCUSDT&interval=1m&limit=1000", 5],
    ["klines?symbol=BTCUSDT&interval=1m&limit=1001", 10],
    ["klines?symbol=BTCUSDT&interval=1m", 5],
    ["ticker/24hr?symbol=BTCUSDT", 1],
    ["ticker/24hr", 40],
    ["exchangeInfo", 1],
  ];
  for (const [path, weight] of costs) {
    used += weight;
    const { headers } = await get(exchange, path);
    strictEqual(headers.get("x-mbx-used-weight-1m"), String(used), path);
  }
  let answer: Answer;
  do answer = await get(exchange, "aggTrades?symbol=BTCUSDT&limit=1"); while (
    answer.status === 200
  );
  strictEqual(answer.status, 429);
  strictEqual(answer.body.code, -1003);
  match(answer.body.msg, /^Too many requests; current limit of IP\(127\.0\.0\.1\) is 2400/);
  const wait = Number(answer.headers.get("retry-after"));
  ok(wait > 30 && wait < 60, `retry after ${wait} s`);
  do answer = await get(exchange, "ping"); while (answer.status === 429);
  strictEqual(answer.status, 418);
  match(answer.body.msg, /^Way too many requests; IP\(127\.0\.0\.1\) banned until \d{13}\./);
  ok(Number(answer.headers.get("retry-after")) > 60);
});
