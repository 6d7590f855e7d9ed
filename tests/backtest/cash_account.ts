import type {
  BacktestColumns,
  BacktestOptions,
  BacktestResult,
  LegBps,
} from "../../lib/backtest/mod.ts";

/**
 * The equity of a backtest as a broker would tell it: cash plus inventory at the close.
 *
 * It knows nothing of profit per bar: it buys and sells what the trades say, pays in cash, and values
 * what it holds.
 */
export function cashEquity(
  columns: BacktestColumns,
  options: BacktestOptions,
  { trades, open, capital }: BacktestResult,
): number[] {
  type Fill = { y: number; x: number; priceY: number; priceX: number; isEnd: boolean };
  const fills = new Map<number, Fill[]>();
  const add = (bar: number, fill: Fill) => fills.set(bar, [...(fills.get(bar) ?? []), fill]);
  for (const entered of open === null ? trades : [...trades, open]) {
    const { quantityY, quantityX, entryY, entryX } = entered;
    const entry = { y: quantityY, x: quantityX, priceY: entryY, priceX: entryX, isEnd: false };
    add(entered.entryBar, entry);
    if (!("exitBar" in entered)) continue;
    const { exitY, exitX, reason } = entered;
    const exit = { y: -quantityY, x: -quantityX, priceY: exitY, priceX: exitX };
    add(entered.exitBar, { ...exit, isEnd: reason === "end" });
  }
  const costOf = (leg: "y" | "x", t: number, isEnd: boolean) => {
    const [atFills, atEnd] = leg === "y"
      ? [columns.slippageY, columns.endSlippageY]
      : [columns.slippageX, columns.endSlippageX];
    const recorded = (isEnd && atEnd !== undefined ? atEnd : atFills)?.[t] ?? NaN;
    const assumed = shareOf(options.slippageBps ?? 0, leg);
    return shareOf(options.feeBps ?? 5, leg) + (recorded >= 0 ? recorded : assumed);
  };
  let [cash, heldY, heldX] = [capital, 0, 0];
  const pay = (t: number, ratesY?: ArrayLike<number>, ratesX?: ArrayLike<number>) => {
    if (t === 0) return;
    cash -= heldY * columns.y[t - 1]! * (ratesY?.[t] ?? 0);
    cash -= heldX * columns.x[t - 1]! * (ratesX?.[t] ?? 0);
  };
  const carryOut = (t: number, isMeant: (fill: Fill) => boolean) => {
    for (const { y, x, priceY, priceX, isEnd } of (fills.get(t) ?? []).filter(isMeant)) {
      cash -= y * priceY + x * priceX;
      cash -= Math.abs(y * priceY) * costOf("y", t, isEnd);
      cash -= Math.abs(x * priceX) * costOf("x", t, isEnd);
      heldY += y;
      heldX += x;
    }
  };
  // As the day goes: the open, what is filled there, the bar, what is filled at its close.
  const isAtOpen = ({ isEnd }: Fill) => options.fill === "next-open" && !isEnd;
  return Array.from({ length: columns.y.length }, (_, t) => {
    pay(t, columns.fundingY, columns.fundingX);
    carryOut(t, isAtOpen);
    pay(t, columns.laterFundingY, columns.laterFundingX);
    carryOut(t, (fill) => !isAtOpen(fill));
    return cash + heldY * columns.y[t]! + heldX * columns.x[t]!;
  });
}

function shareOf(bps: LegBps, leg: "y" | "x"): number {
  return (typeof bps === "number" ? bps : bps[leg]) / 1e4;
}
