import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ExchangeFaults } from "../../lib/exchange/mod.ts";
import { bybitFrameParser, BybitRest } from "../../lib/feed/mod.ts";
import { sequenceId, type Trade } from "../../lib/market/mod.ts";
import { Run, withExchange } from "./support/run.ts";
import { BYBIT } from "./support/subjects.ts";

const BTC = "bybit:BTCUSDT";

/** Lets REST give so many trades and no more, as if more had been traded since. */
function shortReach(rows: () => number): ExchangeFaults {
  return {
    async response(path, response) {
      if (path !== "/v5/market/recent-trade") return response;
      const answer = await response.json();
      // What is beyond the reach takes the place of what is not there.
      const { list } = answer.result;
      const kept = list.slice(0, rows());
      const filled = [...kept, ...Array(Math.max(0, list.length - kept.length)).fill(kept.at(-1))];
      answer.result.list = filled;
      return Response.json(answer, { headers: { server: "tandem-exchange" } });
    },
  };
}

Deno.test("bybitFeed() says that what REST does not reach is lost, and loses nothing else", async () => {
  await withExchange(shortReach(() => 20), async (exchange) => {
    let known: Trade[];
    {
      await using run = await Run.start(BYBIT, exchange, { symbols: [BTC] });
      await run.recorder.until("trades", () => run.recorder.ids(BTC).length > 10);
      known = run.recorder.trades;
    }
    const size = exchange.trades("BTCUSDT").length;
    while (exchange.trades("BTCUSDT").length < size + 1_200) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const lastId = known.at(-1)!.tradeId;
    const options = { symbols: [BTC], lastIds: new Map([[BTC, lastId]]) };
    await using run = await Run.start(BYBIT, exchange, options);
    await run.recorder.until("trades after the gap", () => run.recorder.ids(BTC).length > 40);
    const firstId = run.recorder.ids(BTC)[0]!;
    deepStrictEqual(run.recorder.gaps.filter((gap) => gap.endsWith("lost")), [
      `${lastId + 1}-${firstId - 1} lost`,
    ]);
    match(
      run.recorder.messages("notice").join("\n"),
      /BTCUSDT: what was traded from the last known trade to 20\d\d-.*Z is lost: older than the last 1,000/,
    );
    // From the first one on it has them all.
    run.holdsAll("BTCUSDT", BTC);
    ok(run.truth("BTCUSDT", BTC, [...known, ...run.recorder.trades]).length > 1_000);
  }, 3_000);
});

Deno.test("bybitFeed() repairs as far as REST reaches, beyond the first gap too", async () => {
  let dropped = 0;
  const faults: ExchangeFaults = {
    frame: ({ stream, text }) =>
      stream === "publicTrade.BTCUSDT" && ++dropped > 20 && dropped <= 60 ? null : text,
  };
  await withExchange(faults, async (exchange) => {
    // Nothing is asked before the connection is cut but what a dead stream calls for.
    await using run = await Run.start(BYBIT, exchange, { symbols: [BTC], quietMs: 200 });
    const isAll = () =>
      run.isWhole(BTC) && dropped > 80 &&
      run.truth("BTCUSDT", BTC, run.recorder.trades).length === run.recorder.trades.length;
    await run.recorder.until("all", isAll);
    run.holdsAll("BTCUSDT", BTC);
    ok(run.recorder.trades.some(({ source }) => source === "rest"));
  });
});

Deno.test("bybitFeed() finds what was dropped as too much was waiting", async () => {
  await withExchange({}, async (exchange) => {
    await using run = await Run.start(BYBIT, exchange, { symbols: [BTC], queueCapacity: 2 });
    await run.recorder.until("trades", () => run.recorder.ids(BTC).length > 10);
    run.recorder.hold();
    await new Promise((resolve) => setTimeout(resolve, 500));
    run.recorder.release();
    await run.recorder.until(
      "the word",
      () => run.recorder.messages("notice").some((m) => m.includes("frames were dropped")),
    );
    const before = run.recorder.ids(BTC).length;
    await run.recorder.until(
      "all",
      () => run.isWhole(BTC) && run.recorder.ids(BTC).length > before + 20,
    );
    run.holdsAll("BTCUSDT", BTC);
  });
});

const row = (seq: number | undefined, id: string, changes: object = {}) => ({
  ...{ T: 1_400, s: "BTCUSDT", S: "Buy", v: "0.03", p: "83091.7", i: id, BT: false, seq },
  ...changes,
});
const frame = (...data: unknown[]) =>
  JSON.stringify({ topic: "publicTrade.BTCUSDT", type: "snapshot", ts: 1_405, data });

/** An id for a trade, `n` and an id for one that is none, the reason for a row that was set aside. */
function brief(parse: ReturnType<typeof bybitFrameParser>, text: string) {
  return parse(text, 1_410).map((part) =>
    part.kind === "trade"
      ? part.trade.tradeId
      : part.kind === "nonMarket"
      ? `n${part.tradeId}`
      : part.kind === "quarantine"
      ? part.frame.reason
      : part.kind
  );
}

Deno.test("bybitFrameParser() gives a trade the same id in whatever message it comes", () => {
  const all = [row(7, "a"), row(7, "b"), row(8, "c"), row(8, "d"), row(8, "e")];
  const ids = [[7, 0], [7, 1], [8, 0], [8, 1], [8, 2]].map(([s, p]) => sequenceId(s!, p!));
  deepStrictEqual(brief(bybitFrameParser(), frame(...all)), ids);
  const parse = bybitFrameParser();
  // A number goes on in the next message; two sockets tell the same in turn.
  deepStrictEqual(brief(parse, frame(...all.slice(0, 4))), ids.slice(0, 4));
  deepStrictEqual(brief(parse, frame(...all.slice(0, 4))), ids.slice(0, 4));
  deepStrictEqual(brief(parse, frame(all[4])), ids.slice(4));
  deepStrictEqual(brief(parse, frame(all[4])), ids.slice(4));
  // Numbers are those of a symbol.
  const other = frame(row(8, "x", { s: "ETHUSDT" })).replace("Trade.BTC", "Trade.ETH");
  deepStrictEqual(brief(parse, other), [sequenceId(8, 0)]);
});

Deno.test("bybitFrameParser() sets rows aside whose place is not known, and those behind them", () => {
  const parse = bybitFrameParser();
  deepStrictEqual(
    brief(parse, frame(row(7, "a"), row(undefined, "b"), row(7, "c"))),
    [sequenceId(7, 0), "missing field", "unknown place"],
  );
  deepStrictEqual(brief(parse, frame(row(9, "a"), null)), [sequenceId(9, 0), "wrong type"]);
  deepStrictEqual(
    brief(parse, frame(row(9, "b", { s: "ETHUSDT" }), row(9, "c"))),
    ["unknown symbol", "unknown place"],
  );
  deepStrictEqual(brief(parse, frame(row(3e12, "a"))), ["wrong type"]);
  // A row that is no trade has its place all the same.
  deepStrictEqual(
    brief(parse, frame(row(10, "a", { p: "0" }), row(10, "b"), row(10, "c", { BT: true }))),
    ["price not positive", sequenceId(10, 1), `n${sequenceId(10, 2)}`],
  );
});

Deno.test("bybitFrameParser() reads answers, times, and nothing from what is none", () => {
  const parse = bybitFrameParser();
  deepStrictEqual(
    parse('{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"","op":"ping"}', 1),
    [],
  );
  deepStrictEqual(parse('{"topic":"tickers.BTCUSDT","type":"delta","ts":1405,"data":{}}', 1), [
    { kind: "time", eventTimeMs: 1_405 },
  ]);
  for (const text of ["null", "7", "{}", '{"topic":"x","ts":1}', '{"topic":"publicTrade.X"}']) {
    strictEqual(parse(text, 1)[0]?.kind, "quarantine", text);
  }
});

Deno.test("BybitRest.recent() leaves out the trades that share the oldest number, unless all are there", async () => {
  await withExchange({}, async (exchange) => {
    const rest = new BybitRest({ baseUrl: exchange.restUrl });
    while (exchange.trades("BTCUSDT").length < 60) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { items, sinceId } = await rest.recent(BTC, 40);
    ok(items.length > 0 && items.length < 40);
    ok(sinceId !== null);
    const truth = BYBIT.truth(exchange, "BTCUSDT", BTC);
    const ids = items.map((item) => item.kind === "trade" ? item.trade.tradeId : NaN);
    ok(ids.every((id) => id > sinceId));
    deepStrictEqual(
      truth.filter(({ tradeId }) => tradeId >= ids[0]! && tradeId <= ids.at(-1)!)
        .map(({ tradeId }) => tradeId),
      ids,
    );
    const [instrument] = await rest.instruments();
    deepStrictEqual([instrument?.symbol, instrument?.contractType], [BTC, "LinearPerpetual"]);
    const kline = await fetch(
      `${exchange.restUrl}/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&limit=2`,
    );
    const { result: { list: [[openTimeMs, , , , close]] } } = await kline.json();
    strictEqual(Number(openTimeMs) % 60_000, 0);
    ok(Number(close) > 0);
  });
});
