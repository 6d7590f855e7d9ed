import { deepStrictEqual } from "node:assert/strict";
import { recentTrades } from "../../lib/apps/ingest/recent_trades.ts";
import type { Trade } from "../../lib/market/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";

const NOW = 1_795_810_402_844;

/** The ids that are remembered of trades so many seconds ago, each named by its place. */
async function remembered(symbol: string, secondsAgo: readonly number[]): Promise<number[]> {
  const folder = await Deno.makeTempDir();
  try {
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    using writer = openWriter(`${folder}/tandem.db`, { identity });
    const venue = symbol.startsWith("bybit:") ? "bybit-linear" : "binance-usdm";
    writer.register(venue, symbol, "trade");
    writer.write({
      trades: secondsAgo.map((ago, k): Trade => ({
        ...{ venue, symbol, tradeId: k + 1, timeMs: NOW - ago * 1_000, price: 1, quantity: 1 },
        ...{ takerSide: "buy", source: "ws" },
      })),
    });
    return recentTrades(symbol, writer).map(({ tradeId }) => tradeId);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("recentTrades() gives those of the last minute, and the one before them", async () => {
  const bybit = "bybit:BTCUSDT";
  deepStrictEqual(await remembered(bybit, [900, 400, 200, 80, 30, 0]), [3, 4, 5, 6]);
  // Rarely traded: something may have been left out between the last two.
  deepStrictEqual(await remembered(bybit, [9_000, 3_600, 0]), [2, 3]);
  deepStrictEqual(await remembered(bybit, [20, 0]), [1, 2], "there is none before");
  deepStrictEqual(await remembered(bybit, []), []);
  const many = Array.from({ length: 1_200 }, (_, k) => (1_199 - k) / 100);
  deepStrictEqual((await remembered(bybit, many)).length, 1_000);
  deepStrictEqual(await remembered("BTCUSDT", [20, 0]), [], "there ids are counted");
});
