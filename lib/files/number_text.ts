import type { Cell } from "./row.ts";

/**
 * Returns the number a cell holds, or `NaN` where it holds none.
 *
 * Only decimal digits count: `0x10`, `Infinity`, `NaN` and the empty cell are not numbers.
 *
 * @param cell The cell, without spaces around it.
 * @param decimalComma Whether the comma is the decimal separator.
 */
export function numberIn(cell: Cell, decimalComma = false): number {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : NaN;
  const text = decimalComma ? cell.replace(",", ".") : cell;
  const first = text.charCodeAt(0);
  const isSigned = first === 43 || first === 45;
  const digit = isSigned ? text.charCodeAt(1) : first;
  if (!(digit >= 48 && digit <= 57 || digit === 46)) return NaN;
  // 0x, 0b and 0o are numbers to JavaScript only.
  if (digit === 48 && /^[+-]?0[a-df-z]/i.test(text)) return NaN;
  return Number(text);
}

/** Returns the whole number a cell of digits holds, in `[0, 2^53)`, or `NaN`. */
export function wholeNumberIn(cell: Cell): number {
  const value = numberIn(cell);
  return Number.isSafeInteger(value) && value >= 0 ? value : NaN;
}

/** Returns whether cells name columns: none is a number, and most are words. */
export function isHeader(cells: readonly string[]): boolean {
  const words = cells.filter((cell) => /\p{L}/u.test(cell)).length;
  return words >= Math.ceil(cells.length / 2) &&
    !cells.some((cell) => !Number.isNaN(numberIn(cell)));
}

/** Returns whether numbers are written `1,5`. */
export function hasDecimalComma(cells: readonly string[]): boolean {
  return cells.some((cell) => /^\d+,\d+$/.test(cell)) && !cells.some((c) => c.includes("."));
}
