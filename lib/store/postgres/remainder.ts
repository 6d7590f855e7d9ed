import type { QualityIncrement, WriteBatch } from "../writer.ts";

/** What of a batch must not be written twice, and what the batch is known by. */
export interface Once {
  /** Its counters. */
  readonly quality: readonly QualityIncrement[];
  /** How many frames it set aside. */
  readonly frames: number;
  /** By symbol, the first of its trades and how many there were. */
  readonly heads: ReadonlyMap<string, Head>;
}

/** A batch in whose commit the connection was lost. */
export interface Doubt {
  readonly once: Once;
  /** How many trades it stored; `null` where the server counted them. */
  readonly stored: number | null;
}

interface Head {
  readonly tradeId: number;
  readonly count: number;
}

/** Takes note of what must not be written twice, as it is now; `null` where there is nothing. */
export function onceOf(batch: WriteBatch): Once | null {
  const { quality = [], quarantined = [] } = batch;
  if (quality.length + quarantined.length === 0) return null;
  return {
    quality: quality.map((q) => ({ ...q })),
    frames: quarantined.length,
    heads: headsOf(batch),
  };
}

/**
 * Whether a batch is another try of one: it begins with the same trades, and counts at least as
 * much, as what came since stands after what was there.
 */
export function isTriedAgain(batch: WriteBatch, once: Once): boolean {
  const { quality = [], quarantined = [] } = batch;
  const bySymbol = new Map(quality.map((q) => [q.symbol, q]));
  const heads = headsOf(batch);
  return quarantined.length >= once.frames && once.quality.every((before) => {
    const now = bySymbol.get(before.symbol);
    return now !== undefined && COUNTERS.every((name) => (now[name] ?? 0) >= (before[name] ?? 0));
  }) && once.heads.entries().every(([symbol, before]) => {
    const now = heads.get(symbol);
    return now?.tradeId === before.tradeId && now.count >= before.count;
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

function headsOf({ trades = [], buffers = [] }: WriteBatch): Map<string, Head> {
  const heads = new Map<string, Head>();
  const add = (symbol: string, tradeId: number, count: number) => {
    const head = heads.get(symbol) ?? { tradeId, count: 0 };
    heads.set(symbol, { ...head, count: head.count + count });
  };
  for (const { symbol, tradeId } of trades) add(symbol, tradeId, 1);
  for (const { symbol, length, columns } of buffers) {
    if (length > 0) add(symbol, columns.tradeId[0]!, length);
  }
  return heads;
}
