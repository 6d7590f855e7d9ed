import { deepStrictEqual } from "node:assert/strict";
import { chainsOfFeed } from "../../lib/apps/log/feed_chains.ts";
import { firstOfSequence, type Gap, sequenceId } from "../../lib/market/mod.ts";

const MS = 1_795_810_402_844;
const LAST = sequenceId(MS, 900);

function gap(firstMissingId: number, lastMissingId: number): Gap {
  return {
    ...{ venue: "ccxt-kraken", symbol: "kraken:BTC/USD:USD", firstMissingId, lastMissingId },
    ...{ openedAtMs: MS, closedAtMs: null, state: "open" },
  };
}

/** The gaps with which a feed of a symbol goes on, as ids. */
function gapsOf(symbol: string, openGaps: readonly Gap[]) {
  return chainsOfFeed({ [symbol]: { lastId: LAST, openGaps } }).openGaps(symbol)
    .map(({ firstMissingId, lastMissingId }) => [firstMissingId, lastMissingId]);
}

Deno.test("chainsOfFeed() asks for the last millisecond again through ccxt, beside what is open", () => {
  const first = firstOfSequence(LAST);
  const kraken = "kraken:BTC/USD:USD";
  deepStrictEqual(gapsOf(kraken, []), [[first, LAST - 1]]);
  const [older, within, after] = [
    gap(first - 9_000, first - 8_000),
    gap(first - 5, first + 100),
    gap(LAST + 1, LAST + 7),
  ];
  deepStrictEqual(gapsOf(kraken, [older, within, after]), [
    ...[[first - 9_000, first - 8_000], [first - 5, first + 100]],
    ...[[first + 101, LAST - 1], [LAST + 1, LAST + 7]],
  ]);
  deepStrictEqual(gapsOf(kraken, [gap(first, LAST - 1)]), [[first, LAST - 1]]);
  // There places are in the order of the trades.
  deepStrictEqual(gapsOf("bybit:BTCUSDT", []), []);
});

Deno.test("chainsOfFeed() goes on after what is stored, and begins what nobody has stored", () => {
  const chains = chainsOfFeed({
    "bybit:BTCUSDT": { lastId: LAST, openGaps: [], sureId: LAST - 50 },
    BTCUSDT: { lastId: 7, openGaps: [] },
  });
  deepStrictEqual([...chains.lastIds], [["bybit:BTCUSDT", LAST], ["BTCUSDT", 7]]);
  const symbols = ["bybit:BTCUSDT", "BTCUSDT", "ETHUSDT"];
  deepStrictEqual(symbols.map(chains.sureId), [LAST - 50, null, null]);
  deepStrictEqual(symbols.map(chains.openGaps), [[], [], []]);
});
