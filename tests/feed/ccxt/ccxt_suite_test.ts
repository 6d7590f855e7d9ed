// deno-lint-ignore-file no-console -- why tests are skipped is printed
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ExchangeFaults, FaultSocket } from "../../../lib/exchange/mod.ts";
import { TradeNames } from "../../../lib/feed/ccxt/trade_names.ts";
import { readRow } from "../../../lib/feed/ccxt/trade_row.ts";
import { ccxtFeed, CcxtRest } from "../../../lib/feed/mod.ts";
import { Recorder } from "../support/recorder.ts";
import { withExchange } from "../support/run.ts";
import { CcxtGateway, whyNoCcxt } from "../support/ccxt_gateway.ts";
import { ccxtSubject } from "../support/ccxt_subject.ts";
import { feedSuite, randomFaultTest } from "../support/feed_suite.ts";

const reason = await whyNoCcxt();
if (reason !== null) {
  console.log(`skipped: feeds through ccxt, as it cannot be had: ${reason}`);
} else {
  let gateway: CcxtGateway;
  Deno.test.beforeAll(async () => {
    gateway = await CcxtGateway.start();
  });
  Deno.test.afterAll(() => gateway[Symbol.asyncDispose]());
  const subject = ccxtSubject(() => gateway);
  feedSuite(subject);
  randomFaultTest(subject);

  Deno.test("CcxtRest.trades() brings as many as a venue gives, in contracts that are base units here", async () => {
    await withExchange({}, async (exchange) => {
      await gateway.reach(exchange, ["okx"]);
      const rest = new CcxtRest("okx", { baseUrl: gateway.url });
      const instrument = (await rest.instruments()).instruments
        .find(({ symbol }) => symbol === "okx:BTC/USDT:USDT")!;
      // The venue refuses more than 500, and gives 100 where nothing is said.
      const rows = await rest.trades("BTC/USDT:USDT", null, 1_000);
      strictEqual(rows.length, 100);
      const truth = new Map(
        exchange.trades("BTCUSDT", "okx-swap").map((t) => [String(t.tradeId), t]),
      );
      for (const row of rows) {
        const names = new TradeNames();
        const context = { venue: "okx", instrument, names, receivedMs: Date.now() };
        const reading = readRow(row, { ...context, source: "rest" });
        ok(reading.kind === "trade");
        const { timeMs, price, quantity, takerSide } = truth.get(reading.name)!;
        deepStrictEqual(
          { ...reading.trade, timeMs, price, quantity, takerSide },
          reading.trade,
        );
      }
    });
  });

  Deno.test("ccxtFeed() goes on without a gap when a venue refuses another symbol of the connection", async () => {
    const sockets = new Set<FaultSocket>();
    await withExchange(keptIn(sockets), async (exchange) => {
      await gateway.reach(exchange, ["bybit"]);
      const symbols = ["bybit:BTC/USDT:USDT", "bybit:ETH/USDT:USDT"];
      const rest = new CcxtRest("bybit", { baseUrl: gateway.url });
      const { instruments } = await rest.instruments();
      const stop = new AbortController();
      const recorder = new Recorder(ccxtFeed({
        ...{ venue: "bybit", symbols, rest, connectSpacingMs: 20, signal: stop.signal },
        instruments: new Map(instruments.map((i) => [i.symbol, i])),
      }));
      const count = () => Math.min(...symbols.map((symbol) => recorder.ids(symbol).length));
      try {
        await recorder.until("trades", () => count() > 5);
        // Without the id of a request: ccxt tells everyone who waits.
        const refusal = { success: false, ret_msg: "handler not found: NONEUSDT", op: "subscribe" };
        for (const socket of sockets) socket.send(JSON.stringify(refusal));
        await recorder.until(
          "the refusal",
          () => recorder.messages("notice").some((text) => text.includes("NONEUSDT")),
        );
        const before = count();
        await recorder.until("more trades", () => count() > before + 5);
        deepStrictEqual(recorder.gaps, []);
      } finally {
        stop.abort();
        await recorder.ended;
      }
    });
  });

  // ccxt tells single trades of Binance's sockets and aggregates of its REST.
  Deno.test("ccxtFeed() says that what REST tells otherwise than the socket is lost", async () => {
    const sockets = new Set<FaultSocket>();
    await withExchange(keptIn(sockets), async (exchange) => {
      await gateway.reach(exchange, ["binanceusdm"]);
      const symbol = "binanceusdm:BTC/USDT:USDT";
      const rest = new CcxtRest("binanceusdm", { baseUrl: gateway.url });
      const { instruments } = await rest.instruments();
      const stop = new AbortController();
      const feed = ccxtFeed({
        ...{ venue: "binanceusdm", symbols: [symbol], rest, checkMs: 300, reorderMs: 50 },
        ...{ connectSpacingMs: 20, signal: stop.signal },
        instruments: new Map(instruments.map((i) => [i.symbol, i])),
      });
      const recorder = new Recorder(feed);
      try {
        await recorder.until("trades", () => recorder.ids(symbol).length > 20);
        for (const socket of sockets) socket.close(1011, "gone");
        await recorder.until("the loss", () => recorder.gaps.some((gap) => gap.endsWith("lost")));
        ok(recorder.trades.every(({ source }) => source === "ws"), "REST was not believed");
        strictEqual(new Set(recorder.ids(symbol)).size, recorder.ids(symbol).length);
        match(recorder.messages("notice").join(), /tells other trades than its socket/);
      } finally {
        stop.abort();
        await recorder.ended;
      }
    });
  });
}

/** Has the venue's sockets at hand, to speak on them and to close them. */
function keptIn(sockets: Set<FaultSocket>): ExchangeFaults {
  return {
    connect(socket) {
      sockets.add(socket);
      return { send: ({ text }) => socket.send(text), closed: () => sockets.delete(socket) };
    },
  };
}
