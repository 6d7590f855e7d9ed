import type { OverfittingResult } from "../stats/mod.ts";
import { pairReadings } from "../pairs/mod.ts";
import { checkOptions } from "./options.ts";
import { type PairBacktestOptions, sizingOf } from "./pair_backtest.ts";

/** What a sweep tries: every entry with every exit below it and every window. */
export interface SweepGrid {
  /** Thresholds to enter at, in deviations; > 0. */
  readonly entries: readonly number[];
  /** Thresholds to leave at, in deviations; those not below an entry are left out with it. */
  readonly exits: readonly number[];
  /** Rows of the rolling statistics; whole numbers >= 3. */
  readonly windows: readonly number[];
}

/** How to run a sweep: a backtest without what the grid tells. */
export interface SweepOptions extends Omit<PairBacktestOptions, "entry" | "exit" | "windowBars"> {
  /** Bars per year, for ratios; > 0. */
  readonly periodsPerYear: number;
  /** Blocks of time for the probability of overfitting; even, 2 to 20. @default {12} */
  readonly blocks?: number;
}

/** One combination and what it brought, over the bars that all of them can trade. */
export interface SweepCell {
  /** Threshold to enter at. */
  readonly entry: number;
  /** Threshold to leave at. */
  readonly exit: number;
  /** Rows of the rolling statistics. */
  readonly windowBars: number;
  /** Sharpe ratio of net per bar, annualized; `null` where nothing was traded. */
  readonly sharpe: number | null;
  /** Net in quote units. */
  readonly totalNet: number;
  /** Round trips. */
  readonly tradeCount: number;
}

/** What a sweep found. The best cell is never to be shown without what speaks against it. */
export interface SweepResult {
  /** The cells by window, entry and exit, in the order of the grid. */
  readonly cells: readonly SweepCell[];
  /** The cell with the largest Sharpe ratio, or `null` where none traded. */
  readonly best: SweepCell | null;
  /** The largest annual Sharpe ratio that as many trials without skill would have. */
  readonly luckySharpe: number | null;
  /**
   * Probability that the best cell is more than luck, `deflatedSharpe()`. Neighbours in a grid
   * resemble each other, so it is on the safe side.
   */
  readonly deflatedSharpe: number | null;
  /** How much of the choice was luck, `backtestOverfitting()`. */
  readonly overfitting: OverfittingResult;
  /** First bar on which every cell can trade. */
  readonly fromBar: number;
  /** Bars from it on. */
  readonly nobs: number;
  /** Bars per year. */
  readonly periodsPerYear: number;
  /** Why numbers are absent, or `null`. */
  readonly reason: string | null;
}

/** A part of the grid: one window and some of its thresholds. */
export interface SweepTask {
  readonly windowBars: number;
  readonly thresholds: readonly { readonly entry: number; readonly exit: number }[];
}

/**
 * The grid as tasks, one window each, at most so many cells each.
 *
 * @throws {RangeError} If the grid is empty, or a cell or an option is out of range.
 */
export function sweepTasks(grid: SweepGrid, options: SweepOptions, most = Infinity): SweepTask[] {
  const { entries, exits, windows } = grid;
  const thresholds = entries.flatMap((entry) =>
    exits.filter((exit) => exit < entry).map((exit) => ({ entry, exit }))
  );
  if (windows.length === 0 || thresholds.length === 0) {
    throw new RangeError(
      `Cannot sweep as "windows" and "entries" with an exit below must not be empty: current values are ${windows.length} and ${thresholds.length}`,
    );
  }
  for (const pair of thresholds) checkOptions({ ...options, ...pair, sizing: sizingOf(options) });
  for (const windowBars of windows) pairReadings([], { ...options, windowBars });
  return windows.flatMap((windowBars) => {
    const parts: SweepTask[] = [];
    for (let at = 0; at < thresholds.length; at += most) {
      parts.push({ windowBars, thresholds: thresholds.slice(at, at + most) });
    }
    return parts;
  });
}
