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
  const fills = new Map<number, { y: number; x: number; priceY: number; priceX: number }[]>();
  const add = (bar: number, y: number, x: number, priceY: number, priceX: number) =>
    fills.set(bar, [...(fills.get(bar) ?? []), { y, x, priceY, priceX }]);
  for (const entered of open === null ? trades : [...trades, open]) {
    add(entered.entryBar, entered.quantityY, entered.quantityX, entered.entryY, entered.entryX);
    if (!("exitBar" in entered)) continue;
    add(entered.exitBar, -entered.quantityY, -entered.quantityX, entered.exitY, entered.exitX);
  }
  const costOf = (leg: "y" | "x", t: number) => {
    const column = leg === "y" ? columns.slippageY : columns.slippageX;
    const recorded = column?.[t] ?? NaN;
    const assumed = shareOf(options.slippageBps ?? 0, leg);
    return shareOf(options.feeBps ?? 5, leg) + (recorded >= 0 ? recorded : assumed);
  };
  let [cash, heldY, heldX] = [capital, 0, 0];
  return Array.from({ length: columns.y.length }, (_, t) => {
    if (t > 0) {
      cash -= heldY * columns.y[t - 1]! * (columns.fundingY?.[t] ?? 0);
      cash -= heldX * columns.x[t - 1]! * (columns.fundingX?.[t] ?? 0);
    }
    for (const { y, x, priceY, priceX } of fills.get(t) ?? []) {
      cash -= y * priceY + x * priceX;
      cash -= Math.abs(y * priceY) * costOf("y", t) + Math.abs(x * priceX) * costOf("x", t);
      heldY += y;
      heldX += x;
    }
    return cash + heldY * columns.y[t]! + heldX * columns.x[t]!;
  });
}

function shareOf(bps: LegBps, leg: "y" | "x"): number {
  return (typeof bps === "number" ? bps : bps[leg]) / 1e4;
}
