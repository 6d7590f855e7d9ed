/** A decimal number as the venue writes it, its digits before and after the point. */
const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

/** The largest power of ten that a double holds exactly. */
const MOST_DECIMALS = 22;

/**
 * Returns contracts times their size, rounded once: the double nearest to the product of the two
 * decimals, where that has no more than 15 digits; beyond, one rounded like any product of doubles.
 *
 * @example Three tenths of a contract of 0.01 BTC
 * ```ts
 * import { baseQuantity } from "tandem/feed";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(baseQuantity("0.3", "0.01"), 0.003);
 * ```
 *
 * @param contracts How many contracts, as the venue writes it.
 * @param contractSize Base units of one, as the venue writes it.
 * @returns Base units; `NaN` where one of the two is no decimal number >= 0.
 */
export function baseQuantity(contracts: string, contractSize: string): number {
  const [count, size] = [DECIMAL.exec(contracts), DECIMAL.exec(contractSize)];
  if (count === null || size === null) return NaN;
  const decimals = (count[2] ?? "").length + (size[2] ?? "").length;
  const units = Number(count[1]! + (count[2] ?? "")) * Number(size[1]! + (size[2] ?? ""));
  // Whole numbers up to 2^53 and powers of ten up to 10^22 are exact: only the quotient is rounded.
  return Number.isSafeInteger(units) && decimals <= MOST_DECIMALS
    ? units / 10 ** decimals
    : Number(contracts) * Number(contractSize);
}
