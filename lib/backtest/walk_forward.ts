import type { AlignedRow } from "../pairs/mod.ts";
import { backtest, type BacktestResult } from "./backtest.ts";
import type { BacktestColumns, FurtherColumns } from "./columns.ts";
import { sizingOf } from "./pair_backtest.ts";
import { firstBar } from "./sweep.ts";
import { type SweepGrid, type SweepOptions, type SweepTask, sweepTasks } from "./sweep_grid.ts";
import { SweepRunner } from "./sweep_task.ts";

/** How thresholds and windows are chosen again and again. */
export interface WalkForwardOptions extends Omit<SweepOptions, "blocks"> {
  /** Bars a choice is made on; a whole number >= 2. */
  readonly trainBars: number;
  /** Bars after them that are traded with the choice; a whole number >= 2. */
  readonly testBars: number;
}

/** One choice and what it brought on bars it had not seen. */
export interface WalkForwardFold {
  /** First bar of the choice. */
  readonly trainBar: number;
  /** First bar that is traded with it. */
  readonly testBar: number;
  /** End of the bars traded with it, exclusive. */
  readonly endBar: number;
  /** The combination with the largest Sharpe ratio on the training bars, `null` where none traded. */
  readonly chosen:
    | { readonly entry: number; readonly exit: number; readonly windowBars: number }
    | null;
  /** Its annual Sharpe ratio there. */
  readonly trainSharpe: number | null;
  /** What it brought afterwards, net in quote units. */
  readonly testNet: number;
  /** Round trips afterwards. */
  readonly testTrades: number;
}

/** A backtest over the test bars, one after the other; bars before the first are flat. */
export interface WalkForward extends BacktestResult {
  /** The choices, oldest first. */
  readonly folds: readonly WalkForwardFold[];
  /** First bar that could be traded. */
  readonly fromBar: number;
}

/**
 * Chooses entry, exit and window on past bars only, and trades the bars after them: what a trader
 * who tunes would have had.
 *
 * Every `testBars` the combination with the largest Sharpe ratio over the last `trainBars` is
 * traded on the next `testBars`, whose end closes what is open. Nothing that a choice is judged by
 * went into it. O(cells bars).
 *
 * @example Choices on 100 bars, traded on 50
 * ```ts
 * import { walkForward } from "tandem/backtest";
 * import { strictEqual } from "node:assert/strict";
 *
 * const rows = Array.from({ length: 400 }, (_, row) => {
 *   const x = 100 + 10 * Math.sin(row / 37);
 *   const y = 2 * x + Math.sin(row / 5) * (1 + row % 3);
 *   return { row, openTimeMs: row * 60_000, y, x, stale: false, complete: true, revision: 0 };
 * });
 * const walk = walkForward(rows, { entries: [1, 1.5], exits: [0], windows: [20] }, {
 *   periodsPerYear: 525_600, trainBars: 100, testBars: 50,
 * });
 * strictEqual(walk.folds.length, 6);
 * strictEqual(walk.folds[0]!.testBar, 140);
 * ```
 *
 * @param rows Rows with consecutive numbers, oldest first.
 * @param grid What to choose from.
 * @param options Bars per choice; the rest as for `sweepBacktest()`.
 * @param further Opens, funding rates and sizes, one per row.
 * @returns The books over the test bars, and the choices.
 * @throws {RangeError} If the grid is empty, an option is out of range, or there are too few rows.
 */
export function walkForward(
  rows: readonly AlignedRow[],
  grid: SweepGrid,
  options: WalkForwardOptions,
  further: FurtherColumns = {},
): WalkForward {
  const { trainBars, testBars } = options;
  for (const [name, value] of Object.entries({ trainBars, testBars })) {
    if (Number.isSafeInteger(value) && value >= 2) continue;
    throw new RangeError(
      `Cannot walk as "${name}" must be a whole number >= 2: current value is ${value}`,
    );
  }
  const fromBar = firstBar(grid, options);
  const firstTest = fromBar + trainBars;
  if (rows.length < firstTest + 2) {
    throw new RangeError(
      `Cannot walk as there must be ${firstTest + 2} rows or more: current value is ${rows.length}`,
    );
  }
  const tasks = sweepTasks(grid, options);
  const runner = new SweepRunner(rows, options, further, fromBar);
  const starts: number[] = [];
  for (let at = firstTest; at < rows.length - 1; at += testBars) starts.push(at);
  const choices = choose(runner, tasks, starts, options);
  const parts = starts.map((testBar, i) => {
    const endBar = Math.min(rows.length, testBar + testBars);
    const choice = choices[i]!;
    const part = choice.chosen === null ? null : backtest(
      cut(runner.columns(choice.chosen.windowBars), testBar, endBar),
      { ...options, ...choice.chosen, sizing: sizingOf(options), closeAtEnd: true },
    );
    return { testBar, endBar, part, choice };
  });
  return {
    ...joined(rows.length, parts, options.capital ?? 10_000),
    fromBar: firstTest,
    folds: parts.map(({ testBar, endBar, part, choice }) => ({
      ...{ trainBar: testBar - trainBars, testBar, endBar, ...choice },
      testNet: part?.totalNet ?? 0,
      testTrades: part?.trades.length ?? 0,
    })),
  };
}

type Choice = Pick<WalkForwardFold, "chosen" | "trainSharpe">;

/** The best combination of the training bars before each start. */
function choose(
  runner: SweepRunner,
  tasks: readonly SweepTask[],
  starts: readonly number[],
  options: WalkForwardOptions,
): Choice[] {
  const best: Choice[] = starts.map(() => ({ chosen: null, trainSharpe: null }));
  const { trainBars, periodsPerYear } = options;
  for (const { windowBars, thresholds } of tasks) {
    const columns = runner.columns(windowBars);
    for (const pair of thresholds) {
      const { net } = backtest(columns, { ...options, ...pair, sizing: sizingOf(options) });
      starts.forEach((start, i) => {
        const ratio = sharpeOf(net.subarray(start - trainBars, start));
        const trainSharpe = ratio === null ? null : ratio * Math.sqrt(periodsPerYear);
        if (trainSharpe === null || trainSharpe <= (best[i]!.trainSharpe ?? -Infinity)) return;
        best[i] = { chosen: { ...pair, windowBars }, trainSharpe };
      });
    }
  }
  return best;
}

function sharpeOf(net: Float64Array): number | null {
  let mean = 0;
  for (const value of net) mean += value / net.length;
  let square = 0;
  for (const value of net) square += (value - mean) ** 2;
  return square > 0 ? mean / Math.sqrt(square / (net.length - 1)) : null;
}

/** Some bars of every column. */
function cut(columns: BacktestColumns, from: number, to: number): BacktestColumns {
  return Object.fromEntries(
    Object.entries(columns as unknown as Record<string, ArrayLike<number>>)
      .map(([name, column]) => [
        name,
        Float64Array.from({ length: to - from }, (_, t) => column[from + t]!),
      ]),
  ) as unknown as BacktestColumns;
}

interface Part {
  readonly testBar: number;
  readonly part: BacktestResult | null;
}

/** The books of the parts as one. */
function joined(bars: number, parts: readonly Part[], capital: number): BacktestResult {
  const place = (key: "gross" | "cost" | "net") => {
    const column = new Float64Array(bars);
    for (const { testBar, part } of parts) if (part !== null) column.set(part[key], testBar);
    return column;
  };
  const sum = (valueOf: (part: BacktestResult) => number) =>
    parts.reduce((total, { part }) => total + (part === null ? 0 : valueOf(part)), 0);
  const position = new Int8Array(bars);
  for (const { testBar, part } of parts) if (part !== null) position.set(part.position, testBar);
  const net = place("net");
  let total = capital;
  const [totalGross, totalCost] = [sum((p) => p.totalGross), sum((p) => p.totalCost)];
  return {
    position,
    gross: place("gross"),
    cost: place("cost"),
    net,
    equity: net.map((amount) => total += amount),
    trades: parts.flatMap(({ testBar, part }) =>
      (part?.trades ?? []).map((trade) => ({
        ...trade,
        entryBar: trade.entryBar + testBar,
        exitBar: trade.exitBar + testBar,
      }))
    ),
    open: null,
    totalGross,
    totalCost,
    totalNet: totalGross - totalCost,
    fees: sum((p) => p.fees),
    slippage: sum((p) => p.slippage),
    funding: sum((p) => p.funding),
    legs: { y: sum((p) => p.legs.y), x: sum((p) => p.legs.x) },
    tradedNotional: sum((p) => p.tradedNotional),
    capital,
  };
}
