import type { Gap } from "../../market/mod.ts";

/**
 * The gaps that are known to be open, so that each is settled also when the feed that opened it
 * never tells: after a restart, or when a symbol was removed and comes back.
 */
export class OpenGaps {
  readonly #bySymbol = new Map<string, Gap[]>();

  /** Takes up the open gaps of a symbol as they are stored. */
  restore(symbol: string, gaps: readonly Gap[]): void {
    this.#keep(symbol, [...gaps]);
  }

  /** Takes what a feed tells of a gap; returns what is to be stored with it, in order. */
  told(gap: Gap): Gap[] {
    const { symbol, firstMissingId, lastMissingId, openedAtMs } = gap;
    const cut: Gap[] = [];
    const others: Gap[] = [];
    for (const open of this.#bySymbol.get(symbol) ?? []) {
      if (open.firstMissingId < firstMissingId && open.lastMissingId >= firstMissingId) {
        // Ids leave a feed in order: those before this gap have come.
        cut.push(repaired({ ...open, lastMissingId: firstMissingId - 1 }, openedAtMs));
      } else if (open.firstMissingId < firstMissingId || open.firstMissingId > lastMissingId) {
        others.push(open);
      }
    }
    this.#keep(symbol, gap.state === "open" ? [...others, gap] : others);
    return [...cut, gap];
  }

  /** Takes note that an id was delivered; returns the gaps that it proves to be repaired. */
  passed(symbol: string, tradeId: number, timeMs: number): Gap[] {
    const gaps = this.#bySymbol.get(symbol);
    if (gaps === undefined || gaps.every((gap) => gap.lastMissingId >= tradeId)) return [];
    this.#keep(symbol, gaps.filter((gap) => gap.lastMissingId >= tradeId));
    return gaps.filter((gap) => gap.lastMissingId < tradeId).map((gap) => repaired(gap, timeMs));
  }

  #keep(symbol: string, gaps: Gap[]): void {
    if (gaps.length === 0) this.#bySymbol.delete(symbol);
    else this.#bySymbol.set(symbol, gaps);
  }
}

function repaired(gap: Gap, timeMs: number): Gap {
  return { ...gap, closedAtMs: Math.max(timeMs, gap.openedAtMs), state: "repaired" };
}

/** Cuts open gaps after the last id that was delivered: what lies before it is repaired. */
export function cutGaps(
  gaps: readonly Gap[],
  lastId: number,
): { readonly repaired: readonly Gap[]; readonly open: readonly Gap[] } {
  return {
    repaired: gaps.filter((gap) => gap.firstMissingId <= lastId).map((gap) => ({
      ...gap,
      lastMissingId: Math.min(gap.lastMissingId, lastId),
      state: "repaired",
    })),
    open: gaps.filter((gap) => gap.lastMissingId > lastId).map((gap) => ({
      ...gap,
      firstMissingId: Math.max(gap.firstMissingId, lastId + 1),
    })),
  };
}
