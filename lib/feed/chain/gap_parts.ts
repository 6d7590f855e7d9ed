import { BINANCE_USDM, type Gap, venueOf } from "../../market/mod.ts";
import type { FeedEvent } from "../feed.ts";

/** Returns a gap that has just been found. */
export function opened(
  symbol: string,
  firstMissingId: number,
  lastMissingId: number,
  openedAtMs: number,
): Gap {
  const ids = { firstMissingId, lastMissingId };
  const venue = venueOf(symbol)?.code ?? BINANCE_USDM;
  return { venue, symbol, ...ids, openedAtMs, closedAtMs: null, state: "open" };
}

/** Returns a gap as filled up to its end. */
export function repaired(gap: Gap, nowMs: number): Gap {
  return { ...gap, closedAtMs: Math.max(nowMs, gap.openedAtMs), state: "repaired" };
}

/**
 * Gives up ids in a gap.
 *
 * @param gap The gap, open.
 * @param fromId The first id that it lacks; those before were delivered.
 * @param toId The last id to give up, in the gap.
 * @param nowMs Exchange time, ms since the epoch.
 * @returns The parts to tell in place of the gap; the last one is open unless all is lost.
 */
export function lostParts(gap: Gap, fromId: number, toId: number, nowMs: number): Gap[] {
  const lost = { ...repaired(gap, nowMs), firstMissingId: fromId, lastMissingId: toId };
  const parts: Gap[] = [{ ...lost, state: "lost" }];
  if (gap.firstMissingId < fromId) {
    parts.unshift(repaired({ ...gap, lastMissingId: fromId - 1 }, nowMs));
  }
  if (toId < gap.lastMissingId) parts.push({ ...gap, firstMissingId: toId + 1 });
  return parts;
}

/** Tells of gaps. */
export function tell(gaps: readonly Gap[], out: FeedEvent[]): void {
  for (const gap of gaps) out.push({ kind: "gap", gap });
}
