import { type AlignedRow, pairReadings } from "../pairs/mod.ts";
import { runSignal } from "./backtest.ts";
import {
  type BacktestColumns,
  checkColumns,
  type FurtherColumns,
  readingColumns,
} from "./columns.ts";
import { Ledger } from "./ledger.ts";
import { checkOptions } from "./options.ts";
import { sizingOf } from "./pair_backtest.ts";
import type { SweepOptions, SweepTask } from "./sweep_grid.ts";

/** What every cell of a task brought; sums of returns by block and cell, block by block. */
export interface SweepOutcome {
  readonly totalNet: Float64Array;
  readonly tradeCount: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** First bar of each block, and the end of the last. */
export function blockStarts(fromBar: number, bars: number, blocks: number): number[] {
  return Array.from(
    { length: blocks + 1 },
    (_, b) => fromBar + Math.floor(b * (bars - fromBar) / blocks),
  );
}

/** Runs tasks over one series of rows; the readings of the last window are kept. */
export class SweepRunner {
  readonly #rows: readonly AlignedRow[];
  readonly #further: FurtherColumns;
  readonly #options: SweepOptions;
  readonly #starts: readonly number[];
  #window = -1;
  #columns: BacktestColumns | null = null;
  /** One for all cells of a window: a month of minutes is more than a megabyte. */
  #ledger: Ledger | null = null;

  /**
   * @param rows Rows with consecutive numbers, oldest first.
   * @param options How to run each cell.
   * @param further Opens and funding rates, one per row.
   * @param fromBar First bar on which a cell may trade.
   */
  constructor(
    rows: readonly AlignedRow[],
    options: SweepOptions,
    further: FurtherColumns,
    fromBar: number,
  ) {
    this.#rows = rows;
    this.#options = options;
    this.#further = further;
    this.#starts = blockStarts(fromBar, rows.length, options.blocks ?? 12);
  }

  /** The columns of a window, with no score before the first bar. */
  columns(windowBars: number): BacktestColumns {
    if (this.#window === windowBars) return this.#columns!;
    const readings = pairReadings(this.#rows, { ...this.#options, windowBars });
    const columns = readingColumns(readings, this.#further);
    (columns.zScore as Float64Array).fill(NaN, 0, this.#starts[0]);
    checkColumns(columns, this.#options.fill === "next-open");
    this.#window = windowBars;
    this.#columns = columns;
    this.#ledger = null;
    return columns;
  }

  /** Runs every cell of a task. */
  run({ windowBars, thresholds }: SweepTask): SweepOutcome {
    const columns = this.columns(windowBars);
    const cells = thresholds.length;
    const blocks = this.#starts.length - 1;
    const outcome: SweepOutcome = {
      totalNet: new Float64Array(cells),
      tradeCount: new Float64Array(cells),
      sums: new Float64Array(blocks * cells),
      squares: new Float64Array(blocks * cells),
    };
    const sizing = sizingOf(this.#options);
    thresholds.forEach((pair, cell) => {
      const checked = checkOptions({ ...this.#options, ...pair, sizing });
      const ledger = this.#ledger ??= new Ledger(columns, checked);
      ledger.reset(checked);
      runSignal(columns, checked, ledger);
      const { gross, cost, grossY, grossX, fees, slippage, funding, trades } = ledger;
      outcome.totalNet[cell] = grossY + grossX - (fees + slippage + funding);
      outcome.tradeCount[cell] = trades.length;
      for (let b = 0; b < blocks; b++) {
        let sum = 0;
        let square = 0;
        for (let t = this.#starts[b]!; t < this.#starts[b + 1]!; t++) {
          const value = (gross[t]! - cost[t]!) / checked.capital;
          sum += value;
          square += value * value;
        }
        outcome.sums[b * cells + cell] = sum;
        outcome.squares[b * cells + cell] = square;
      }
    });
    return outcome;
  }
}
