import type { FundingRate } from "./columns.ts";

/** Payments are due on whole hours: between two of them none can have been missed. */
const HOUR_MS = 3_600_000;

/** A rate told so long before it is due is taken for the one that was paid, ms. */
const SETTLED_MS = 60_000;

/** What is known of one payment: when it was told of, and the last rate told. */
export interface ToldFunding {
  /** When it falls due, ms since the epoch. */
  readonly dueMs: number;
  /** When it was first told of, ms since the epoch. */
  readonly firstMs: number;
  /** When it was last told of, not later than `dueMs`. */
  readonly lastMs: number;
  /** The rate that was told last, a fraction of the notional; `null` where none was. */
  readonly fundingRate: number | null;
}

/** A stretch of time: after the one and up to the other, ms since the epoch. */
export interface Stretch {
  /** Its start, exclusive. */
  readonly fromMs: number;
  /** Its end, inclusive. */
  readonly toMs: number;
}

/** The funding that fell due in a range, as far as it is known. */
export interface DueFunding {
  /** The payments, oldest first. */
  readonly rates: FundingRate[];
  /** Where a payment may have been due of which nothing is known; nothing is charged there. */
  readonly unknown: Stretch[];
}

/**
 * Returns the payments of funding that fell due in a range, and where none is known.
 *
 * A venue tells the rate of the next payment as it stands, a mean over the time since the last one.
 * The last rate told counts if it was told within the last minute before it was due, when it has
 * all but settled; an older one is not what was paid, and is no rate. Payments are taken to be due
 * on whole hours, as all venues here have them. O(n) time and space.
 *
 * @example Told up to 08:00, and again from 17:00 on: the payment of 16:00 is not known
 * ```ts
 * import { dueFunding } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const hour = (n: number) => n * 3_600_000;
 * const told = [
 *   { dueMs: hour(8), firstMs: hour(0), lastMs: hour(8) - 1_000, fundingRate: 0.0001 },
 *   { dueMs: hour(24), firstMs: hour(17), lastMs: hour(20), fundingRate: 0.0002 },
 * ];
 * deepStrictEqual(dueFunding(told, { fromMs: hour(0), toMs: hour(20) }), {
 *   rates: [{ timeMs: hour(8), rate: 0.0001 }],
 *   unknown: [{ fromMs: hour(8), toMs: hour(17) }],
 * });
 * ```
 *
 * @param told What was told, also before the range, in the order of `dueMs`.
 * @param range The range, ms since the epoch: what fell due after its start and up to its end.
 * @returns What is known, and where nothing is.
 */
export function dueFunding(told: Iterable<ToldFunding>, { fromMs, toMs }: Stretch): DueFunding {
  const due: DueFunding = { rates: [], unknown: [] };
  let knownMs = fromMs;
  const passTo = (untilMs: number) => {
    const isPossible = Math.floor(untilMs / HOUR_MS) > Math.floor(knownMs / HOUR_MS);
    if (isPossible) due.unknown.push({ fromMs: knownMs, toMs: untilMs });
    knownMs = Math.max(knownMs, untilMs);
  };
  for (const { dueMs, firstMs, lastMs, fundingRate } of told) {
    if (dueMs <= fromMs) continue;
    passTo(Math.min(firstMs, toMs));
    if (dueMs <= toMs) {
      if (fundingRate !== null && dueMs - lastMs <= SETTLED_MS) {
        due.rates.push({ timeMs: dueMs, rate: fundingRate });
      } else {
        due.unknown.push({ fromMs: Math.max(lastMs, knownMs), toMs: dueMs });
      }
    }
    knownMs = Math.max(knownMs, dueMs);
  }
  passTo(toMs);
  return due;
}
