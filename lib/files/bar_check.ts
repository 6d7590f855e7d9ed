import type { Bar } from "../market/mod.ts";

const PRICES = ["open", "high", "low", "close"] as const;

const OTHERS = [
  ...["quoteVolume", "tradeCount", "takerBuyVolume", "firstTradeId", "lastTradeId"],
] as const satisfies readonly (keyof Bar)[];

/** Whether nothing was traded in an interval: venues write a row for it, a bar it is not. */
export function wasQuiet(bar: Bar): boolean {
  if (bar.volume !== 0) return false;
  const isFlat = bar.open === bar.close && bar.high === bar.low;
  return bar.tradeCount === null ? isFlat : bar.tradeCount === 0;
}

/** Why a row is no bar, as the end of a sentence; `null` where it is one. */
export function problemOf(bar: Bar): string | null {
  for (const field of PRICES) {
    if (!(bar[field] > 0 && bar[field] < Infinity)) return `its ${field} is no price above 0`;
  }
  if (bar.high < Math.max(bar.open, bar.close, bar.low)) return "its high is not its highest price";
  if (bar.low > Math.min(bar.open, bar.close)) return "its low is not its lowest price";
  if (!(bar.volume >= 0 && bar.volume < Infinity)) return "its volume is no number >= 0";
  for (const field of OTHERS) {
    const value = bar[field];
    if (value !== null && !(value >= 0 && value < Infinity)) {
      return `its ${field} is no number >= 0`;
    }
  }
  return null;
}

/** Whether two bars of one symbol, interval and open time tell the same. */
export function isSameBar(a: Bar, b: Bar): boolean {
  return [...PRICES, "volume" as const, ...OTHERS].every((field) => a[field] === b[field]);
}
