import type { StoreReader } from "../../store/mod.ts";

/** Ids read at a time. */
const PAGE = 20_000;

/** Returns the first id from `fromId` on that is neither stored nor set aside. */
export function firstUnknownId(reader: StoreReader, symbol: string, fromId: number): number {
  const setAside = new Set(reader.quarantinedIds(symbol));
  let next = fromId;
  while (true) {
    const page = reader.trades({ symbol, fromId: next, toId: next + PAGE - 1 });
    const stored = new Set(page.map((t) => t.tradeId));
    const before = next;
    while (stored.has(next) || setAside.has(next)) next++;
    if (next < before + PAGE) return next;
  }
}

/**
 * Returns whether ids prove that every trade of `[fromMs, toMs)` is stored: an unbroken run of them
 * begins before it and ends after it.
 */
export function isStretchWhole(
  reader: StoreReader,
  symbol: string,
  fromMs: number,
  toMs: number,
): boolean {
  const [first] = reader.trades({ symbol, fromMs, toMs, limit: 1 });
  if (first === undefined) return false;
  const id = first.tradeId - 1;
  const [before] = reader.trades({ symbol, fromId: id, toId: id });
  if (before === undefined || before.timeMs >= fromMs) return false;
  const last = firstUnknownId(reader, symbol, first.tradeId) - 1;
  const [after] = reader.trades({ symbol, fromId: last, toId: last });
  return after !== undefined && after.timeMs >= toMs;
}
