import type { Trade } from "../../market/mod.ts";

/** A trade that REST tells, and what the venue calls it. */
export interface NamedTrade {
  readonly name: string;
  readonly trade: Trade;
}

/**
 * Compares what REST tells with what a socket told. They are of one world only where some trade is
 * told by both, alike, and none that the socket told is left out in the time that the answer covers:
 * venues that aggregate on one of the two, round times or name trades twice are found out so.
 *
 * @param answer What REST tells, oldest first.
 * @param told What the socket told, by the venue's names.
 * @returns `null` where nothing is told by both yet; else whether they agree.
 */
export function agrees(
  answer: readonly NamedTrade[],
  told: ReadonlyMap<string, Trade>,
): boolean | null {
  const [first, last] = [answer[0], answer.at(-1)];
  if (first === undefined || last === undefined) return null;
  const named = new Map(answer.map(({ name, trade }) => [name, trade]));
  let shared = 0;
  for (const [name, trade] of told) {
    const same = named.get(name);
    if (same !== undefined && !isAlike(same, trade)) return false;
    if (same !== undefined) shared++;
    else if (trade.timeMs > first.trade.timeMs && trade.timeMs < last.trade.timeMs) return false;
  }
  return shared > 0 ? true : null;
}

function isAlike(a: Trade, b: Trade): boolean {
  return a.timeMs === b.timeMs && a.price === b.price && a.quantity === b.quantity &&
    a.takerSide === b.takerSide;
}
