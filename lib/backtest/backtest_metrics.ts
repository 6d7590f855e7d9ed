import { performanceMetrics } from "../stats/mod.ts";
import type { BacktestResult } from "./backtest.ts";
import type { PairTrade } from "./pair_trade.ts";
import type { ExitReason } from "./signal.ts";

/** Some of the round trips, added up. */
export interface TripTotals {
  /** How many. */
  readonly trades: number;
  /** What they made before costs, in quote units. */
  readonly gross: number;
  /** What they made after costs. */
  readonly net: number;
}

/**
 * Measures of a backtest over all bars, flat ones included; money in quote units. A number that is
 * not defined is `null`.
 */
export interface BacktestMetrics {
  /** `totalGross - totalCost`, what an open position has made so far included. */
  readonly totalNet: number;
  /** What prices brought. */
  readonly totalGross: number;
  /** Fees, slippage and funding. */
  readonly totalCost: number;
  /** Round trips. */
  readonly tradeCount: number;
  /** Share of the round trips with net > 0, in [0, 1]. */
  readonly hitRate: number | null;
  /** Mean net of the trips with net > 0. */
  readonly averageWin: number | null;
  /** Mean net of the others; <= 0. */
  readonly averageLoss: number | null;
  /** Net of the winning trips over the loss of the others. */
  readonly profitFactor: number | null;
  /** Mean bars from fill to fill. */
  readonly averageHeldBars: number | null;
  /** `mean / deviation * sqrt(periodsPerYear)` of net per bar over capital, no risk-free rate. */
  readonly sharpe: number | null;
  /**
   * The same, corrected for autocorrelation (Lo, 2002). Far below `sharpe`, the returns overlap or
   * a price is stale.
   */
  readonly sharpeLo: number | null;
  /** `mean / sqrt(mean of min(r, 0)^2) * sqrt(periodsPerYear)`. */
  readonly sortino: number | null;
  /** Mean return per bar times `periodsPerYear`; capital is fixed, so nothing compounds. */
  readonly annualReturn: number | null;
  /** Deviation of the returns times `sqrt(periodsPerYear)`. */
  readonly annualVolatility: number | null;
  /** Largest loss from a peak of the equity, the capital included, over that peak; >= 0. */
  readonly maxDrawdown: number;
  /** Largest loss from a peak in quote units; >= 0. */
  readonly maxDrawdownAmount: number;
  /** Longest run of bars below an earlier peak. */
  readonly longestUnderWaterBars: number;
  /** `annualReturn / maxDrawdown`. */
  readonly calmar: number | null;
  /** Notional of all fills over capital. */
  readonly turnover: number;
  /** The same per year. */
  readonly annualTurnover: number | null;
  /** Share of the bars after which a position is held, in [0, 1]. */
  readonly exposure: number | null;
  /** Gross of each leg. */
  readonly legs: { readonly y: number; readonly x: number };
  /** Round trips that bought the spread and those that sold it. */
  readonly sides: { readonly long: TripTotals; readonly short: TripTotals };
  /** Round trips by the reason they ended for. */
  readonly reasons: Readonly<Record<ExitReason, TripTotals>>;
  /** Bars. */
  readonly nobs: number;
  /** Periods per year. */
  readonly periodsPerYear: number;
  /** Why numbers are absent, or `null` when none is. */
  readonly reason: string | null;
}

/**
 * Returns the measures of a backtest.
 *
 * Returns are net per bar over the fixed capital. Annualize with the bars in hand, flat ones
 * included: 365 * 24 * 60 per year for minutes of a market that never closes.
 *
 * @example A backtest without trades has no ratio
 * ```ts
 * import { backtest, backtestMetrics } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const prices = [10, 11, 12];
 * const none = { y: prices, x: prices, zScore: [0, 0, 0], hedgeRatio: [1, 1, 1] };
 * const result = backtest(none, { sizing: "dollar" });
 * const { sharpe, hitRate, exposure, reason } = backtestMetrics(result, { periodsPerYear: 365 });
 * deepStrictEqual([sharpe, hitRate, exposure, reason], [null, null, 0, "no trade"]);
 * ```
 *
 * @param result What a backtest did.
 * @param options Bars per year; periods over which Lo's factor sums autocorrelations (default 5).
 * @returns The measures.
 * @throws {RangeError} If an option is out of range.
 */
export function backtestMetrics(
  result: BacktestResult,
  options: { readonly periodsPerYear: number; readonly loPeriods?: number },
): BacktestMetrics {
  const { trades, capital, position, net } = result;
  const nobs = net.length;
  const returns = performanceMetrics(net.map((amount) => amount / capital), options);
  const drawdown = drawdownOf(result.equity, capital);
  const wins = trades.filter((trade) => trade.net > 0);
  const losses = trades.filter((trade) => !(trade.net > 0));
  const won = sumOf(wins, "net");
  const lost = -sumOf(losses, "net");
  const turnover = result.tradedNotional / capital;
  const { annualReturn } = returns;
  return {
    totalNet: result.totalNet,
    totalGross: result.totalGross,
    totalCost: result.totalCost,
    tradeCount: trades.length,
    hitRate: ratio(wins.length, trades.length),
    averageWin: ratio(won, wins.length),
    averageLoss: losses.length === 0 ? null : -lost / losses.length,
    profitFactor: ratio(won, lost),
    averageHeldBars: ratio(sumOf(trades, "heldBars"), trades.length),
    sharpe: returns.sharpe,
    sharpeLo: returns.sharpeLo,
    sortino: returns.sortino,
    annualReturn,
    annualVolatility: returns.annualVolatility,
    ...drawdown,
    calmar: annualReturn === null ? null : ratio(annualReturn, drawdown.maxDrawdown),
    turnover,
    annualTurnover: nobs === 0 ? null : turnover / nobs * options.periodsPerYear,
    exposure: ratio(position.reduce((count, side) => count + Math.abs(side), 0), nobs),
    legs: result.legs,
    sides: {
      long: totalsOf(trades, ({ side }) => side === 1),
      short: totalsOf(trades, ({ side }) => side === -1),
    },
    reasons: {
      exit: totalsOf(trades, ({ reason }) => reason === "exit"),
      stop: totalsOf(trades, ({ reason }) => reason === "stop"),
      time: totalsOf(trades, ({ reason }) => reason === "time"),
      end: totalsOf(trades, ({ reason }) => reason === "end"),
    },
    nobs,
    periodsPerYear: options.periodsPerYear,
    reason: absence(result),
  };
}

function absence({ trades, open, net }: BacktestResult): string | null {
  if (net.length === 0) return "no bar";
  if (trades.length > 0) return null;
  return open === null ? "no trade" : "no closed trade";
}

function sumOf(trades: readonly PairTrade[], field: "net" | "gross" | "heldBars"): number {
  return trades.reduce((sum, trade) => sum + trade[field], 0);
}

function totalsOf(
  trades: readonly PairTrade[],
  isMeant: (trade: PairTrade) => boolean,
): TripTotals {
  const meant = trades.filter(isMeant);
  return { trades: meant.length, gross: sumOf(meant, "gross"), net: sumOf(meant, "net") };
}

function ratio(value: number, size: number): number | null {
  return size > 0 ? value / size : null;
}

function drawdownOf(
  equity: Float64Array,
  capital: number,
): Pick<BacktestMetrics, "maxDrawdown" | "maxDrawdownAmount" | "longestUnderWaterBars"> {
  let peak = capital;
  let maxDrawdown = 0;
  let maxDrawdownAmount = 0;
  let underWater = 0;
  let longestUnderWaterBars = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    underWater = value < peak ? underWater + 1 : 0;
    longestUnderWaterBars = Math.max(longestUnderWaterBars, underWater);
    maxDrawdownAmount = Math.max(maxDrawdownAmount, peak - value);
    maxDrawdown = Math.max(maxDrawdown, (peak - value) / peak);
  }
  return { maxDrawdown, maxDrawdownAmount, longestUnderWaterBars };
}
