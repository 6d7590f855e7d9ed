import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { BinanceRest, RestError, WeightLimiter } from "../../lib/feed/mod.ts";
import { row, timeOf, Venue } from "./support/venue.ts";

/** A client of an exchange that answers every request with what a test wants. */
async function withAnswer(
  answer: (url: URL) => Response,
  body: (rest: BinanceRest, venue: Venue) => Promise<void>,
  options: { timeoutMs?: number; limiter?: WeightLimiter; now?: () => number } = {},
): Promise<void> {
  await using venue = new Venue();
  venue.onRest = answer;
  await body(new BinanceRest({ baseUrl: venue.restUrl, ...options }), venue);
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) => () =>
  Response.json(value, { status, headers });

Deno.test("BinanceRest.aggTrades() asks by id and returns trades in id order", async () => {
  await using venue = new Venue();
  venue.keep("BTCUSDT", 1, 2, 3, 4);
  const rest = new BinanceRest({ baseUrl: `${venue.restUrl}/` });
  const page = await rest.aggTrades({ symbol: "BTCUSDT", fromId: 2, limit: 2 });
  strictEqual(`${venue.queries[0]}`, "symbol=BTCUSDT&fromId=2&limit=2");
  deepStrictEqual(page.trades.map((t) => [t.tradeId, t.source]), [[2, "rest"], [3, "rest"]]);
  deepStrictEqual(page.trades[0], {
    venue: "binance-usdm",
    symbol: "BTCUSDT",
    tradeId: 2,
    timeMs: timeOf(2),
    price: 100.02,
    quantity: 0.5,
    takerSide: "sell",
    source: "rest",
  });
});

Deno.test("BinanceRest.aggTrades() sets rows aside that are no trades, under their ids", async () => {
  const rows = [row(4), row(1), row(2, { p: "0" }), row(3, { q: "x" })];
  await withAnswer(json(rows), async (rest) => {
    const page = await rest.aggTrades({ symbol: "BTCUSDT" });
    deepStrictEqual(page.trades.map((t) => t.tradeId), [1, 4]);
    deepStrictEqual(page.rejected.map((r) => [r.tradeId, r.frame.reason]), [
      [2, "price not positive"],
      [3, "wrong type"],
    ]);
    match(page.rejected[0]!.frame.raw, /"a":2,"p":"0"/);
  });
});

Deno.test("BinanceRest refuses answers of another shape", async () => {
  const answers = ['{"a":1}', "[5]", '[{"p":"1"}]', "[null]", '[{"a":1,"p":"1', ""];
  for (const body of answers) {
    await withAnswer(() => new Response(body), async (rest) => {
      await rejects(rest.aggTrades({ symbol: "BTCUSDT" }), (error) => {
        ok(error instanceof RestError && error.isTemporary, body);
        match(error.message, /gave an answer that cannot be read/);
        return true;
      });
    });
  }
  await withAnswer(json({ serverTime: "soon" }), async (rest) => {
    await rejects(rest.time(), /cannot be read: serverTime/);
  });
});

Deno.test("BinanceRest.exchangeInfo() keeps new values and leaves out contracts it cannot read", async () => {
  const contract = {
    symbol: "BTCUSDT",
    baseAsset: "BTC",
    quoteAsset: "USDT",
    contractType: "PERPETUAL",
    status: "TRADING_HALT",
    filters: [
      { filterType: "PRICE_FILTER", tickSize: "0.10" },
      { filterType: "LOT_SIZE", stepSize: "0.001" },
      { filterType: "SOMETHING_NEW", limit: 5 },
    ],
    underlyingType: "NEW",
  };
  const symbols = [
    { ...contract, st: 1 },
    { ...contract, symbol: "BTCUSD_PERP", st: 2 },
    { ...contract, symbol: "X", filters: [] },
    { symbol: 5 },
    null,
  ];
  await withAnswer(json({ futuresType: "U_MARGINED", symbols }), async (rest) => {
    deepStrictEqual(await rest.exchangeInfo(), [{
      venue: "binance-usdm",
      symbol: "BTCUSDT",
      baseAsset: "BTC",
      quoteAsset: "USDT",
      contractType: "PERPETUAL",
      status: "TRADING_HALT",
      tickSize: 0.1,
      stepSize: 0.001,
    }]);
  });
});

Deno.test("BinanceRest.klines() and ticker24hr() read what the exchange documents", async () => {
  const kline = [60_000, "1.5", "2", "1", "1.8", "10", 119_999, "15.5", 7, "4", "6.2", "0"];
  await withAnswer(json([kline]), async (rest) => {
    deepStrictEqual(await rest.klines({ symbol: "BTCUSDT", interval: "1m", limit: 1 }), [{
      openTimeMs: 60_000,
      closeTimeMs: 119_999,
      open: 1.5,
      high: 2,
      low: 1,
      close: 1.8,
      volume: 10,
      quoteVolume: 15.5,
      tradeCount: 7,
      takerBuyVolume: 4,
    }]);
  });
  const day = { symbol: "BTCUSDT", lastId: 9, count: 5, lastPrice: "2.5", quoteVolume: "12" };
  const read = {
    symbol: "BTCUSDT",
    lastTradeId: 9,
    tradeCount: 5,
    lastPrice: 2.5,
    quoteVolume: 12,
  };
  await withAnswer(json(day), async (rest) => {
    deepStrictEqual(await rest.ticker24hr("BTCUSDT"), [read]);
  });
  await withAnswer(json([day, day]), async (rest) => {
    deepStrictEqual(await rest.ticker24hr(), [read, read]);
  });
});

Deno.test("BinanceRest tells the exchange's refusals apart", async () => {
  const cases: [number, number, boolean, RegExp][] = [
    [400, -4166, false, /answered 400: "because"$/],
    [451, 0, false, /answered 451, this place may not use the exchange: "because"$/],
    [403, 0, true, /answered 403, its firewall refuses this address: "because"$/],
    [429, -1003, true, /answered 429, too many requests: "because"$/],
    [418, -1003, true, /answered 418, it has banned this address for a while: "because"$/],
    [503, -1008, true, /answered 503: "because"$/],
  ];
  for (const [status, code, isTemporary, message] of cases) {
    await withAnswer(json({ code, msg: "because" }, status), async (rest) => {
      await rejects(rest.time(), (error) => {
        ok(error instanceof RestError);
        deepStrictEqual([error.status, error.code, error.isTemporary], [status, code, isTemporary]);
        match(error.message, message);
        return true;
      });
    });
  }
  await withAnswer(() => new Response("<html>", { status: 502 }), async (rest) => {
    await rejects(rest.time(), /answered 502: no reason given$/);
  });
});

Deno.test("BinanceRest holds every request back as long as a 429 demands", async () => {
  let nowMs = 60_000;
  const answers = [
    json({ code: -1003, msg: "slow down" }, 429, { "retry-after": "0.05" }),
    json({ serverTime: 5 }),
  ];
  await withAnswer(() => answers.shift()!(), async (rest) => {
    await rejects(rest.time(), (error) => error instanceof RestError && error.retryAfterMs === 50);
    const startMs = performance.now();
    const later = setTimeout(() => nowMs += 50, 30);
    strictEqual(await rest.time(), 5);
    clearTimeout(later);
    ok(performance.now() - startMs >= 49);
  }, { now: () => nowMs });
});

Deno.test("BinanceRest asks nothing more while it is banned", async () => {
  let nowMs = 0;
  let requests = 0;
  const banned = json({ code: -1003, msg: "banned" }, 418, { "retry-after": "90" });
  await withAnswer(() => (requests++, banned()), async (rest) => {
    await rejects(rest.time(), /answered 418/);
    nowMs = 60_000;
    await rejects(rest.time(), /for 30 s: it has banned this address$/);
    strictEqual(requests, 1);
    nowMs = 90_000;
    await rejects(rest.time(), /answered 418/);
    strictEqual(requests, 2);
  }, { now: () => nowMs });
});

Deno.test("BinanceRest believes the weight the exchange counts", async () => {
  const limiter = new WeightLimiter(100);
  const answer = json({ serverTime: 5 }, 200, { "x-mbx-used-weight-1m": "95" });
  await withAnswer(answer, async (rest) => {
    await rest.time();
    strictEqual(limiter.charge(6, 1_000), 59_000);
    strictEqual(limiter.charge(5, 1_000), 0);
  }, { limiter, now: () => 1_000 });
});

Deno.test("BinanceRest gives up on a slow answer and on a body that never ends", async () => {
  const never = new ReadableStream({
    start: (c) => c.enqueue(new TextEncoder().encode('{"serverTime":')),
  });
  await withAnswer(() => new Response(never), async (rest) => {
    await rejects(rest.time(), /\/fapi\/v1\/time did not answer within 0\.05 s$/);
  }, { timeoutMs: 50 });
});

Deno.test("BinanceRest ends with its caller's signal", async () => {
  const controller = new AbortController();
  await withAnswer(() => {
    controller.abort(new Error("enough"));
    return new Response(new ReadableStream());
  }, async (rest) => {
    await rejects(rest.time(controller.signal), /enough/);
  });
});
