import type { TakerSide, TradeSource } from "../market/mod.ts";

/** What prices and quantities are multiplied by where their symbol has no scale of its own. */
export const DEFAULT_SCALE = 1e8;

/** `stamp` of a stored trade is its time in ms times this, plus its flags; see the schema. */
export const STAMP_UNIT = 32;
/** Times from this on, in ms, do not fit into a stamp: the year 10889. */
export const END_OF_TIME_MS: number = 2 ** 53 / STAMP_UNIT;
/** Flag: the taker bought. */
export const TAKER_BOUGHT = 1;
/** Flag: the price is stored as the double itself. */
export const PRICE_UNSCALED = 8;
/** Flag: the quantity is stored as the double itself. */
export const QUANTITY_UNSCALED = 16;

const SOURCES: readonly TradeSource[] = ["ws", "rest", "archive", "import"];

/** The integer that stands for a decimal, or `null` where it would not come back bit for bit. */
export function scaled(value: number, scale: number): number | null {
  const integer = Math.round(value * scale);
  return Number.isSafeInteger(integer) && integer / scale === value ? integer : null;
}

/** The flags of side and source. */
export function sideAndSource(takerSide: TakerSide, source: TradeSource): number {
  return (takerSide === "buy" ? TAKER_BOUGHT : 0) | (SOURCES.indexOf(source) << 1);
}
