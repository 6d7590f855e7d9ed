import type { AlignedRow, PairReading } from "../pairs/mod.ts";

/** Further columns of a backtest, one value per bar. */
export interface FurtherColumns {
  /** Opens of the dependent leg, for `next-open`; NaN only where a bar is not tradable. */
  readonly yOpen?: ArrayLike<number>;
  /** Opens of the hedge leg. */
  readonly xOpen?: ArrayLike<number>;
  /**
   * Funding rates of the dependent leg that fall due as each bar opens, as fractions of notional:
   * above 0 a long position pays. Charged on what was held into the bar, at the close before it. See
   * `fundingColumns()`.
   */
  readonly fundingY?: ArrayLike<number>;
  /** The same for the hedge leg. */
  readonly fundingX?: ArrayLike<number>;
  /**
   * Those that fall due within each bar, after its open. Charged on what is held then: with fills at
   * the open what this bar's fill left, else what was held into the bar; at the close before it.
   */
  readonly laterFundingY?: ArrayLike<number>;
  /** The same for the hedge leg. */
  readonly laterFundingX?: ArrayLike<number>;
  /**
   * What a fill of the dependent leg in each bar loses, as a fraction of its notional, in place of
   * the option `slippageBps`; >= 0, and NaN where that is to count. See `halfSpreadColumn()`.
   */
  readonly slippageY?: ArrayLike<number>;
  /** The same for the hedge leg. */
  readonly slippageX?: ArrayLike<number>;
  /**
   * The same for a position that is closed in a bar because the bars end, which is at the close also
   * where fills are at the open. @default {slippageY}
   */
  readonly endSlippageY?: ArrayLike<number>;
  /** The same for the hedge leg. @default {slippageX} */
  readonly endSlippageX?: ArrayLike<number>;
  /**
   * What a position decided for in each bar is to be, as a multiple of `grossNotional`; >= 0, and NaN
   * where none may be taken. See `volatilitySizes()`. @default {all 1}
   */
  readonly size?: ArrayLike<number>;
}

/** What a backtest runs over, column by column; every column has one value per bar. */
export interface BacktestColumns extends FurtherColumns {
  /** Closes of the dependent leg; > 0. */
  readonly y: ArrayLike<number>;
  /** Closes of the hedge leg; > 0. */
  readonly x: ArrayLike<number>;
  /** Z-score of the spread at each close; not finite where there is none. */
  readonly zScore: ArrayLike<number>;
  /** Hedge ratio known at each close; not finite where there is none. */
  readonly hedgeRatio: ArrayLike<number>;
  /** 0 where a leg did not trade: nothing is decided or filled there. @default {all 1} */
  readonly tradable?: ArrayLike<number>;
}

/**
 * Returns the columns of a backtest from the readings of a pair.
 *
 * Rows in which a leg did not trade are marked as not tradable.
 *
 * @example Absent numbers are NaN in a column
 * ```ts
 * import { readingColumns } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const columns = readingColumns([
 *   { y: 20, x: 10, zScore: null, hedgeRatio: 2, stale: false },
 *   { y: 21, x: 10, zScore: 1.5, hedgeRatio: 2, stale: true },
 * ]);
 * deepStrictEqual(Array.from(columns.zScore), [NaN, 1.5]);
 * deepStrictEqual(Array.from(columns.tradable!), [1, 0]);
 * ```
 *
 * @param readings Readings with consecutive rows, oldest first.
 * @param further Opens and funding rates, one per reading.
 * @returns The columns.
 */
export function readingColumns(
  readings: readonly Pick<PairReading, "y" | "x" | "zScore" | "hedgeRatio" | "stale">[],
  further: FurtherColumns = {},
): BacktestColumns {
  return {
    ...further,
    y: Float64Array.from(readings, (r) => r.y),
    x: Float64Array.from(readings, (r) => r.x),
    zScore: Float64Array.from(readings, (r) => r.zScore ?? NaN),
    hedgeRatio: Float64Array.from(readings, (r) => r.hedgeRatio ?? NaN),
    tradable: Uint8Array.from(readings, (r) => r.stale ? 0 : 1),
  };
}

/**
 * Returns the opens of one leg on the rows of a pair, for fills at the open.
 *
 * @example A row without a bar has no open
 * ```ts
 * import { openColumn } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rows = [{ openTimeMs: 0 }, { openTimeMs: 1_000 }, { openTimeMs: 2_000 }];
 * const bars = [{ openTimeMs: 0, open: 10 }, { openTimeMs: 2_000, open: 11 }];
 * deepStrictEqual(Array.from(openColumn(rows, bars)), [10, NaN, 11]);
 * ```
 *
 * @param rows Rows of the pair.
 * @param bars Bars of the leg, oldest first.
 * @returns One open per row; NaN where the leg has no bar.
 */
export function openColumn(
  rows: readonly Pick<AlignedRow, "openTimeMs">[],
  bars: Iterable<{ readonly openTimeMs: number; readonly open: number }>,
): Float64Array {
  const opens = new Map<number, number>();
  for (const bar of bars) opens.set(bar.openTimeMs, bar.open);
  return Float64Array.from(rows, (row) => opens.get(row.openTimeMs) ?? NaN);
}

/** Refuses columns of different lengths and prices that no fill could have. */
export function checkColumns(columns: BacktestColumns, needsOpens: boolean): void {
  const n = columns.y.length;
  for (const [name, column] of Object.entries(columns) as [string, ArrayLike<number>][]) {
    if (column.length !== n) {
      throw new RangeError(
        `Cannot backtest as "${name}" must have ${n} values as "y" has: current value is ${column.length}`,
      );
    }
  }
  for (const name of ["fundingY", "fundingX", "laterFundingY", "laterFundingX"] as const) {
    checkRates(name, columns[name] ?? []);
  }
  for (
    const name of ["size", "slippageY", "slippageX", "endSlippageY", "endSlippageX"] as const
  ) checkShares(name, columns[name] ?? []);
  checkPrices("y", columns.y);
  checkPrices("x", columns.x);
  if (!needsOpens) return;
  if (columns.yOpen === undefined || columns.xOpen === undefined) {
    throw new TypeError(`Cannot backtest as "yOpen" and "xOpen" must be given to fill at the open`);
  }
  checkPrices("yOpen", columns.yOpen, columns.tradable);
  checkPrices("xOpen", columns.xOpen, columns.tradable);
}

function checkPrices(
  name: string,
  prices: ArrayLike<number>,
  tradable?: ArrayLike<number>,
): void {
  for (let t = 0; t < prices.length; t++) {
    if (prices[t]! > 0 && prices[t]! < Infinity || tradable?.[t] === 0) continue;
    throw refused(name, "> 0", prices[t]!, t);
  }
}

function checkRates(name: string, rates: ArrayLike<number>): void {
  for (let t = 0; t < rates.length; t++) {
    if (!Number.isFinite(rates[t])) throw refused(name, "finite", rates[t]!, t);
  }
}

/** NaN is none. */
function checkShares(name: string, shares: ArrayLike<number>): void {
  for (let t = 0; t < shares.length; t++) {
    if (!(shares[t]! < 0) && shares[t] !== Infinity) continue;
    throw refused(name, ">= 0", shares[t]!, t);
  }
}

function refused(name: string, wanted: string, value: number, bar: number): RangeError {
  return new RangeError(
    `Cannot backtest as "${name}" must be ${wanted} in every bar: current value is ${value} in bar ${bar}`,
  );
}
