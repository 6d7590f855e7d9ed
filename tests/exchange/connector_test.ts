import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { startExchange } from "tandem/exchange";
import { USDMClient, WebsocketClient, WS_KEY_MAP } from "npm:binance@3.6.5";
import { eventually, type Json } from "./support/socket.ts";

// A connector that nobody here wrote; 11 MB with its dependencies, for this test only.

Deno.test("npm:binance subscribes over routed sockets and receives aggregate trades", async () => {
  await using exchange = await startExchange({ source: { seed: 2, symbols: 2 } });
  const silent = { trace: () => {}, info: () => {}, error: () => {} };
  const client = new WebsocketClient({ wsUrl: exchange.wsUrl }, silent);
  const received: Json[] = [];
  const failures: unknown[] = [];
  client.on("message", (message) => received.push(message));
  client.on("exception", (failure) => failures.push(failure));
  await client.subscribe(["btcusdt@aggTrade", "ethusdt@aggTrade"], WS_KEY_MAP.usdmMarket);
  const of = (symbol: string) => received.filter(({ e, s }) => e === "aggTrade" && s === symbol);
  await eventually(() => of("BTCUSDT").length >= 5 && of("ETHUSDT").length >= 2, "trades");
  client.closeAll(true);
  deepStrictEqual(of("BTCUSDT").slice(0, 5).map(({ a }) => a - of("BTCUSDT")[0].a), [
    0,
    1,
    2,
    3,
    4,
  ]);
  deepStrictEqual(failures, []);
});

Deno.test("npm:binance reads REST", async () => {
  await using exchange = await startExchange({ source: { seed: 2, symbols: 2 } });
  const client = new USDMClient({ baseUrl: exchange.restUrl });
  ok(Math.abs(await client.getServerTime() - exchange.clockMs()) < 5_000);
  const info = await client.getExchangeInfo();
  deepStrictEqual(info.symbols.map(({ symbol }) => symbol), ["BTCUSDT", "ETHUSDT"]);
  const trades = await client.getAggregateTrades({ symbol: "BTCUSDT", limit: 10 });
  strictEqual(trades.length, 10);
  const klines = await client.getKlines({ symbol: "BTCUSDT", interval: "1m", limit: 3 });
  strictEqual(klines.length, 3);
  const refused = await client.getAggregateTrades({ symbol: "NOUSDT" }).catch((error) => error);
  deepStrictEqual([refused.code, refused.message], [-1121, "Invalid symbol."]);
});
