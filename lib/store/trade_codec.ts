import type { TakerSide, TradeSource } from "../market/mod.ts";

/** Decimal places that stored prices and quantities keep as integers. */
const SCALE = 1e8;

/** `flags` of a stored trade, see the schema. */
export const TAKER_BOUGHT = 1;
export const PRICE_UNSCALED = 8;
export const QUANTITY_UNSCALED = 16;

const SOURCES: readonly TradeSource[] = ["ws", "rest", "archive", "import"];

/** The integer that stands for a decimal, or `null` where it would not come back bit for bit. */
export function scaled(value: number): number | null {
  const integer = Math.round(value * SCALE);
  return Number.isSafeInteger(integer) && integer / SCALE === value ? integer : null;
}

/** The inverse of `scaled()`. */
export function unscaled(stored: number, isUnscaled: boolean): number {
  return isUnscaled ? stored : stored / SCALE;
}

/** The flags of side and source. */
export function sideAndSource(takerSide: TakerSide, source: TradeSource): number {
  return (takerSide === "buy" ? TAKER_BOUGHT : 0) | (SOURCES.indexOf(source) << 1);
}

/** The source in the flags. */
export function sourceOf(flags: number): TradeSource {
  return SOURCES[(flags >> 1) & 3]!;
}
