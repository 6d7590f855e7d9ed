import { ok, strictEqual } from "node:assert/strict";
import { pairBacktest, type PairTrade } from "../../lib/backtest/mod.ts";
import { alignCloses, type CloseBar } from "../../lib/pairs/mod.ts";
import { moments } from "../../lib/stats/mod.ts";
import { normal, uniform } from "../support/random.ts";
import { barsOf } from "../pairs/bars.ts";

const BARS = 500;
const SYMBOLS = 400;
/** A listing ends where this share of its first price is left. */
const DELISTED = 0.15;

/** Bars of a symbol that fades from some bar on, and is delisted once it has lost 85 %. */
function listing(seed: number): CloseBar[] {
  const next = normal(seed);
  const chance = uniform(seed + 1);
  const prices: number[] = [];
  let log = 0;
  let isFading = false;
  while (prices.length < BARS && log > Math.log(DELISTED)) {
    isFading ||= chance() < 1 / 600;
    log += 0.03 * next() - (isFading ? 0.03 : 0);
    prices.push(100 * Math.exp(log));
  }
  return barsOf(prices);
}

/** The trades of a symbol against the market, as they come by default, without costs. */
function tradesOf(symbol: readonly CloseBar[], market: readonly CloseBar[]): readonly PairTrade[] {
  const rows = alignCloses(symbol, market, { intervalMs: 1_000, fill: "previous" });
  strictEqual(rows.at(-1)!.openTimeMs, symbol.at(-1)!.openTimeMs, "carried on after its end");
  return pairBacktest(rows, { windowBars: 40, entry: 2, exit: 0, feeBps: 0 }).trades;
}

function meanTrade(trades: readonly PairTrade[]): { mean: number; error: number } {
  const percent = moments(trades.map(({ net }) => net / 100));
  return { mean: percent.mean!, error: percent.deviation()! / Math.sqrt(trades.length) };
}

Deno.test("trap 8: who looks at survivors only sees a profit that all listings did not make", () => {
  const next = normal(7);
  let log = 0;
  const market = barsOf(Array.from({ length: BARS }, () => 50 * Math.exp(log += 0.01 * next())));
  const listings = Array.from({ length: SYMBOLS }, (_, i) => listing(10 * i + 1));
  const trades = listings.map((bars) => tradesOf(bars, market));
  const survived = (i: number) => listings[i]!.length === BARS;
  const survivors = meanTrade(trades.filter((_, i) => survived(i)).flat());
  const all = meanTrade(trades.flat());
  const left = listings.filter((_, i) => survived(i)).length;
  ok(left > 120 && left < 260, `${left} of ${SYMBOLS} survive`);
  ok(Math.abs(survivors.mean) < 3 * survivors.error, `survivors ${JSON.stringify(survivors)}`);
  ok(all.mean < -5 * all.error, `all ${JSON.stringify(all)}`);
  const worse = survivors.mean - all.mean;
  ok(worse > 5 * Math.hypot(survivors.error, all.error), `${worse} % of a trade is missing`);
});

Deno.test("trap 8: a position in a symbol that is delisted is closed at its last price", () => {
  const next = normal(9);
  let log = 0;
  const market = barsOf(Array.from({ length: BARS }, () => 50 * Math.exp(log += 0.01 * next())));
  let closed = 0;
  for (let i = 0; i < SYMBOLS / 4; i++) {
    const bars = listing(10 * i + 1);
    const last = tradesOf(bars, market).at(-1);
    if (bars.length === BARS || last?.reason !== "end") continue;
    closed++;
    strictEqual(last.exitBar, bars.length - 1);
    strictEqual(last.exitY, bars.at(-1)!.close);
  }
  ok(closed > 10, `${closed} positions`);
});
