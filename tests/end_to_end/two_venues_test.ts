/** Two venues in one database as a user has them: one ingest, killed and started again. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { controlClient } from "../../lib/apps/control_client.ts";
import { openReader } from "../../lib/store/mod.ts";
import { run, start, until } from "../support/programs.ts";

const OKX = "okx:BTC-USDT-SWAP";

Deno.test("ingest takes trades of two venues, and goes on with each where it was killed", async () => {
  const folder = await Deno.makeTempDir();
  const database = `${folder}/tandem.db`;
  try {
    await using exchange = start(
      ...["exchange", "--port", "0", "--json", "--symbols", "2", "--rate", "200"] as const,
    );
    const { wsUrl, restUrl } = await exchange.json<{ wsUrl: string; restUrl: string }>();
    const places = [
      ...["--ws-url", wsUrl, "--rest-url", restUrl, "--db", database],
      ...["--okx-ws-url", wsUrl, "--okx-rest-url", restUrl, "--warm", "0"],
    ];
    const count = (symbol: string) => {
      try {
        using reader = openReader(database);
        return reader.trades({ symbol }).length;
      } catch {
        return 0;
      }
    };
    {
      await using ingest = start("ingest", "BTCUSDT", "OKX:btc-usdt-swap", ...places);
      await until(() => count("BTCUSDT") > 50 && count(OKX) > 100, 60_000);
      const added = await run("symbols", "add", "okx:ETH-USDT-SWAP", "--db", database);
      match(added.out, /^okx:ETH-USDT-SWAP /m);
      const refused = await run("symbols", "add", "bybit:BTCUSDT", "--db", database);
      match(refused.err, /Cannot add bybit:BTCUSDT as live trades come from Binance USD-M and OKX/);
      await until(() => count("okx:ETH-USDT-SWAP") > 20, 60_000);
      const { pid } = await controlClient(database);
      Deno.kill(pid, "SIGKILL");
      await ingest.stop();
    }
    const before = count(OKX);
    await using ingest = start("ingest", "okx:BTC-USDT-SWAP", ...places);
    await until(() => count(OKX) > before + 100, 60_000);
    strictEqual(await ingest.stop(), 0, ingest.err);

    using reader = openReader(database);
    deepStrictEqual(
      reader.symbols().map(({ venue, symbol, streamKind }) => [venue, symbol, streamKind]),
      [
        ["binance-usdm", "BTCUSDT", "aggTrade"],
        ["okx-swap", OKX, "trade"],
        ["okx-swap", "okx:ETH-USDT-SWAP", "trade"],
      ],
    );
    const trades = reader.trades({ symbol: OKX });
    trades.forEach((t, k) => strictEqual(t.tradeId, trades[0]!.tradeId + k));
    ok(reader.gaps(OKX).every((gap) => gap.venue === "okx-swap" && gap.state === "repaired"));
    ok(trades.every((t) => t.venue === "okx-swap" && t.quantity > 0));
    const verified = await run("verify", "--db", database);
    strictEqual(verified.code, 0, verified.out + verified.err);
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
      ...["ingest", "BTCUSDT", OKX, "--db", `${folder}/tandem.db`, "--ws-url", wsUrl] as const,
      ...["--rest-url", restUrl, "--okx-rest-url", `http://127.0.0.1:${okx.addr.port}`],
    );
    strictEqual(code, 1);
    match(err, /Cannot ingest from a simulated and a real exchange at once: .*--okx-rest-url/);
  } finally {
    await okx.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
