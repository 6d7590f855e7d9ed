import { mergeBars } from "../bars/mod.ts";
import { type Bar, formatInterval, openTimeOf } from "../market/mod.ts";
import { barPages, type StoreReader } from "../store/mod.ts";

/** Intervals read at a time. */
const INTERVALS = 20_000;

/** Which bars to read. */
export interface BarSpan {
  readonly symbol: string;
  readonly intervalMs: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/**
 * Gives the bars of a symbol from the oldest on, a page at a time; those of an interval that is not
 * stored are merged from the longest stored one that divides it.
 *
 * @throws {RangeError} If no stored interval divides it.
 */
export function* barsFrom(reader: StoreReader, span: BarSpan): Generator<Bar[]> {
  const { symbol, intervalMs } = span;
  const storedMs = storedInterval(reader, symbol, intervalMs);
  const fromMs = span.fromMs === null
    ? -Infinity
    : Math.ceil(span.fromMs / intervalMs) * intervalMs;
  const toMs = span.toMs ?? Infinity;
  const pages = barPages(reader, {
    ...{ symbol, intervalMs: storedMs, fromMs, toMs, intervals: INTERVALS },
  });
  if (storedMs === intervalMs) return yield* pages;
  let rest: Bar[] = [];
  for (const page of pages) {
    const parts = [...rest, ...page];
    // The last interval may go on in the next page.
    const openMs = openTimeOf(parts.at(-1)!.openTimeMs, intervalMs);
    const whole = mergeBars(parts.filter((bar) => bar.openTimeMs < openMs), intervalMs);
    rest = parts.filter((bar) => bar.openTimeMs >= openMs);
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) yield mergeBars(rest, intervalMs);
}

const USUAL_MS = [1_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000];

function storedInterval(reader: StoreReader, symbol: string, intervalMs: number): number {
  const divisors = [...new Set([...USUAL_MS, intervalMs])]
    .filter((ms) => ms <= intervalMs && intervalMs % ms === 0)
    .sort((a, b) => b - a);
  const stored = divisors.find((ms) =>
    reader.bars({ symbol, intervalMs: ms, limit: 1 }).length > 0
  );
  if (stored !== undefined) return stored;
  throw new RangeError(
    `Cannot export bars of ${
      formatInterval(intervalMs)
    } of ${symbol} as there are none and none to merge them from: choose another interval`,
  );
}
