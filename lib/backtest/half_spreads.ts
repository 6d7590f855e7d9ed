import type { AlignedRow } from "../pairs/mod.ts";

/** The best prices of a book at the end of a second. */
export interface SecondQuote {
  /** Start of the second, ms since the epoch. */
  readonly timeMs: number;
  /** Highest price bought at, or `null`. */
  readonly bid: number | null;
  /** Lowest price sold at, or `null`. */
  readonly ask: number | null;
}

/** A quote stands until it changes; one that is older than this says nothing, ms. */
const STANDS_MS = 60_000;
const SECOND_MS = 1_000;

/**
 * Returns what a fill loses to the middle of the book on the rows of a pair: half of the spread, as
 * a fraction of the middle, `(ask - bid) / (ask + bid)`.
 *
 * A fill at a close meets the book of the last second of its row, one at an open that of the first
 * second. The quote is the last one not after that second, at most a minute before it; where there
 * is none, or a side of it is empty, the answer is NaN. O(n) time and space.
 *
 * @example A spread of 0.1 at 100
 * ```ts
 * import { halfSpreadColumn } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const rows = [{ openTimeMs: 0 }, { openTimeMs: 60_000 }, { openTimeMs: 120_000 }];
 * const quotes = [{ timeMs: 58_000, bid: 99.95, ask: 100.05 }];
 * const column = halfSpreadColumn(rows, quotes, { intervalMs: 60_000, at: "close" });
 * deepStrictEqual(Array.from(column, (value) => Number(value.toFixed(6))), [0.0005, NaN, NaN]);
 * ```
 *
 * @param rows Rows of the pair, oldest first.
 * @param quotes Quotes of the leg, oldest first.
 * @param fill How long a row is, ms, and where in it fills are.
 * @returns One share per row, > 0, or NaN.
 */
export function halfSpreadColumn(
  rows: readonly Pick<AlignedRow, "openTimeMs">[],
  quotes: readonly SecondQuote[],
  { intervalMs, at }: { readonly intervalMs: number; readonly at: "open" | "close" },
): Float64Array {
  const column = new Float64Array(rows.length).fill(NaN);
  let next = 0;
  for (const [t, { openTimeMs }] of rows.entries()) {
    const secondMs = at === "open" ? openTimeMs : openTimeMs + intervalMs - SECOND_MS;
    while (next < quotes.length && quotes[next]!.timeMs <= secondMs) next++;
    const quote = quotes[next - 1];
    if (quote === undefined || secondMs - quote.timeMs > STANDS_MS) continue;
    const { bid, ask } = quote;
    if (bid !== null && ask !== null && ask > bid) column[t] = (ask - bid) / (ask + bid);
  }
  return column;
}
