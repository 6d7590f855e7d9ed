import { deepStrictEqual } from "node:assert/strict";
import { Pipeline } from "../../lib/apps/ingest/pipeline.ts";
import { takeUp } from "../../lib/apps/ingest/take_up.ts";
import { firstOfSequence, sequenceId, type Trade } from "../../lib/market/mod.ts";
import { openWriter } from "../../lib/store/mod.ts";

const MS = 1_795_810_402_844;

function trade(venue: string, symbol: string, tradeId: number, timeMs: number): Trade {
  const rest = { price: 1, quantity: 1, takerSide: "buy", source: "ws" } as const;
  return { venue, symbol, tradeId, timeMs, ...rest };
}

Deno.test("takeUp() opens what may be missing of the last millisecond through ccxt, and of no other", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const identity = { pid: 1, host: "here", startedAtMs: 0, simulated: true };
    using writer = openWriter(`${folder}/tandem.db`, { identity });
    const pipeline = new Pipeline("binance-usdm", writer);
    const [before, first, last] = [[MS - 1, 9], [MS, 400], [MS, 900]].map(
      ([ms, place]) => sequenceId(ms!, place!),
    ) as [number, number, number];
    const opened = (venue: string, symbol: string) => {
      writer.register(venue, symbol, "trade");
      takeUp(symbol, pipeline, writer);
      deepStrictEqual(writer.openGaps(symbol), [], "nothing is stored yet");
      writer.write({
        trades: [before, first, last].map((id) =>
          trade(venue, symbol, id, id === before ? MS - 1 : MS)
        ),
      });
      takeUp(symbol, pipeline, writer);
      return writer.openGaps(symbol).map((g) => [g.venue, g.firstMissingId, g.lastMissingId]);
    };
    deepStrictEqual(opened("ccxt-kraken", "kraken:BTC/USD:USD"), [
      ["ccxt-kraken", firstOfSequence(last), first - 1],
      ["ccxt-kraken", first + 1, last - 1],
    ]);
    // There places are in the order of the trades.
    deepStrictEqual(opened("bybit-linear", "bybit:BTCUSDT"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
