import type { AlignedRow } from "../pairs/mod.ts";
import {
  backtestOverfitting,
  type BlockedReturns,
  deflatedSharpe,
  expectedMaximumSharpe,
  moments,
  performanceMetrics,
} from "../stats/mod.ts";
import { backtest } from "./backtest.ts";
import type { FurtherColumns } from "./columns.ts";
import { sizingOf } from "./pair_backtest.ts";
import {
  type SweepCell,
  type SweepGrid,
  type SweepOptions,
  type SweepResult,
  type SweepTask,
  sweepTasks,
} from "./sweep_grid.ts";
import { blockStarts, type SweepOutcome, SweepRunner } from "./sweep_task.ts";

/**
 * Runs a backtest of a pair for every entry, exit and window of a grid.
 *
 * All cells trade the same bars, from the first on which the longest window has a z-score. The best
 * of many is better than it is: beside it stand the deflated Sharpe ratio (Bailey and López de
 * Prado, 2014) and the probability of backtest overfitting (Bailey, Borwein, López de Prado and
 * Zhu, 2017). O(cells bars); `sweepInParallel()` spreads a large grid over the cores.
 *
 * @example Four cells
 * ```ts
 * import { sweepBacktest } from "tandem/backtest";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 600 }, (_, row) => {
 *   const x = 100 + 10 * Math.sin(row / 37);
 *   const y = 2 * x + Math.sin(row / 5) * (1 + row % 3);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const { cells, best, deflatedSharpe } = sweepBacktest(
 *   rows,
 *   { entries: [1, 1.5], exits: [0], windows: [20, 40] },
 *   { periodsPerYear: 525_600, feeBps: 1, blocks: 4 },
 * );
 * deepStrictEqual(cells.map((c) => [c.windowBars, c.entry]), [[20, 1], [20, 1.5], [40, 1], [40, 1.5]]);
 * ok(best!.sharpe === Math.max(...cells.map((c) => c.sharpe!)));
 * ok(deflatedSharpe! >= 0 && deflatedSharpe! <= 1);
 * ```
 *
 * @param rows Rows with consecutive numbers, oldest first.
 * @param grid What to try.
 * @param options Method and scale; stop and time limit; fills and costs; bars per year.
 * @param further Opens and funding rates, one per row.
 * @returns The cells, the best of them, and what speaks against it.
 * @throws {RangeError} If the grid is empty or an option is out of range.
 */
export function sweepBacktest(
  rows: readonly AlignedRow[],
  grid: SweepGrid,
  options: SweepOptions,
  further: FurtherColumns = {},
): SweepResult {
  const tasks = sweepTasks(grid, options);
  const runner = new SweepRunner(rows, options, further, firstBar(grid, options));
  return sweepResult(rows, grid, options, further, tasks, tasks.map((task) => runner.run(task)));
}

/** First bar on which every window has a z-score. */
export function firstBar(grid: SweepGrid, { method, estimationBars }: SweepOptions): number {
  const longest = Math.max(...grid.windows);
  return method === "ols" ? longest + (estimationBars ?? longest) : 2 * longest;
}

/** Puts the outcomes of all tasks together. */
export function sweepResult(
  rows: readonly AlignedRow[],
  grid: SweepGrid,
  options: SweepOptions,
  further: FurtherColumns,
  tasks: readonly SweepTask[],
  outcomes: readonly SweepOutcome[],
): SweepResult {
  const { periodsPerYear, blocks = 12 } = options;
  const fromBar = firstBar(grid, options);
  const nobs = Math.max(0, rows.length - fromBar);
  const returns = joined(blockStarts(fromBar, Math.max(fromBar, rows.length), blocks), outcomes);
  const ratios = sharpeRatios(returns, nobs);
  const year = Math.sqrt(periodsPerYear);
  let at = 0;
  const cells = tasks.flatMap(({ windowBars, thresholds }, i) =>
    thresholds.map((pair, k): SweepCell => {
      const sharpe = ratios[at++]!;
      return {
        ...pair,
        windowBars,
        sharpe: sharpe === null ? null : sharpe * year,
        totalNet: outcomes[i]!.totalNet[k]!,
        tradeCount: outcomes[i]!.tradeCount[k]!,
      };
    })
  );
  const traded = ratios.filter((ratio) => ratio !== null);
  const found = { cells, fromBar, nobs, periodsPerYear };
  const overfitting = backtestOverfitting(returns);
  if (traded.length === 0) {
    const reason = nobs < 2 ? `too few bars: ${rows.length} of ${fromBar + 2}` : "no cell traded";
    return {
      ...{ ...found, best: null, luckySharpe: null, deflatedSharpe: null, reason },
      overfitting: { ...overfitting, probability: null, lossProbability: null, reason },
    };
  }
  const highest = Math.max(...traded);
  const best = cells[ratios.indexOf(highest)]!;
  const variance = (moments(traded).deviation() ?? 0) ** 2;
  const trials = cells.length;
  return {
    ...found,
    best,
    luckySharpe: expectedMaximumSharpe(trials, variance) * year,
    deflatedSharpe: deflatedSharpe(
      { sharpe: highest, nobs, ...shapeOf(best, rows, options, further, fromBar) },
      { trials, variance },
    ),
    overfitting,
    reason: null,
  };
}

/** The blocks of all tasks side by side. */
function joined(starts: readonly number[], outcomes: readonly SweepOutcome[]): BlockedReturns {
  const blocks = starts.length - 1;
  const trials = outcomes.reduce((sum, { totalNet }) => sum + totalNet.length, 0);
  const sums = new Float64Array(blocks * trials);
  const squares = new Float64Array(blocks * trials);
  let at = 0;
  for (const outcome of outcomes) {
    const cells = outcome.totalNet.length;
    for (let b = 0; b < blocks; b++) {
      sums.set(outcome.sums.subarray(b * cells, (b + 1) * cells), b * trials + at);
      squares.set(outcome.squares.subarray(b * cells, (b + 1) * cells), b * trials + at);
    }
    at += cells;
  }
  const counts = Array.from({ length: blocks }, (_, b) => starts[b + 1]! - starts[b]!);
  return { trials, blocks, counts, sums, squares };
}

/** Sharpe ratios per bar over all blocks; `null` where nothing was traded. */
function sharpeRatios(returns: BlockedReturns, nobs: number): (number | null)[] {
  const { trials, blocks, sums, squares } = returns;
  return Array.from({ length: trials }, (_, n) => {
    let sum = 0;
    let square = 0;
    for (let b = 0; b < blocks; b++) {
      sum += sums[b * trials + n]!;
      square += squares[b * trials + n]!;
    }
    const variance = (square - sum * sum / nobs) / (nobs - 1);
    return square > 0 && variance > 0 ? sum / nobs / Math.sqrt(variance) : null;
  });
}

/** Skewness and kurtosis of the returns of a cell. */
function shapeOf(
  { entry, exit, windowBars }: SweepCell,
  rows: readonly AlignedRow[],
  options: SweepOptions,
  further: FurtherColumns,
  fromBar: number,
): { skewness: number; kurtosis: number } {
  const columns = new SweepRunner(rows, options, further, fromBar).columns(windowBars);
  const sizing = sizingOf(options);
  const { net, capital } = backtest(columns, { ...options, entry, exit, sizing });
  const returns = net.subarray(fromBar).map((amount) => amount / capital);
  const { skewness, excessKurtosis } = performanceMetrics(returns, options);
  return { skewness: skewness ?? 0, kurtosis: 3 + (excessKurtosis ?? 0) };
}
