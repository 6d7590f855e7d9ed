import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { startExchange } from "tandem/exchange";
import { eventually, standstill, TestSocket } from "./support/socket.ts";

const source = { seed: 5, symbols: 2, ratePerSecond: 1_000, historyMs: 1_000 };

Deno.test("Exchange.list() adds a symbol that streams, is told by REST and counts from its first id", async () => {
  await using exchange = await startExchange({ source });
  await using client = await TestSocket.open(`${exchange.wsUrl}/market/ws/新币usdt@aggTrade`);
  const path = `/fapi/v1/aggTrades?symbol=${encodeURIComponent("新币USDT")}`;
  strictEqual((await (await fetch(exchange.restUrl + path)).json()).code, -1121);
  exchange.list("新币USDT");
  deepStrictEqual(exchange.symbols, ["BTCUSDT", "ETHUSDT", "新币USDT"]);
  await client.until(() => client.frames.length > 20, "trades");
  const truth = exchange.aggTrades("新币USDT");
  strictEqual(client.frames[0].a, truth[0]!.tradeId);
  const rows = await (await fetch(exchange.restUrl + path)).json();
  strictEqual(rows[0].a, truth[0]!.tradeId);
  throws(() => exchange.list("BTCUSDT"), /has listed it before/);
  throws(() => exchange.list("lower"), RangeError);
});

Deno.test("Exchange.delist() ends a symbol: its stream is silent, REST keeps what was traded", async () => {
  await using exchange = await startExchange({ source });
  await using client = await TestSocket.open(`${exchange.wsUrl}/market/ws/ethusdt@aggTrade`);
  await client.until(() => client.frames.length > 5, "trades");
  exchange.delist("ETHUSDT");
  const count = await standstill(() => client.frames.length, "silence");
  const last = exchange.aggTrades("ETHUSDT").at(-1)!.tradeId;
  strictEqual(client.frames[count - 1].a, last);
  const info = await (await fetch(`${exchange.restUrl}/fapi/v1/exchangeInfo`)).json();
  strictEqual(info.symbols[1].status, "SETTLING");
  const url = `${exchange.restUrl}/fapi/v1/aggTrades?symbol=ETHUSDT&limit=1`;
  strictEqual((await (await fetch(url)).json())[0].a, last);
  const before = exchange.aggTrades("BTCUSDT").length;
  await eventually(() => exchange.aggTrades("BTCUSDT").length > before, "others go on");
  ok(!exchange.symbols.includes("ETHUSDT"));
  throws(() => exchange.delist("ETHUSDT"), /it must trade: its status is SETTLING/);
  throws(() => exchange.delist("NOSUCHUSDT"), RangeError);
});
