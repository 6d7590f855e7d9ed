import { deepStrictEqual, throws } from "node:assert/strict";
import { attach, pair } from "../../lib/notebook/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";

Deno.test("pair().basis() compares one asset at two venues, and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
  const legs = [["binance-usdm", "BTCUSDT"], ["bybit-linear", "bybit:BTCUSDT"], [
    "binance-usdm",
    "ETHUSDT",
  ]] as const;
  const closes = [[80_000, 80_000, 80_000], [80_040, null, 79_992], [3_000, 3_000, 3_000]];
  try {
    using writer = openWriter(`${folder}/tandem.db`, { identity });
    for (const [venue, symbol] of legs) writer.register(venue, symbol, "trade");
    writer.write({
      bars: legs.flatMap(([venue, symbol], k) =>
        closes[k]!.flatMap((close, bar) =>
          close === null ? [] : {
            ...{ venue, symbol, intervalMs: 1_000, openTimeMs: bar * 1_000 },
            ...{ open: close, high: close, low: close, close, volume: 1, quoteVolume: close },
            ...{ tradeCount: 1, takerBuyVolume: 1, firstTradeId: bar, lastTradeId: bar },
            ...{ complete: true, revision: 0 },
          }
        )
      ),
    });
    using _reader = attach({ db: `${folder}/tandem.db` });
    const basis = pair("BYBIT:btcusdt", "BTCUSDT", { interval: "1s" }).basis();
    deepStrictEqual(basis.map(({ openTimeMs, basisBps }) => [openTimeMs, basisBps]), [
      ...[[0, 5], [1_000, null], [2_000, -1]],
    ]);
    throws(
      () => pair("bybit:BTCUSDT", "ETHUSDT", { interval: "1s" }).basis(),
      /Cannot tell the basis of bybit:BTCUSDT and ETHUSDT as they are not prices of one asset/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
