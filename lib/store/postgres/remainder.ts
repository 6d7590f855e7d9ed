import type { QualityIncrement, WriteBatch } from "../writer.ts";

/** What of a batch must not be written twice: its counters, and how many frames it set aside. */
export interface Once {
  readonly quality: readonly QualityIncrement[];
  readonly frames: number;
}

/** Takes note of what must not be written twice, as it is now. */
export function onceOf({ quality = [], quarantined = [] }: WriteBatch): Once {
  return { quality: quality.map((q) => ({ ...q })), frames: quarantined.length };
}

/** Whether a batch is another try of one, which may have grown since. */
export function isTriedAgain({ quality = [], quarantined = [] }: WriteBatch, once: Once): boolean {
  const bySymbol = new Map(quality.map((q) => [q.symbol, q]));
  return quarantined.length >= once.frames && once.quality.every((before) => {
    const now = bySymbol.get(before.symbol);
    return now !== undefined && COUNTERS.every((name) => (now[name] ?? 0) >= (before[name] ?? 0));
  });
}

/**
 * What is still to be written of a batch of which an earlier try was written. Trades, bars and gaps
 * can be written any number of times.
 */
export function remainder(batch: WriteBatch, once: Once): WriteBatch {
  const written = new Map(once.quality.map((q) => [q.symbol, q]));
  return {
    ...batch,
    quality: (batch.quality ?? []).map((q) => less(q, written.get(q.symbol))),
    quarantined: (batch.quarantined ?? []).slice(once.frames),
  };
}

const COUNTERS = ["received", "duplicate", "late", "reconnects"] as const;

function less(q: QualityIncrement, before: QualityIncrement | undefined): QualityIncrement {
  if (before === undefined) return q;
  const counts = COUNTERS.map((name) => [name, (q[name] ?? 0) - (before[name] ?? 0)]);
  return { ...q, ...Object.fromEntries(counts) };
}
