import { type BacktestColumns, checkColumns } from "./columns.ts";
import { Ledger } from "./ledger.ts";
import { type BacktestOptions, type CheckedOptions, checkOptions } from "./options.ts";
import type { OpenPosition, PairTrade } from "./pair_trade.ts";
import { type ExitReason, FLAT_SIGNAL, nextSignal, type Side, type SignalState } from "./signal.ts";

/** What a backtest did, in quote units. Columns have one value per bar, after the bar. */
export interface BacktestResult {
  /** Side held: 1, -1 or 0. */
  readonly position: Int8Array;
  /** What prices brought in the bar, before costs. */
  readonly gross: Float64Array;
  /** Fees, slippage and funding paid in the bar; below 0 where funding was received. */
  readonly cost: Float64Array;
  /** `gross - cost`. */
  readonly net: Float64Array;
  /** Capital plus all net so far. */
  readonly equity: Float64Array;
  /** Round trips, oldest first. */
  readonly trades: readonly PairTrade[];
  /** What is still held after the last bar, or `null`. */
  readonly open: OpenPosition | null;
  /** Sum of `gross`; it includes what an open position has made so far. */
  readonly totalGross: number;
  /** `fees + slippage + funding`, the sum of `cost`. */
  readonly totalCost: number;
  /** `totalGross - totalCost`. */
  readonly totalNet: number;
  /** Fees paid. */
  readonly fees: number;
  /** What fills lost to slippage. */
  readonly slippage: number;
  /** Funding paid; below 0 when more was received. */
  readonly funding: number;
  /** Gross of each leg; they add up to `totalGross`. */
  readonly legs: { readonly y: number; readonly x: number };
  /** Notional of all fills of both legs. */
  readonly tradedNotional: number;
  /** Capital of the options. */
  readonly capital: number;
}

/** A decision that waits for its price. */
type Order =
  | { readonly side: Side; readonly hedgeRatio: number; readonly size: number }
  | { readonly side: 0; readonly reason: ExitReason };

/**
 * Runs the signal over the bars of a pair and keeps the books.
 *
 * Per bar, in this order: what is held is marked from close to close and pays the funding due at the
 * open; an order of the bar before is filled (`next-open` at the open and marked to the close,
 * `next-close` at the close); funding due within the bar is paid on what is held after a fill at the
 * open, or before one at the close; the signal decides with this bar's z-score and hedge ratio; with
 * `close` the decision is filled at this very close. The hedge ratio is the one of the decision,
 * the quantities are fixed until exit: `units` `qy = side G / (Py + |b| Px)`, `qx = -b qy`; `dollar`
 * the same for notionals, `Ny = side G / (1 + |b|)`. A fill costs `(fee + slippage) / 1e4` of each
 * leg's traded notional, so a round trip pays four times. An entry that could only be filled in the
 * last bar is not made.
 *
 * A bar that is not tradable is marked, but neither decides nor fills: an order waits.
 *
 * O(n) time and space.
 *
 * @example Bought at -2, left at 0, at the next closes
 * ```ts
 * import { backtest } from "tandem/backtest";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const { trades, totalNet, equity } = backtest(
 *   {
 *     y: [100, 100, 100, 105, 110, 110],
 *     x: [50, 50, 50, 50, 50, 50],
 *     zScore: [0, -2, -1, 0, 1, 1],
 *     hedgeRatio: [2, 2, 2, 2, 2, 2],
 *   },
 *   { sizing: "units", grossNotional: 2_000, capital: 1_000, feeBps: 0 },
 * );
 * deepStrictEqual(trades.map((t) => [t.entryBar, t.exitBar, t.quantityY, t.reason]), [
 *   [2, 4, 10, "exit"],
 * ]);
 * strictEqual(totalNet, 100);
 * deepStrictEqual(Array.from(equity), [1_000, 1_000, 1_000, 1_050, 1_100, 1_100]);
 * ```
 *
 * @param columns Prices, z-scores and hedge ratios, one per bar, oldest first.
 * @param options Thresholds of the signal, sizes, fills and costs.
 * @returns Columns, trades and totals.
 * @throws {RangeError} If an option is out of range, columns differ in length or a price is not > 0.
 * @throws {TypeError} If fills at the open are asked for without opens.
 */
export function backtest(columns: BacktestColumns, options: BacktestOptions): BacktestResult {
  const checked = checkOptions(options);
  checkColumns(columns, checked.fill === "next-open");
  const ledger = new Ledger(columns, checked);
  const position = runSignal(columns, checked, ledger);
  const { gross, cost, fees, slippage, funding, grossY, grossX } = ledger;
  const net = new Float64Array(gross.length);
  const equity = new Float64Array(gross.length);
  let total = checked.capital;
  for (let t = 0; t < gross.length; t++) {
    net[t] = gross[t]! - cost[t]!;
    total += net[t]!;
    equity[t] = total;
  }
  const totalGross = grossY + grossX;
  const totalCost = fees + slippage + funding;
  return {
    position,
    gross,
    cost,
    net,
    equity,
    trades: ledger.trades,
    open: ledger.position,
    totalGross,
    totalCost,
    totalNet: totalGross - totalCost,
    fees,
    slippage,
    funding,
    legs: { y: grossY, x: grossX },
    tradedNotional: ledger.traded,
    capital: checked.capital,
  };
}

/** The event loop; answers the side held after each bar. */
export function runSignal(
  columns: BacktestColumns,
  options: CheckedOptions,
  ledger: Ledger,
): Int8Array {
  const { y, x, zScore, hedgeRatio, tradable, size } = columns;
  const { fill, rules } = options;
  const isAtOpen = fill === "next-open";
  const fillY = isAtOpen ? columns.yOpen! : y;
  const fillX = isAtOpen ? columns.xOpen! : x;
  const last = y.length - 1;
  const delay = fill === "close" ? 0 : 1;
  const held = new Int8Array(y.length);
  // One record for all bars: the signal keeps nothing of it, and the loop allocates nothing.
  const bar = { bar: 0, zScore: NaN, hedgeRatio: NaN, tradable: true, canEnter: true };
  let state = FLAT_SIGNAL;
  let order: Order | null = null;
  for (let t = 0; t <= last; t++) {
    ledger.mark(t);
    if (!isAtOpen) ledger.payLater(t);
    bar.bar = t;
    bar.zScore = zScore[t]!;
    bar.hedgeRatio = hedgeRatio[t]!;
    bar.tradable = tradable === undefined || tradable[t] !== 0;
    bar.canEnter = t + delay < last && (size === undefined || size[t]! > 0);
    if (order !== null && bar.tradable) {
      // An entry that had to wait until the last bar is of no use any more.
      if (order.side === 0 || t < last) carryOut(ledger, order, t, fillY[t]!, fillX[t]!);
      order = null;
    }
    if (isAtOpen) ledger.payLater(t);
    const next = nextSignal(state, bar, rules);
    if (next.position !== state.position) {
      order = orderOf(next, hedgeRatio[t]!, size === undefined ? 1 : size[t]!);
      if (delay === 0) {
        carryOut(ledger, order, t, fillY[t]!, fillX[t]!);
        order = null;
      }
    }
    state = next;
    held[t] = ledger.position?.side ?? 0;
  }
  if (options.closeAtEnd && ledger.position !== null) {
    ledger.leave(last, "end", y[last]!, x[last]!);
    held[last] = 0;
  }
  return held;
}

function orderOf(state: SignalState, hedgeRatio: number, size: number): Order {
  return state.position === 0
    ? { side: 0, reason: state.reason as ExitReason }
    : { side: state.position, hedgeRatio, size };
}

function carryOut(ledger: Ledger, order: Order, t: number, priceY: number, priceX: number): void {
  if (order.side === 0) ledger.leave(t, order.reason, priceY, priceX);
  else ledger.enter(t, order, priceY, priceX);
}
