import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  backtestMetrics,
  findLookAhead,
  pairBacktest,
  sweepBacktest,
  volatilitySizes,
  walkForward,
} from "../../lib/backtest/mod.ts";
import { readingColumns } from "../../lib/backtest/mod.ts";
import { type AlignedRow, pairReadings } from "../../lib/pairs/mod.ts";
import { moments } from "../../lib/stats/mod.ts";
import { close } from "../support/close.ts";
import { normal } from "../support/random.ts";

const GRID = { entries: [1, 1.5, 2], exits: [0, 0.5], windows: [20, 30] };
const OPTIONS = { periodsPerYear: 252, trainBars: 200, testBars: 100, feeBps: 2 };

function legs(seed: number, count: number, kept: number): AlignedRow[] {
  const next = normal(seed);
  let [level, spread] = [Math.log(100), 0];
  return Array.from({ length: count }, (_, row) => {
    level += 0.01 * next();
    spread = kept * spread + 0.01 * next();
    const prices = { x: Math.exp(level), y: Math.exp(1 + 0.8 * level + spread) };
    return { row, openTimeMs: row * 60_000, ...prices, stale: false, complete: true, revision: 0 };
  });
}

Deno.test("walkForward() chooses on the bars before and trades the bars after", () => {
  const rows = legs(1, 700, 0.9);
  const walk = walkForward(rows, GRID, OPTIONS);
  deepStrictEqual(walk.folds.map((f) => [f.testBar, f.endBar]), [
    ...[[260, 360], [360, 460], [460, 560], [560, 660], [660, 700]],
  ]);
  strictEqual(walk.fromBar, 260);
  ok(walk.position.subarray(0, 260).every((side) => side === 0));
  close(walk.equity.at(-1)!, walk.capital + walk.totalNet, 1e-12);
  close(walk.trades.reduce((sum, t) => sum + t.net, 0), walk.totalNet, 1e-9);
  close(walk.net.reduce((sum, v) => sum + v, 0), walk.totalNet, 1e-9);
  ok(backtestMetrics(walk, OPTIONS).tradeCount === walk.trades.length);
  for (const { testBar, endBar, testTrades } of walk.folds) {
    const within = walk.trades.filter((t) => t.entryBar >= testBar && t.entryBar < endBar);
    strictEqual(within.length, testTrades);
    ok(within.every((t) => t.exitBar < endBar));
  }
});

Deno.test("walkForward() sees no future: more rows change no choice and no earlier bar", () => {
  const rows = legs(2, 560, 0.9);
  const whole = walkForward(rows, GRID, OPTIONS);
  const part = walkForward(rows.slice(0, 461), GRID, OPTIONS);
  deepStrictEqual(part.folds.slice(0, 2), whole.folds.slice(0, 2));
  deepStrictEqual(part.net.slice(0, 460), whole.net.slice(0, 460));
  const other = rows.map((row, t) => t < 360 ? row : { ...row, y: row.y * 1.5 });
  deepStrictEqual(walkForward(other, GRID, OPTIONS).folds[1]!.chosen, whole.folds[1]!.chosen);
});

Deno.test("walkForward() pays what falls due within bars, and the spread of the close at the end of a fold", () => {
  const rows = legs(1, 700, 0.9);
  const [rate, spread] = [1e-4, 2e-3];
  const walk = walkForward(rows, GRID, { ...OPTIONS, fill: "next-open" }, {
    ...{ yOpen: rows.map(({ y }) => y), xOpen: rows.map(({ x }) => x) },
    laterFundingY: rows.map(() => rate),
    endSlippageY: rows.map(() => spread),
  });
  ok(walk.trades.some(({ reason }) => reason === "end"));
  let [funding, slippage] = [0, 0];
  for (const { entryBar, exitBar, exitY, quantityY, reason } of walk.trades) {
    // From the open of one bar to that of another, or to the close at the end.
    const until = reason === "end" ? exitBar + 1 : exitBar;
    for (let t = entryBar; t < until; t++) funding += rate * quantityY * rows[t - 1]!.y;
    if (reason === "end") slippage += spread * Math.abs(quantityY) * exitY;
  }
  close(walk.funding, funding, 1e-9);
  close(walk.slippage, slippage, 1e-9);
});

Deno.test("walkForward() over unrelated walks earns nothing, where the best cell of a sweep does", () => {
  const unrelated = Array.from({ length: 40 }, (_, i) => {
    const [y, x] = [legs(100 + 2 * i, 700, 1), legs(101 + 2 * i, 700, 1)];
    return y.map((row, t) => ({ ...row, x: x[t]!.x }));
  });
  const free = { ...OPTIONS, feeBps: 0 };
  const walked = moments(
    unrelated.map((rows) => backtestMetrics(walkForward(rows, GRID, free), free).sharpe ?? 0),
  );
  const error = walked.deviation()! / Math.sqrt(40);
  ok(Math.abs(walked.mean!) < 3 * error, `${walked.mean} +- ${error}`);
  const best = moments(
    unrelated.map((rows) => sweepBacktest(rows, GRID, free).best?.sharpe ?? 0),
  );
  ok(best.mean! > 3 * error, `${best.mean} of the best cells`);
});

Deno.test("walkForward() earns on a pair that comes back", () => {
  const walk = walkForward(legs(5, 2_000, 0.85), GRID, OPTIONS);
  ok(backtestMetrics(walk, OPTIONS).sharpe! > 1);
});

Deno.test("walkForward() refuses too few rows and bars that are no count", () => {
  throws(() => walkForward(legs(1, 200, 0.9), GRID, OPTIONS), /there must be 262 rows/);
  throws(() => walkForward(legs(1, 700, 0.9), GRID, { ...OPTIONS, testBars: 0 }), /"testBars"/);
});

Deno.test("volatilitySizes() give positions the volatility that was asked for", () => {
  const rows = legs(7, 4_000, 0.9).map((row, t, all) => ({
    ...row,
    // twice as restless in the second half
    y: t < 2_000 ? row.y : row.y * Math.exp(Math.log(row.y / all[t - 1]!.y)),
  }));
  const options = { windowBars: 60, entry: 1, exit: 0.9, feeBps: 0 };
  const columns = readingColumns(pairReadings(rows, options));
  const target = { targetVolatility: 0.2, windowBars: 100, periodsPerYear: 252 };
  const size = volatilitySizes(columns, { ...target, sizing: "dollar", maxSize: 100 });
  strictEqual(size.findIndex((s) => s > 0), 159);
  const { net, position, capital } = pairBacktest(rows, options, { size });
  // bars after those in which a position was held all along
  const held = net.filter((_, t) => t > 0 && position[t] !== 0 && position[t] === position[t - 1]);
  const volatility = moments(held).deviation()! / capital * Math.sqrt(252);
  ok(Math.abs(volatility / 0.2 - 1) < 0.2, `${volatility}`);
  const sizes = (known: readonly AlignedRow[]) =>
    volatilitySizes(readingColumns(pairReadings(known, options)), { ...target, sizing: "units" });
  strictEqual(findLookAhead(rows.slice(0, 250), sizes, { prefixes: [170, 200, 249] }), null);
  throws(() => volatilitySizes(columns, { ...target, sizing: "units", maxSize: 0 }), /"maxSize"/);
});

Deno.test("a position of no size is not taken, and sizes below 0 are refused", () => {
  const rows = legs(8, 400, 0.9);
  const options = { windowBars: 20, entry: 1 };
  const none = pairBacktest(rows, options, { size: rows.map(() => NaN) });
  strictEqual(none.trades.length, 0);
  const half = pairBacktest(rows, options, { size: rows.map(() => 0.5) });
  close(half.totalNet, pairBacktest(rows, { ...options, grossNotional: 5_000 }).totalNet, 1e-12);
  throws(() => pairBacktest(rows, options, { size: rows.map(() => -1) }), /"size" must be >= 0/);
});
