import type { TakerSide, TradeSource } from "./trade.ts";

/** The sources of trades by the number that stands for each in stored and sent trades. */
export const TRADE_SOURCES: readonly TradeSource[] = ["ws", "rest", "archive", "import"];

/** What prices and quantities are multiplied by where their symbol has no scale of its own. */
export const DEFAULT_SCALE = 1e8;

/** Flag of a trade: the taker bought. */
export const TAKER_BOUGHT = 1;
/** Flag of a trade: its price is kept as the double itself. */
export const PRICE_UNSCALED = 8;
/** Flag of a trade: its quantity is kept as the double itself. */
export const QUANTITY_UNSCALED = 16;

/**
 * Returns the integer that stands for a decimal: the value times the scale.
 *
 * @example A price of two decimals, and a third of one
 * ```ts
 * import { scaled } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([scaled(0.07, 100), scaled(1 / 3, 100)], [7, null]);
 * ```
 *
 * @param value The decimal.
 * @param scale A power of ten.
 * @returns The integer, or `null` where it would not come back bit for bit.
 */
export function scaled(value: number, scale: number): number | null {
  const integer = Math.round(value * scale);
  return Number.isSafeInteger(integer) && integer / scale === value ? integer : null;
}

/**
 * Returns the flags of side and source: `TAKER_BOUGHT`, and the source's number in the bits 2 and 4.
 *
 * @example A trade that was bought, read over REST
 * ```ts
 * import { sideAndSource } from "tandem/market";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(sideAndSource("buy", "rest"), 3);
 * ```
 *
 * @param takerSide The aggressor's side.
 * @param source Where the trade was read.
 * @returns The flags, 0 to 7.
 */
export function sideAndSource(takerSide: TakerSide, source: TradeSource): number {
  return (takerSide === "buy" ? TAKER_BOUGHT : 0) | (TRADE_SOURCES.indexOf(source) << 1);
}
