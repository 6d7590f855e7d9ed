import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  backtest,
  backtestMetrics,
  type BacktestResult,
  fundingColumns,
  type FundingRate,
  openColumn,
  pairBacktest,
} from "../../lib/backtest/mod.ts";
import { alignCloses, type AlignedRow, pairReadings } from "../../lib/pairs/mod.ts";
import { moments, ols } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal, uniform } from "../support/random.ts";
import { barsOf, pairCloses, pairRows } from "../pairs/bars.ts";

const DAILY = { periodsPerYear: 252 };

/** The rules of the experiment: in at 2, out at the mean, no costs. */
const RULES = { entry: 2, exit: 0, feeBps: 0 };

function rowsOf(y: readonly number[], x: readonly number[]): AlignedRow[] {
  return y.map((price, row) => ({
    row,
    openTimeMs: row * 86_400_000,
    y: price,
    x: x[row]!,
    stale: false,
    complete: true,
    revision: 0,
  }));
}

/** Two prices that have nothing to do with each other. */
function independentWalks(seed: number, count: number): AlignedRow[] {
  const next = normal(seed);
  const walk = () => {
    let level = Math.log(100);
    return Array.from({ length: count }, () => Math.exp(level += 0.01 * next()));
  };
  return rowsOf(walk(), walk());
}

/** The same trades on a hedge ratio, mean and deviation of the whole sample. */
function wholeSampleBacktest(rows: readonly AlignedRow[]): BacktestResult {
  const y = rows.map((row) => row.y);
  const x = rows.map((row) => row.x);
  const fit = ols(y.map(Math.log), x.map(Math.log));
  const residuals = fit.residuals!;
  const deviation = moments(residuals).deviation()!;
  return backtest(
    {
      y,
      x,
      zScore: residuals.map((spread) => spread / deviation),
      hedgeRatio: y.map(() => fit.slope!),
    },
    { ...RULES, sizing: "dollar" },
  );
}

/** Mean of the Sharpe ratios and its standard error. */
function meanSharpe(results: readonly BacktestResult[]): { mean: number; error: number } {
  const ratios = results.map((result) => backtestMetrics(result, DAILY).sharpe ?? 0);
  const { mean, deviation } = {
    mean: moments(ratios).mean!,
    deviation: moments(ratios).deviation()!,
  };
  return { mean, error: deviation / Math.sqrt(ratios.length) };
}

Deno.test("pairBacktest() earns nothing on independent walks; hindsight does", () => {
  const pairs = Array.from({ length: 400 }, (_, i) => independentWalks(7 * i + 1, 1_000));
  const honest = meanSharpe(pairs.map((rows) => pairBacktest(rows, { ...RULES, windowBars: 60 })));
  ok(honest.error < 0.04, `error ${honest.error}`);
  ok(Math.abs(honest.mean) < 3 * honest.error, `mean ${honest.mean} +- ${honest.error}`);
  const hindsight = meanSharpe(pairs.map(wholeSampleBacktest));
  ok(hindsight.mean > 0.5 && hindsight.mean > 10 * hindsight.error, `mean ${hindsight.mean}`);
});

Deno.test("pairBacktest() earns on pairs that do come back, also after costs", () => {
  const pairs = Array.from({ length: 20 }, (_, i) => {
    const next = normal(1_000 + i);
    let [level, spread] = [Math.log(100), 0];
    const legs = Array.from({ length: 1_500 }, () => {
      level += 0.01 * next();
      spread = 0.9 * spread + 0.01 * next();
      return { x: Math.exp(level), y: Math.exp(1 + 0.8 * level + spread) };
    });
    return rowsOf(legs.map((leg) => leg.y), legs.map((leg) => leg.x));
  });
  const results = pairs.map((rows) => pairBacktest(rows, { windowBars: 60, stop: 5 }));
  const { mean, error } = meanSharpe(results);
  ok(mean > 1 && mean > 5 * error, `mean ${mean} +- ${error}`);
});

Deno.test("pairBacktest() goes by pairReadings()", () => {
  const rows = pairRows(4, 300);
  const { readings } = pairBacktest(rows, { windowBars: 20, scale: "level" });
  deepStrictEqual(readings, pairReadings(rows, { windowBars: 20, scale: "level" }));
});

Deno.test("pairBacktest() sizes a ratio of logs by notionals, one of prices by units", () => {
  const rows = pairRows(4, 300);
  const [log] = pairBacktest(rows, { windowBars: 20, entry: 1.5 }).trades;
  const [level] = pairBacktest(rows, { windowBars: 20, entry: 1.5, scale: "level" }).trades;
  const ratioOf = (scale: "log" | "level", bar: number) =>
    pairReadings(rows, { windowBars: 20, scale })[bar]!.hedgeRatio!;
  const { quantityY, quantityX, entryY, entryX, entryBar } = log!;
  close(-quantityX * entryX / (quantityY * entryY), ratioOf("log", entryBar - 1), 1e-9);
  close(-level!.quantityX / level!.quantityY, ratioOf("level", level!.entryBar - 1), 1e-9);
});

Deno.test("pairBacktest() trades only where both legs do", () => {
  const { y, x } = pairCloses(9, 600);
  const rows = alignCloses(barsOf(y), barsOf(x), { intervalMs: 1_000, fill: "previous" });
  const { trades } = pairBacktest(rows, { windowBars: 20, entry: 1.5 });
  ok(trades.length > 10);
  for (const { entryBar, exitBar, reason } of trades) {
    strictEqual(rows[entryBar]!.stale, false);
    if (reason !== "end") strictEqual(rows[exitBar]!.stale, false);
  }
});

Deno.test("pairBacktest() does not harvest a price that is only carried forward", () => {
  // One price on two venues; the second trades in a tenth of the seconds.
  const next = normal(11);
  const chance = uniform(12);
  let level = Math.log(100);
  const prices = Array.from({ length: 5_000 }, () => Math.exp(level += 1e-4 * next()));
  const rare = prices.map((price) => chance() < 0.1 ? price * Math.exp(2e-5 * next()) : null);
  rare[0] = prices[0]!;
  const rows = alignCloses(barsOf(rare), barsOf(prices), { intervalMs: 1_000, fill: "previous" });
  const options = { windowBars: 60, entry: 1.5, feeBps: 0 };
  const blind = pairBacktest(rows.map((row) => ({ ...row, stale: false })), {
    ...options,
    fill: "close",
  });
  ok(blind.totalNet > 100, `${blind.totalNet}`);
  const { totalNet } = pairBacktest(rows, { ...options, fill: "close" });
  ok(Math.abs(totalNet) < blind.totalNet / 10, `${totalNet} of ${blind.totalNet}`);
});

Deno.test("pairBacktest() fills at opens and pays funding from bars and rates", () => {
  const { y, x } = pairCloses(9, 600);
  const bars = (closes: readonly (number | null)[]) =>
    barsOf(closes).map((bar) => ({ ...bar, open: bar.close - 0.01 }));
  const [yBars, xBars] = [bars(y), bars(x)];
  const rows = alignCloses(yBars, xBars, { intervalMs: 1_000, fill: "previous" });
  const rates = [100_000, 200_000, 300_000, 400_000].map((timeMs) => ({ timeMs, rate: 1e-4 }));
  const options = { windowBars: 20, entry: 1, fill: "next-open" as const };
  const { trades, funding, position } = pairBacktest(rows, options, {
    yOpen: openColumn(rows, yBars),
    xOpen: openColumn(rows, xBars),
    ...fundingColumns(rows, { y: rates }, 1_000),
  });
  for (const { entryBar, entryY } of trades) close(entryY, rows[entryBar]!.y - 0.01, 1e-12);
  const firstMs = rows[0]!.openTimeMs;
  const held = rates.map(({ timeMs }) => position[(timeMs - firstMs) / 1_000 - 1]!);
  ok(held.some((side) => side !== 0));
  ok(funding !== 0);
});

Deno.test("fundingColumns() gives a payment to the first row that ends after it, at its open or later", () => {
  const rows = [2_000, 3_000, 6_000].map((openTimeMs) => ({ openTimeMs, y: 100, x: 50 }));
  const all = (rates: readonly FundingRate[]) => {
    const { fundingX, laterFundingX, ...others } = fundingColumns(rows, { x: rates }, 1_000);
    deepStrictEqual(others, {});
    return [Array.from(fundingX!), Array.from(laterFundingX!)];
  };
  const due = (timeMs: number) => all([{ timeMs, rate: 1 }]);
  const none = [0, 0, 0];
  deepStrictEqual(due(1_999), [none, none]);
  deepStrictEqual(due(2_000), [[1, 0, 0], none]);
  deepStrictEqual(due(2_001), [none, [1, 0, 0]]);
  deepStrictEqual(due(2_999), [none, [1, 0, 0]]);
  deepStrictEqual(due(3_000), [[0, 1, 0], none]);
  deepStrictEqual(due(4_000), [[0, 0, 1], none]);
  deepStrictEqual(due(6_001), [none, [0, 0, 1]]);
  deepStrictEqual(due(7_000), [none, none]);
  const both = [{ timeMs: 6_000, rate: 2 }, { timeMs: 5_000, rate: 1 }];
  deepStrictEqual(all(both), [[0, 0, 3], none]);
  const backwards = [{ timeMs: 6_000, rate: 2 }, { timeMs: 2_500, rate: 1 }];
  deepStrictEqual(all(backwards), [[0, 0, 2], [1, 0, 0]]);
  const priced = [{ timeMs: 3_000, rate: 1, price: 60 }, { timeMs: 6_500, rate: 1, price: 40 }];
  deepStrictEqual(all(priced), [[0, 1.2, 0], [0, 0, 0.8]]);
  strictEqual(fundingColumns([], { y: both }, 1_000).fundingY!.length, 0);
});
