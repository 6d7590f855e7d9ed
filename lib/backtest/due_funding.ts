import type { FundingRate } from "./funding_columns.ts";

/** Payments are due on whole hours: between two of them none can have been missed. */
const HOUR_MS = 3_600_000;

/** A rate told so long before it is due is taken for the one that was paid, ms. */
const SETTLED_MS = 60_000;

/** What was told last before a whole hour. */
export interface ToldFunding {
  /** The hour, ms since the epoch. */
  readonly hourMs: number;
  /** When it was told, before the hour, ms since the epoch. */
  readonly toldMs: number;
  /** When the next payment was to fall due, ms since the epoch; `null` where none was told. */
  readonly dueMs: number | null;
  /** The rate as it stood, a fraction of the notional; `null` where none was told. */
  readonly fundingRate: number | null;
  /** What a unit was valued at then, in quote units; > 0. */
  readonly markPrice: number;
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
 * all but settled, and with it the mark price, on which it is paid; an older one is not what was
 * paid, and is no rate. What was told last also says
 * that nothing falls due before then; that nothing falls due at all holds for an hour. Payments are
 * taken to be due on whole hours, as all venues here have them. O(n) time and space.
 *
 * @example Told up to 08:00, and again from 17:00 on: the payment of 16:00 is not known
 * ```ts
 * import { dueFunding } from "tandem/backtest";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const hour = (n: number) => n * 3_600_000;
 * const told = Array.from({ length: 20 }, (_, k) => k + 1).map((n) => ({
 *   hourMs: hour(n),
 *   toldMs: hour(n < 9 || n > 17 ? n : 8) - 1_000,
 *   dueMs: hour(n < 18 ? 8 : 24),
 *   fundingRate: 0.0001,
 *   markPrice: 50,
 * }));
 * deepStrictEqual(dueFunding(told, { fromMs: hour(0), toMs: hour(20) }), {
 *   rates: [{ timeMs: hour(8), rate: 0.0001, price: 50 }],
 *   unknown: [{ fromMs: hour(8), toMs: hour(17) }],
 * });
 * ```
 *
 * @param told What was told last before each hour of the range; hours of which nothing is known may
 *   be left out.
 * @param range The range, ms since the epoch, without both of its ends: into its start nothing is
 *   held, and what falls due at its end comes after it.
 * @returns What is known, and where nothing is.
 */
export function dueFunding(told: Iterable<ToldFunding>, { fromMs, toMs }: Stretch): DueFunding {
  const byHour = new Map<number, ToldFunding>();
  for (const each of told) byHour.set(each.hourMs, each);
  const rates: FundingRate[] = [];
  const unknown: { fromMs: number; toMs: number }[] = [];
  let hourMs = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS;
  for (let beforeMs = fromMs; hourMs < toMs; beforeMs = hourMs, hourMs += HOUR_MS) {
    const told = byHour.get(hourMs);
    const rate = rateAt(hourMs, told);
    if (rate === "none") continue;
    const last = unknown.at(-1);
    if (rate !== null) rates.push({ timeMs: hourMs, rate, price: told!.markPrice });
    else if (last?.toMs === beforeMs) last.toMs = hourMs;
    else unknown.push({ fromMs: beforeMs, toMs: hourMs });
  }
  return { rates, unknown };
}

/** The rate that fell due at an hour; `null` where that is not known. */
function rateAt(hourMs: number, told: ToldFunding | undefined): number | "none" | null {
  if (told === undefined) return null;
  const { toldMs, dueMs, fundingRate } = told;
  if (dueMs === null) return hourMs - toldMs <= HOUR_MS ? "none" : null;
  if (dueMs > hourMs) return "none";
  return dueMs === hourMs && hourMs - toldMs <= SETTLED_MS ? fundingRate : null;
}
