/** Whether a price can be used: finite and greater than 0. */
function isPrice(price: number | undefined): price is number {
  return price !== undefined && price > 0 && price < Infinity;
}

/**
 * Returns the simple return of each bar, `P(t) / P(t - 1) - 1`.
 *
 * The first return is `null`, and so is every return that touches a price that is missing, not
 * finite or not greater than 0.
 *
 * @example A rise of 10 % and a bad tick
 * ```ts
 * import { simpleReturns } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(simpleReturns([100, 125, 0, 100]), [null, 0.25, null, null]);
 * ```
 *
 * @param prices Prices, oldest first; `NaN` marks a missing one.
 * @returns One return per price, as a fraction of the previous price.
 */
export function simpleReturns(prices: ArrayLike<number>): (number | null)[] {
  return returnsBy(prices, (price, previous) => price / previous - 1);
}

/**
 * Returns the log return of each bar, `ln P(t) - ln P(t - 1)`.
 *
 * The first return is `null`, and so is every return that touches a price that is missing, not
 * finite or not greater than 0.
 *
 * @example Log returns add up
 * ```ts
 * import { logReturns } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(logReturns([1, 2, 4]), [null, Math.log(2), Math.log(4) - Math.log(2)]);
 * ```
 *
 * @param prices Prices, oldest first; `NaN` marks a missing one.
 * @returns One return per price, in log units.
 */
export function logReturns(prices: ArrayLike<number>): (number | null)[] {
  return returnsBy(prices, (price, previous) => Math.log(price) - Math.log(previous));
}

function returnsBy(
  prices: ArrayLike<number>,
  change: (price: number, previous: number) => number,
): (number | null)[] {
  return Array.from({ length: prices.length }, (_, t) => {
    const price = prices[t];
    const previous = prices[t - 1];
    return isPrice(price) && isPrice(previous) ? change(price, previous) : null;
  });
}
