import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  backtest,
  pairBacktest,
  readingColumns,
  sweepBacktest,
  sweepInParallel,
} from "../../lib/backtest/mod.ts";
import { type AlignedRow, pairReadings } from "../../lib/pairs/mod.ts";
import { moments } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

/** Two legs whose spread keeps a share of itself from bar to bar; 1 leaves them unrelated. */
function legs(seed: number, count: number, kept: number): AlignedRow[] {
  const next = normal(seed);
  let [level, spread] = [Math.log(100), 0];
  return Array.from({ length: count }, (_, row) => {
    level += 0.01 * next();
    spread = kept * spread + 0.01 * next();
    const prices = { x: Math.exp(level), y: Math.exp(1 + 0.8 * level + spread) };
    const rest = { stale: row % 50 === 7, complete: row % 9 > 0, revision: 0 };
    return { row: row + 3, openTimeMs: (row + 3) * 60_000, ...prices, ...rest };
  });
}

const GRID = { entries: [1, 1.5, 2, 2.5], exits: [0, 0.5, 1], windows: [20, 40] };
const OPTIONS = { periodsPerYear: 252, feeBps: 2, stop: 6, blocks: 8 };

Deno.test("sweepBacktest() runs every cell as backtest() does, over the bars all can trade", () => {
  const rows = legs(1, 900, 0.9);
  const { cells, fromBar, nobs } = sweepBacktest(rows, GRID, OPTIONS);
  // an exit at its entry is left out
  strictEqual(cells.length, 2 * (2 + 3 + 3 + 3));
  strictEqual(fromBar, 80);
  strictEqual(nobs, 820);
  for (const { windowBars, entry, exit, sharpe, totalNet, tradeCount } of cells) {
    const columns = readingColumns(pairReadings(rows, { windowBars }));
    const zScore = Float64Array.from(columns.zScore, (z, t) => t < fromBar ? NaN : z);
    const rules = { ...OPTIONS, entry, exit, sizing: "dollar" as const };
    const one = backtest({ ...columns, zScore }, rules);
    strictEqual(totalNet, one.totalNet);
    strictEqual(tradeCount, one.trades.length);
    const returns = moments(one.net.subarray(fromBar));
    close(sharpe, returns.mean! / returns.deviation()! * Math.sqrt(252), 1e-9);
  }
});

Deno.test("sweepInParallel() finds what sweepBacktest() finds, bit for bit, and tells how far it is", async () => {
  const rows = legs(2, 700, 0.9);
  const further = {
    ...{ yOpen: rows.map(({ y }) => y), xOpen: rows.map(({ x }) => x) },
    fundingY: rows.map((_, t) => t % 100 === 0 ? 1e-4 : 0),
    laterFundingX: rows.map((_, t) => t % 50 === 0 ? 1e-4 : 0),
    endSlippageY: rows.map(() => 1e-3),
  };
  const options = { ...OPTIONS, fill: "next-open" as const };
  const told: number[] = [];
  const both = await sweepInParallel(rows, GRID, options, further, {
    workers: 2,
    onProgress: (done, all) => told.push(done / all),
  });
  deepStrictEqual(both, sweepBacktest(rows, GRID, options, further));
  strictEqual(told.at(-1), 1);
  const { laterFundingX: _, ...unpaid } = further;
  const without = sweepBacktest(rows, GRID, options, unpaid);
  ok(both.cells.some(({ totalNet }, i) => totalNet !== without.cells[i]!.totalNet));
});

Deno.test("sweepInParallel() ends when it is told to, and tells what a worker could not do", async () => {
  const rows = legs(3, 500, 0.9);
  const aborted = AbortSignal.abort(new Error("enough"));
  await rejects(
    sweepInParallel(rows, GRID, OPTIONS, {}, { workers: 2, signal: aborted }),
    /enough/,
  );
  const bad = { ...OPTIONS, capital: -1 };
  await rejects(sweepInParallel(rows, GRID, bad, {}, { workers: 2 }), /"capital" must be > 0/);
});

Deno.test("a sweep over unrelated walks finds a best cell that its company takes back", () => {
  const wide = {
    entries: [1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75],
    exits: [-0.5, 0, 0.5],
    windows: [20, 30, 40, 60],
  };
  const found = Array.from({ length: 12 }, (_, i) => {
    const y = legs(50 + 2 * i, 1_200, 1);
    const x = legs(51 + 2 * i, 1_200, 1);
    const rows = y.map((row, t) => ({ ...row, x: x[t]!.x }));
    return sweepBacktest(rows, wide, { ...OPTIONS, feeBps: 0 });
  });
  const best = moments(found.map((sweep) => sweep.best!.sharpe!)).mean!;
  ok(best > 0.4, `the best cells have a Sharpe ratio of ${best}`);
  const believed = found.filter((sweep) => sweep.deflatedSharpe! > 0.95).length;
  ok(believed <= 2, `${believed} of 12 are believed`);
  const overfit = moments(found.map((sweep) => sweep.overfitting.probability!)).mean!;
  ok(overfit > 0.25, `probability of overfitting ${overfit}`);
});

Deno.test("a sweep over a pair that comes back is believed", () => {
  const { best, deflatedSharpe, overfitting, luckySharpe } = sweepBacktest(
    legs(9, 3_000, 0.85),
    GRID,
    OPTIONS,
  );
  ok(best!.sharpe! > luckySharpe!);
  ok(deflatedSharpe! > 0.99, `${deflatedSharpe}`);
  ok(overfitting.heldOutSharpe! > 0 && overfitting.lossProbability! < 0.05);
});

Deno.test("sweepBacktest() has no best cell where nothing trades, and refuses an empty grid", () => {
  const rows = legs(4, 300, 0.9);
  const never = { entries: [50], exits: [0], windows: [20] };
  const quiet = sweepBacktest(rows, never, { ...OPTIONS, stop: 60 });
  strictEqual(quiet.best, null);
  strictEqual(quiet.reason, "no cell traded");
  const short = sweepBacktest(rows.slice(0, 30), GRID, OPTIONS);
  strictEqual(short.reason, "too few bars: 30 of 82");
  throws(
    () => sweepBacktest(rows, { entries: [1], exits: [2], windows: [20] }, OPTIONS),
    RangeError,
  );
});

Deno.test("a sweep of one cell is a backtest", () => {
  const rows = legs(5, 400, 0.9);
  const grid = { entries: [1.5], exits: [0], windows: [20] };
  const { best } = sweepBacktest(rows, grid, OPTIONS);
  const { totalNet } = pairBacktest(rows, { ...OPTIONS, entry: 1.5, exit: 0, windowBars: 20 });
  strictEqual(best!.totalNet, totalNet);
});
