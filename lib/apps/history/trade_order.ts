import { isSameTrade, type Trade } from "../../market/mod.ts";

/** Trades further apart than this, whose ids do not follow, are put in apart: nothing joins them. */
const APART_MS = 3_600_000;

/** Trades by id, each once; of several with one id and other values the first counts. */
export function inOrder(trades: readonly Trade[]): { trades: Trade[]; conflicts: Trade[] } {
  const isSorted = trades.every((t, k) => k === 0 || trades[k - 1]!.tradeId < t.tradeId);
  if (isSorted) return { trades: [...trades], conflicts: [] };
  const unique: Trade[] = [];
  const conflicts: Trade[] = [];
  for (const trade of trades.toSorted((a, b) => a.tradeId - b.tradeId)) {
    const last = unique.at(-1);
    if (last?.tradeId !== trade.tradeId) unique.push(trade);
    else if (!isSameTrade(last, trade)) conflicts.push(trade);
  }
  return { trades: unique, conflicts };
}

/** Cuts trades where nothing joins them: a file with interleaved months must not rebuild both. */
export function* partsOf(trades: readonly Trade[]): Generator<readonly Trade[], void, undefined> {
  let from = 0;
  for (let k = 1; k <= trades.length; k++) {
    const [a, b] = [trades[k - 1], trades[k]];
    const isApart = b !== undefined && b.tradeId > a!.tradeId + 1 &&
      Math.abs(b.timeMs - a!.timeMs) > APART_MS;
    if (b !== undefined && !isApart) continue;
    yield trades.slice(from, k);
    from = k;
  }
}

/** Trades of both lists by id; of an id that is in both the trade of the second. */
export function mergeById(a: readonly Trade[], b: readonly Trade[]): Trade[] {
  if (a.length === 0) return [...b];
  const merged: Trade[] = [];
  let k = 0;
  for (const trade of b) {
    while (k < a.length && a[k]!.tradeId < trade.tradeId) merged.push(a[k++]!);
    if (a[k]?.tradeId === trade.tradeId) k++;
    merged.push(trade);
  }
  while (k < a.length) merged.push(a[k++]!);
  return merged;
}
