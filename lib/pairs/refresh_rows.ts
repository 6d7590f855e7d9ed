import type { Trade } from "../market/mod.ts";
import type { AlignedRow } from "./aligned_row.ts";
import type { Leg } from "./leg_bars.ts";

/** What a row needs of a trade. */
export type Tick = Pick<Trade, "timeMs" | "price">;

/**
 * Makes rows of raw trades in event time: one whenever both legs have traded since the row before
 * (refresh times; Barndorff-Nielsen, Hansen, Lunde and Shephard, 2011).
 *
 * Both prices of a row are new, so none is stale and nothing is carried forward: readings, signals
 * and backtests count rows instead of seconds. A row bears the time of the trade that completed it,
 * and is settled when time has gone on: of one instant the last price of each leg counts, whichever
 * leg was heard first. That no trade is missing in between is for the feed to know. O(1) per trade.
 *
 * @example Three trades of y wait for one of x
 * ```ts
 * import { RefreshAligner } from "tandem/pairs";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const aligner = new RefreshAligner();
 * strictEqual(aligner.push("y", { timeMs: 10, price: 5 }), null);
 * strictEqual(aligner.push("y", { timeMs: 20, price: 6 }), null);
 * strictEqual(aligner.push("x", { timeMs: 25, price: 3 }), null);
 * const row = aligner.advance(26)!;
 * deepStrictEqual([row.row, row.openTimeMs, row.y, row.x], [0, 25, 6, 3]);
 * ```
 */
export class RefreshAligner {
  readonly #price: Record<Leg, number> = { y: NaN, x: NaN };
  readonly #isNew: Record<Leg, boolean> = { y: false, x: false };
  #next = 0;
  #timeMs = -Infinity;

  /**
   * Takes the next trade of a leg.
   *
   * @param leg Which leg traded.
   * @param tick Its time and price; trades of both legs come in the order of their times.
   * @returns The row that was complete before it, or `null`.
   * @throws {RangeError} If time goes back or the price is not > 0.
   */
  push(leg: Leg, tick: Tick): AlignedRow | null {
    const { timeMs, price } = tick;
    if (!(timeMs >= this.#timeMs) || !(price > 0 && price < Infinity)) {
      throw new RangeError(
        `Cannot use a trade as its time must not go back and its price be > 0: current values are ${timeMs} and ${price}`,
      );
    }
    const row = this.advance(timeMs);
    this.#timeMs = timeMs;
    this.#price[leg] = price;
    this.#isNew[leg] = true;
    return row;
  }

  /**
   * Says that no trade before a time will come any more.
   *
   * @param timeMs The time, ms since the epoch.
   * @returns The row that is settled by it, or `null`.
   */
  advance(timeMs: number): AlignedRow | null {
    if (!this.#isNew.y || !this.#isNew.x || !(this.#timeMs < timeMs)) return null;
    this.#isNew.y = this.#isNew.x = false;
    return {
      row: this.#next++,
      openTimeMs: this.#timeMs,
      y: this.#price.y,
      x: this.#price.x,
      stale: false,
      complete: true,
      revision: 0,
    };
  }
}

/**
 * Returns the rows of two series of trades in event time: `RefreshAligner` in one go.
 *
 * @example Two rows
 * ```ts
 * import { refreshRows } from "tandem/pairs";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const ticks = (...times: number[]) => times.map((timeMs) => ({ timeMs, price: timeMs }));
 * const rows = refreshRows(ticks(1, 2, 7), ticks(4, 5, 6));
 * deepStrictEqual(rows.map((row) => [row.y, row.x]), [[2, 4], [7, 6]]);
 * ```
 *
 * @param y Trades of the dependent leg, in the order of their times.
 * @param x Trades of the hedge leg.
 * @returns The rows, numbered from 0.
 * @throws {RangeError} If times go back or a price is not > 0.
 */
export function refreshRows(y: readonly Tick[], x: readonly Tick[]): AlignedRow[] {
  const aligner = new RefreshAligner();
  const rows: AlignedRow[] = [];
  let [i, j] = [0, 0];
  while (i < y.length || j < x.length) {
    const isY = j >= x.length || (i < y.length && y[i]!.timeMs <= x[j]!.timeMs);
    const row = isY ? aligner.push("y", y[i++]!) : aligner.push("x", x[j++]!);
    if (row !== null) rows.push(row);
  }
  const last = aligner.advance(Infinity);
  return last === null ? rows : [...rows, last];
}
