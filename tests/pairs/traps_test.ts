/**
 * The ten ways in which statistics of pairs flatter, and that the defaults here do not fall into
 * them. Tested elsewhere:
 *
 * - hindsight (1): `pairBacktest() earns nothing on independent walks; hindsight does`
 * - prices against logs (2): `a ratio of logs hedges as notionals, not as units`
 * - annualized seconds (4): `one-second bars read bid-ask bounce as volatility, one-minute bars hardly`
 * - forward fill (5), also: `pairBacktest() does not harvest a price that is only carried forward`
 * - fine grids (7): `hayashiYoshida() keeps the correlation that a fine grid loses`
 * - survivors (8), also: `who looks at survivors only sees a profit that all listings did not make`
 * - costs (9): `backtest() charges neither four times the gross nor the net notional`
 *
 * @module
 */
import { ok, strictEqual } from "node:assert/strict";
import { alignCloses, engleGrangerBoth, pairReadings } from "../../lib/pairs/mod.ts";
import { adf, correctPValues, engleGranger, pearson } from "../../lib/stats/mod.ts";
import { normal, uniform } from "../support/random.ts";
import { barsOf } from "./bars.ts";

function walk(next: () => number, count: number, step = 1e-3): number[] {
  let level = 4;
  return Array.from({ length: count }, () => level += step * next());
}

Deno.test("trap 3: residuals of a regression need their own table, and have it", () => {
  const next = normal(3);
  const rejected = { none: 0, constant: 0, ours: 0 };
  const lags = { lagChoice: "fixed", maxLag: 1 } as const;
  for (let run = 0; run < 400; run++) {
    const test = engleGranger(walk(next, 250), walk(next, 250), lags);
    if (adf(test.residuals, { ...lags, trend: "n" }).pValue! < 0.05) rejected.none++;
    if (adf(test.residuals, { ...lags, trend: "c" }).pValue! < 0.05) rejected.constant++;
    if (test.pValue! < 0.05) rejected.ours++;
  }
  ok(rejected.none > 160, `${rejected.none} of 400 by the table without a constant`);
  ok(rejected.constant > 32, `${rejected.constant} of 400 by that with one`);
  ok(rejected.ours < 32, `${rejected.ours} of 400 by ours`);
});

Deno.test("trap 5: one price on a quiet venue is marked stale, and without fill has no spread", () => {
  const chance = uniform(5);
  const price = walk(normal(6), 2_000, 1e-4).map(Math.exp);
  const quiet = price.map((value) => chance() < 0.1 ? value : null);
  const readings = (fill: "previous" | "drop") =>
    pairReadings(
      alignCloses(barsOf(quiet), barsOf(price), { intervalMs: 1_000, fill }),
      { windowBars: 60 },
    );
  const filled = readings("previous").slice(200);
  ok(filled.some(({ zScore }) => Math.abs(zScore!) > 2), "the filled spread looks like a trade");
  ok(filled.every(({ staleShare }) => staleShare > 0.7));
  const common = readings("drop").slice(125);
  ok(common.length > 40);
  for (const { zScore, reason } of common) {
    strictEqual(zScore, null);
    ok(/the spread is rounding|the spread did not move/.test(reason!));
  }
});

Deno.test("trap 6: bars are paired by their times, not by their places", () => {
  const next = normal(7);
  const common = Array.from({ length: 1_000 }, next);
  const price = () => {
    let level = 5;
    return common.map((shock) => Math.exp(level += 0.01 * (0.85 * shock + 0.5 * next())));
  };
  const [y, x] = [barsOf(price()), barsOf(price()).slice(1)];
  const correlation = (pairs: readonly { y: number; x: number }[]) => {
    const changes = (leg: "y" | "x") =>
      pairs.slice(1).map((pair, t) => Math.log(pair[leg] / pairs[t]![leg]));
    return pearson(changes("y"), changes("x")).coefficient!;
  };
  const byPlace = correlation(x.map((bar, i) => ({ y: y[i]!.close, x: bar.close })));
  const byTime = correlation(alignCloses(y, x, { intervalMs: 1_000, fill: "previous" }));
  ok(Math.abs(byPlace) < 0.1, `${byPlace} by place`);
  ok(byTime > 0.65, `${byTime} by time`);
});

Deno.test("trap 8: a leg that ends keeps its fall, and is not carried on after it", () => {
  const next = normal(8);
  const other = walk(next, 400).map(Math.exp);
  const falling = walk(next, 300).map((log, t) => Math.exp(t < 290 ? log : log - 0.2 * (t - 289)));
  const rows = alignCloses(barsOf(falling), barsOf(other), { intervalMs: 1_000, fill: "previous" });
  strictEqual(rows.length, 300);
  strictEqual(rows.at(-1)!.y, falling.at(-1)!);
  ok(rows.every(({ stale }) => !stale));
  const readings = pairReadings(rows, { windowBars: 60 });
  ok(readings.at(-10)!.zScore! < -3, "the fall looks like an entry");
  ok(readings.at(-1)!.spread! < readings.at(-10)!.spread!, "and costs what it costs");
});

Deno.test("trap 10: of 4,950 unrelated pairs hundreds look right, and none is left corrected", () => {
  const next = normal(11);
  const walks = Array.from({ length: 100 }, () => walk(next, 120));
  const options = { lagChoice: "fixed", maxLag: 1 } as const;
  const best: number[] = [];
  const doubled: number[] = [];
  for (let i = 0; i < walks.length; i++) {
    for (let j = 0; j < i; j++) {
      const both = engleGrangerBoth(walks[i]!, walks[j]!, options);
      best.push(Math.min(both.yOnX.test.pValue!, both.xOnY.test.pValue!));
      doubled.push(both.pValue!);
    }
  }
  const share = (list: readonly number[]) => list.filter((p) => p < 0.05).length / list.length;
  strictEqual(best.length, 4_950);
  ok(share(best) > 0.06, `${share(best)} by the better direction`);
  ok(share(doubled) < 0.06, `${share(doubled)} doubled`);
  for (const method of ["benjamini-hochberg", "bonferroni"] as const) {
    strictEqual(correctPValues(doubled, { method, alpha: 0.05 }).discoveries, 0);
  }
});
