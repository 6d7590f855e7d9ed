/** Three venues in one database as a user has them: one ingest, cut off, killed and started again. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import { startExchange } from "../../lib/exchange/mod.ts";
import { openReader } from "../../lib/store/mod.ts";
import { BINANCE, BYBIT, OKX } from "../feed/support/subjects.ts";
import { run, start, until } from "../support/programs.ts";
import { startCuttable } from "./support/cuttable.ts";

const SUBJECTS = [BINANCE, OKX, BYBIT];
const BTC = SUBJECTS.map(({ symbols }) => symbols[0]);

Deno.test("ingest takes trades of three venues, and goes on with each where it was cut off and killed", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  // So slow that all of it is among the last 1,000 trades while the program starts again.
  const { exchange: started, cut } = await startCuttable(80);
  await using exchange = started;
  const { wsUrl, restUrl } = exchange;
  const places = [
    ...["--ws-url", wsUrl, "--rest-url", restUrl, "--db", database, "--warm", "0"],
    ...["--okx-ws-url", wsUrl, "--okx-rest-url", restUrl],
    ...["--bybit-ws-url", wsUrl, "--bybit-rest-url", restUrl],
  ];
  const count = (symbol: string) => {
    try {
      using reader = openReader(database);
      return reader.trades({ symbol }).length;
    } catch {
      return 0;
    }
  };
  const more = (symbols: readonly string[], than: readonly number[], by: number) =>
    until(() => symbols.every((symbol, k) => count(symbol) > than[k]! + by), 60_000);
  try {
    {
      await using ingest = start("ingest", "BTCUSDT", "OKX:btc-usdt-swap", BTC[2]!, ...places);
      await more(BTC, [0, 0, 0], 20);
      const added = await run("symbols", "add", "okx:ETH-USDT-SWAP", "--db", database);
      match(added.out, /^okx:ETH-USDT-SWAP /m);
      const before = BTC.map(count);
      cut();
      await more([...BTC, "okx:ETH-USDT-SWAP"], [...before, 0], 20);
      Deno.kill((await controlClient(database)).pid, "SIGKILL");
      await ingest.stop();
    }
    const before = BTC.map(count);
    await using ingest = start("ingest", ...BTC, ...places);
    await more(BTC, before, 60);
    using reader = openReader(database);
    const isOpen = (symbol: string) => reader.gaps(symbol).some(({ state }) => state === "open");
    await until(() => !BTC.some(isOpen));
    strictEqual(await ingest.stop(), 0, ingest.err);

    deepStrictEqual(
      reader.symbols().map(({ venue, symbol, streamKind }) => [venue, symbol, streamKind]),
      [
        ["binance-usdm", "BTCUSDT", "aggTrade"],
        ["bybit-linear", "bybit:BTCUSDT", "trade"],
        ["okx-swap", "okx:BTC-USDT-SWAP", "trade"],
        ["okx-swap", "okx:ETH-USDT-SWAP", "trade"],
      ],
    );
    for (const { symbols: [symbol], natives: [native], venue, truth } of SUBJECTS) {
      const stored = reader.trades({ symbol });
      const [firstId, lastId] = [stored[0]!.tradeId, stored.at(-1)!.tradeId];
      const traded = truth(exchange, native, symbol)
        .filter(({ tradeId }) => tradeId >= firstId && tradeId <= lastId);
      const facts = ({ tradeId, timeMs, price, quantity, takerSide }: typeof stored[0]) =>
        [tradeId, timeMs, price, quantity, takerSide].join(" ");
      deepStrictEqual(stored.map(facts), traded.map(facts), symbol);
      const gaps = reader.gaps(symbol);
      ok(gaps.length > 0, "what was missed was a gap");
      const isFine = gaps.every((g) => g.venue === venue.code && g.state === "repaired");
      ok(isFine, JSON.stringify(gaps));
      const bars = reader.bars({ symbol, intervalMs: 1_000 });
      strictEqual(bars.some(({ complete }) => complete), venue.promises.unproven === null, symbol);
    }
    const verified = await run("verify", "--db", database);
    strictEqual(verified.code, 0, verified.out + verified.err);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ingest refuses inverse contracts of other venues with a sentence", async () => {
  const folder = await Deno.makeTempDir();
  await using exchange = await startExchange({ source: { seed: 3, symbols: 1 } });
  const { wsUrl, restUrl } = exchange;
  try {
    for (const symbol of ["okx:BTC-USD-SWAP", "bybit:BTCUSD"]) {
      const { code, err } = await run(
        ...["ingest", symbol, "--db", `${folder}/tandem.db`] as const,
        ...["--okx-ws-url", wsUrl, "--okx-rest-url", restUrl],
        ...["--bybit-ws-url", wsUrl, "--bybit-rest-url", restUrl],
      );
      strictEqual(code, 1);
      match(err, /Cannot ingest .* as it is an inverse contract, .*: name the linear one/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ingest refuses a simulated and a real exchange in one database", async () => {
  const folder = await Deno.makeTempDir();
  await using exchange = start("exchange", "--port", "0", "--json", "--symbols", "1");
  const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
  const okx = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ code: "0", msg: "", data: [] }),
  );
  try {
    const { code, err } = await run(
      ...["ingest", "BTCUSDT", BTC[1]!, "--db", `${folder}/tandem.db`, "--ws-url", wsUrl] as const,
      ...["--rest-url", restUrl, "--okx-rest-url", `http://127.0.0.1:${okx.addr.port}`],
    );
    strictEqual(code, 1);
    match(err, /Cannot ingest from a simulated and a real exchange at once: .*--okx-rest-url/);
  } finally {
    await okx.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
