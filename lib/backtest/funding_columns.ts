import type { AlignedRow } from "../pairs/mod.ts";
import type { FurtherColumns } from "./columns.ts";

/** A funding payment of a perpetual contract. */
export interface FundingRate {
  /** When it fell due, ms since the epoch. */
  readonly timeMs: number;
  /** Fraction of the notional; above 0 long positions pay short ones. */
  readonly rate: number;
  /** What a unit was valued at, in quote units; > 0. @default {the close before the row} */
  readonly price?: number;
}

/** The columns of what falls due at the opens of rows and within them; of legs without rates none. */
export type FundingColumns = Pick<
  FurtherColumns,
  "fundingY" | "laterFundingY" | "fundingX" | "laterFundingX"
>;

/**
 * Returns the funding of both legs on the rows of a pair.
 *
 * A payment that falls due up to the open of a row, and after the end of the one before, is due at
 * that open: what is held into the row pays it. One that falls due within the row is paid on what is
 * held then. Into the first row nothing is held. A backtest values a payment at the close before the
 * row; of one with a price the rate is multiplied by `price / close`, so that it pays on the price.
 * O(n log n) time, O(n) space.
 *
 * @example At 08:00 and at 09:30, on hourly rows
 * ```ts
 * import { fundingColumns } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const hourMs = 3_600_000;
 * const rows = [7, 8, 9].map((hour) => ({ openTimeMs: hour * hourMs, y: 100, x: 50 }));
 * const rates = [
 *   { timeMs: 8 * hourMs, rate: 0.0001 },
 *   { timeMs: 9.5 * hourMs, rate: 0.0001, price: 200 },
 * ];
 * deepStrictEqual(fundingColumns(rows, { y: rates }, hourMs), {
 *   fundingY: new Float64Array([0, 0.0001, 0]),
 *   laterFundingY: new Float64Array([0, 0, 0.0002]),
 * });
 * ```
 *
 * @param rows Rows of the pair, oldest first.
 * @param rates Payments of each leg in any order; those before the first row or after the last are
 *   left out.
 * @param intervalMs Length of a row in ms.
 * @returns Sums of rates per row, 0 for most.
 */
export function fundingColumns(
  rows: readonly Pick<AlignedRow, "openTimeMs" | "y" | "x">[],
  { y, x }: { readonly y?: Iterable<FundingRate>; readonly x?: Iterable<FundingRate> },
  intervalMs: number,
): FundingColumns {
  const ofY = y === undefined ? null : ofLeg("y", rows, y, intervalMs);
  const ofX = x === undefined ? null : ofLeg("x", rows, x, intervalMs);
  return {
    ...(ofY === null ? {} : { fundingY: ofY.atOpen, laterFundingY: ofY.later }),
    ...(ofX === null ? {} : { fundingX: ofX.atOpen, laterFundingX: ofX.later }),
  };
}

function ofLeg(
  leg: "y" | "x",
  rows: readonly Pick<AlignedRow, "openTimeMs" | "y" | "x">[],
  rates: Iterable<FundingRate>,
  intervalMs: number,
): { atOpen: Float64Array; later: Float64Array } {
  const atOpen = new Float64Array(rows.length);
  const later = new Float64Array(rows.length);
  const startMs = rows[0]?.openTimeMs ?? Infinity;
  const sorted = [...rates].filter(({ timeMs }) => timeMs >= startMs)
    .sort((a, b) => a.timeMs - b.timeMs);
  let t = 0;
  for (const { timeMs, rate, price } of sorted) {
    while (t < rows.length && rows[t]!.openTimeMs + intervalMs <= timeMs) t++;
    if (t === rows.length) break;
    const close = rows[t - 1]?.[leg];
    const column = timeMs <= rows[t]!.openTimeMs ? atOpen : later;
    column[t]! += price === undefined || close === undefined ? rate : rate * (price / close);
  }
  return { atOpen, later };
}
