import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Exchange, startExchange } from "tandem/exchange";
import { dataTest } from "../support/shared.ts";
import { eventually, type Json, openUnread, standstill, TestSocket } from "./support/socket.ts";

const START_MS = 1_721_347_020_000;

interface Captured {
  readonly timeMs: number;
  readonly symbol?: string;
  readonly id: number;
  readonly price?: string;
  readonly quantity?: string;
  readonly kind?: string;
  readonly takerSold?: boolean;
}

/** A captured trade; the local clock is 1.5 s behind. */
function line(
  {
    timeMs,
    symbol = "BTCUSDT",
    id,
    price = "100.0",
    quantity = "1.5",
    kind = "MARKET",
    takerSold = false,
  }: Captured,
): string {
  const E = START_MS + timeMs;
  return `${
    E - 1_500
  }000000 {"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${E},` +
    `"T":${E},"s":"${symbol}","t":${id},"p":"${price}","q":"${quantity}","X":"${kind}","m":${takerSold}}}`;
}

async function withCapture(
  lines: readonly string[],
  body: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, lines.join("\n") + "\n");
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

async function rest(exchange: Exchange, path: string): Promise<Json> {
  return await (await fetch(`${exchange.restUrl}/fapi/v1/${path}`)).json();
}

Deno.test("A replay waits for a subscriber to every symbol, and its clock stands", () =>
  withCapture([
    line({ timeMs: 0, id: 1 }),
    line({ timeMs: 10, id: 7, symbol: "ETHUSDT" }),
    line({ timeMs: 20, id: 2 }),
  ], async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    deepStrictEqual(exchange.symbols, ["BTCUSDT", "ETHUSDT"]);
    deepStrictEqual(exchange.awaiting(), [
      { symbol: "BTCUSDT", streams: ["btcusdt@trade", "btcusdt@aggTrade", "btcusdt@kline_1m"] },
      { symbol: "ETHUSDT", streams: ["ethusdt@trade", "ethusdt@aggTrade", "ethusdt@kline_1m"] },
    ]);
    strictEqual((await rest(exchange, "time")).serverTime, START_MS);
    await using market = await TestSocket.open(`${exchange.wsUrl}/market/stream`);
    await market.ask("SUBSCRIBE", ["btcusdt@trade", "ETHUSDT@aggTrade"]);
    strictEqual(exchange.awaiting().length, 2);
    await market.ask("SUBSCRIBE", ["ethusdt@aggTrade"]);
    deepStrictEqual(exchange.awaiting().map(({ symbol }) => symbol), ["BTCUSDT"]);
    strictEqual(exchange.trades("ETHUSDT").length, 0);
    strictEqual(exchange.clockMs(), START_MS);
    await using socket = await TestSocket.open(`${exchange.wsUrl}/public/stream`);
    await socket.ask("SUBSCRIBE", ["btcusdt@trade"]);
    await exchange.finished;
    await market.until(() => market.payloads("ethusdt@aggTrade").length === 1, "the aggregate");
    await socket.until(() => socket.payloads("btcusdt@trade").length === 2, "both trades");
    await market.ask("UNSUBSCRIBE", ["ethusdt@aggTrade"]);
    deepStrictEqual(exchange.awaiting(), []);
  }));

Deno.test("A replay sends frames as captured, and counts lines that are none", () => {
  const lines = [
    line({ timeMs: 0, id: 1 }),
    `${START_MS}000000 {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":${
      START_MS + 5
    },"b":[["1.0","2"]]}}`,
    `${START_MS}000001 {"lastUpdateId":5,"bids":[]}`,
    `${START_MS + 1}000000 {"data":{"E":${
      START_MS + 9
    },"e":"depthUpdate"},"stream":"btcusdt@depth"}`,
  ];
  return withCapture(lines, async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    strictEqual(exchange.skippedLines, 1);
    await using socket = await TestSocket.open(`${exchange.wsUrl}/public/stream`);
    await socket.ask("SUBSCRIBE", ["btcusdt@trade", "btcusdt@depth@0ms", "btcusdt@depth"]);
    await exchange.finished;
    await socket.until(() => socket.texts.length === 4, "three frames");
    const json = lines.map((text) => text.slice(text.indexOf(" ") + 1));
    const reordered = `{"stream":"btcusdt@depth","data":{"E":${START_MS + 9},"e":"depthUpdate"}}`;
    deepStrictEqual(socket.texts.slice(1), [json[0], json[1], reordered]);
  });
});

Deno.test("A replay sends bare payloads to raw sockets", () => {
  const only = line({ timeMs: 0, id: 1 });
  return withCapture([only], async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    await using socket = await TestSocket.open(`${exchange.wsUrl}/public/ws/btcusdt@trade`);
    await socket.until(() => socket.texts.length === 1, "the frame");
    strictEqual(`{"stream":"btcusdt@trade","data":${socket.texts[0]}}`, only.split(" ")[1]);
  });
});

Deno.test("A replay derives aggregates by the rule, without trades that are not of the market", () =>
  withCapture([
    line({ timeMs: 0, id: 1, quantity: "0.5" }),
    line({ timeMs: 99, id: 2, quantity: "0.25" }),
    line({ timeMs: 99, id: 3, price: "0", quantity: "0", kind: "NA" }),
    line({ timeMs: 99, id: 4, price: "250", kind: "INSURANCE_FUND" }),
    line({ timeMs: 100, id: 5 }),
    line({ timeMs: 101, id: 6, takerSold: true }),
    line({ timeMs: 102, id: 7, takerSold: true, price: "100.1" }),
    line({ timeMs: 5_000, id: 8 }),
  ], async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    await using socket = await TestSocket.open(
      `${exchange.wsUrl}/market/stream?streams=btcusdt@aggTrade`,
    );
    await exchange.finished;
    await socket.until(() => socket.frames.length === 5, "five aggregates");
    const [first] = socket.payloads("btcusdt@aggTrade");
    deepStrictEqual(Object.keys(first).join(), "e,E,a,s,p,q,nq,f,l,T,m,st");
    deepStrictEqual(
      socket.payloads("btcusdt@aggTrade").map(({ a, p, q, f, l, T, m }) => [
        a - first.a,
        p,
        q,
        f,
        l,
        T - START_MS,
        m,
      ]),
      [
        [0, "100.0", "0.75", 1, 2, 0, false],
        [1, "100.0", "1.50", 5, 5, 100, false],
        [2, "100.0", "1.50", 6, 6, 101, true],
        [3, "100.1", "1.50", 7, 7, 102, true],
        [4, "100.0", "1.50", 8, 8, 5_000, false],
      ],
    );
    const rows = await rest(exchange, `aggTrades?symbol=BTCUSDT&fromId=${first.a}`);
    deepStrictEqual(rows.map(({ f }: Json) => f), [1, 5, 6, 7, 8]);
    const [kline] = await rest(exchange, "klines?symbol=BTCUSDT&interval=1m&limit=1");
    deepStrictEqual(kline.slice(1, 6), ["100.0", "100.1", "100.0", "100.0", "6.75"]);
    strictEqual(kline[8], 6);
  }));

Deno.test("A replay of aggregates keeps them as they are", () => {
  const aggregate = (a: number, f: number, l: number) =>
    `${START_MS + a}000000 {"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":${
      START_MS + a
    },` +
    `"a":${a},"s":"BTCUSDT","p":"1.5","q":"2","f":${f},"l":${l},"T":${START_MS + a},"m":false}}`;
  const lines = [aggregate(5, 10, 12), aggregate(6, 13, 13), aggregate(6, 13, 13)];
  return withCapture(lines, async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    await using socket = await TestSocket.open(
      `${exchange.wsUrl}/market/stream?streams=btcusdt@aggTrade`,
    );
    await exchange.finished;
    await socket.until(() => socket.texts.length === 3, "every captured frame");
    deepStrictEqual(socket.texts, lines.map((text) => text.slice(text.indexOf(" ") + 1)));
    const rows = await rest(exchange, "aggTrades?symbol=BTCUSDT");
    deepStrictEqual(rows.map(({ a, f, l }: Json) => [a, f, l]), [[5, 10, 12], [6, 13, 13]]);
  });
});

Deno.test("A replay at a speed takes its time, follows the capture's clock and runs on", () =>
  withCapture(
    Array.from({ length: 50 }, (_, i) => line({ timeMs: 100 * i, id: i })),
    async (path) => {
      const startedAt = performance.now();
      await using exchange = await startExchange({
        source: { files: [path], speed: 10, start: "now" },
      });
      const clocks: number[] = [];
      let isOver = false;
      exchange.finished.then(() => isOver = true);
      await eventually(() => {
        clocks.push(exchange.clockMs() - START_MS);
        return isOver;
      }, "the end");
      const tookMs = performance.now() - startedAt;
      ok(tookMs >= 480, `4.9 s at ten times the speed took ${tookMs} ms`);
      ok(clocks.every((clock, i) => i === 0 || clock >= clocks[i - 1]!));
      ok(clocks.filter((clock) => clock > 1_000 && clock < 4_000).length >= 3, `${clocks}`);
      await eventually(() => exchange.clockMs() >= START_MS + 4_900 + 200, "time after the end");
      strictEqual(exchange.trades("BTCUSDT").length, 50);
    },
  ));

Deno.test("A replay does not outrun a client that reads slowly", () => {
  const frames = 60_000;
  const filler = "9".repeat(400);
  const lines = Array.from(
    { length: frames },
    (_, i) =>
      `${START_MS}${
        String(i).padStart(6, "0")
      } {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker",` +
      `"E":${START_MS + i},"u":${i},"s":"BTCUSDT","b":"${filler}"}}`,
  );
  return withCapture(lines, async (path) => {
    await using exchange = await startExchange({ source: { files: [path], speed: "max" } });
    using client = await openUnread(exchange, "btcusdt@bookTicker");
    await eventually(() => exchange.clockMs() > START_MS, "a beginning");
    const seen = await standstill(() => exchange.clockMs(), "a standstill");
    ok(seen < START_MS + frames - 1, "everything was sent to a client that does not read");
    let isOver = false;
    exchange.finished.then(() => isOver = true);
    const buffer = new Uint8Array(65_536);
    while (!isOver && await client.read(buffer) !== null);
    ok(exchange.clockMs() >= START_MS + frames - 1);
  });
});

Deno.test("A replay refuses bad files and speeds in a sentence", async () => {
  const start = (speed: number, files = ["no/such/file.gz"]) =>
    startExchange({ source: { files, speed } });
  await rejects(start(1), /Cannot replay "no\/such\/file\.gz" as there is no such file/);
  for (const speed of [0, -1, NaN]) await rejects(start(speed), RangeError);
});

Deno.test("A replay ends when it is disposed while it waits or plays", () =>
  withCapture(
    [line({ timeMs: 0, id: 1 }), line({ timeMs: 3_600_000, id: 2 })],
    async (path) => {
      for (const start of ["subscribed", "now"] as const) {
        const exchange = await startExchange({ source: { files: [path], start } });
        await exchange[Symbol.asyncDispose]();
        await exchange.finished;
      }
    },
  ));

dataTest("A replay of captured lines puts every trade on the wire once", async (folder) => {
  const day = `${folder}/binance-usdm-2024-07`;
  const files = ["btcusdt_20240719", "ethusdt_20240718", "ethusdt_20240719", "btcusdt_20240718"]
    .map((name) => `${day}/${name}.gz`);
  await using exchange = await startExchange({ source: { files, speed: "max" } });
  deepStrictEqual(exchange.symbols, ["BTCUSDT", "ETHUSDT"]);
  strictEqual(exchange.skippedLines, 2);
  strictEqual(exchange.clockMs(), 1_721_347_022_504);
  await using derived = await TestSocket.open(
    `${exchange.wsUrl}/market/stream?streams=btcusdt@aggTrade`,
  );
  await using socket = await TestSocket.open(`${exchange.wsUrl}/public/stream`);
  await socket.ask("SUBSCRIBE", ["btcusdt@trade", "btcusdt@depth@0ms", "ethusdt@trade"]);
  await exchange.finished;
  await socket.until(() => socket.frames.length === 1 + 24_356 + 9_022, "every frame");
  const ids = (stream: string) => socket.payloads(stream).map(({ t }) => t);
  const range = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);
  deepStrictEqual(ids("btcusdt@trade"), range(5_182_005_737, 10_701));
  deepStrictEqual(ids("ethusdt@trade"), range(4_217_896_584, 13_655));
  // Counted over the files by the rule on trade times alone.
  await derived.until(() => derived.frames.length === 4_393, "every aggregate");
  strictEqual(exchange.aggTrades("ETHUSDT").length, 4_469);
  strictEqual(exchange.trades("ETHUSDT").length, 13_655);
  ok(exchange.clockMs() >= 1_721_347_502_291);
});
