import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Trade } from "../../lib/market/mod.ts";
import { openReader, openWriter, StoreError } from "../../lib/store/mod.ts";
import { postgresTest } from "../support/postgres_server.ts";
import { Wire } from "./support/wire.ts";

const VENUE = "binance-usdm";
const identity = { pid: 7, host: "here", startedAtMs: 1_000, simulated: false };

const batch = (from: number, count: number) => ({
  trades: Array.from({ length: count }, (_, k): Trade => ({
    ...{ venue: VENUE, symbol: "BTCUSDT", tradeId: from + k, timeMs: from + k, price: 100 },
    ...{ quantity: 1, takerSide: "buy", source: "ws" },
  })),
  quality: [{ venue: VENUE, symbol: "BTCUSDT", received: count }],
});

function isSilence(error: unknown): boolean {
  ok(error instanceof StoreError && error.code === "offline", `${error}`);
  ok(error.message.includes("does not answer"), error.message);
  return true;
}

postgresTest(
  "a server that does not answer is said to, and what was under way is written once",
  async (database, server) => {
    using wire = await Wire.to(server.port);
    const url = new URL(database);
    url.port = String(wire.port);
    using writer = openWriter(url.href, { identity });
    writer.register(VENUE, "BTCUSDT", "aggTrade");
    writer.write(batch(1, 10));
    using reader = openReader(url.href);
    const ids = () => reader.trades({ symbol: "BTCUSDT" }).map((t) => t.tradeId);
    strictEqual(ids().length, 10);
    // A query that takes its time is another thing: the server answers others meanwhile.
    const locked = server.sql(
      url.pathname.slice(1),
      "BEGIN; LOCK tandem.trade_days; SELECT pg_sleep(2.5); COMMIT",
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    strictEqual(ids().length, 10);
    await locked;

    wire.swallow(true);
    throws(() => writer.write(batch(11, 10)), isSilence);
    throws(() => openReader(url.href), isSilence);
    wire.swallow(false);
    deepStrictEqual(writer.write(batch(11, 15)), { storedTrades: 15 });
    deepStrictEqual(ids(), Array.from({ length: 25 }, (_, k) => k + 1));
    const [counted] = reader.quality();
    deepStrictEqual([counted?.received, counted?.stored], [25, 25]);
  },
);
