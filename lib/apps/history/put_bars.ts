import { mergeBars } from "../../bars/mod.ts";
import { type Bar, openTimeOf, STORED_INTERVALS_MS } from "../../market/mod.ts";
import type { StoreReader, StoreWriter } from "../../store/mod.ts";
import type { BarBatch, BarsReceipt } from "./history.ts";

/** So many intervals are looked up at once. */
const PER_READ = 10_000;

/**
 * Stores bars that come without trades, and the longer stored intervals merged from them, in one
 * transaction. A bar whose trades are stored stays as they tell it.
 */
export function putBars(writer: StoreWriter, reader: StoreReader, batch: BarBatch): BarsReceipt {
  const { venue, symbol, intervalMs } = batch;
  writer.register(venue, symbol, null);
  const bars = batch.bars.toSorted((a, b) => a.openTimeMs - b.openTimeMs);
  const counts = { stored: 0, changed: 0, duplicates: 0, fromTrades: 0 };
  const toWrite: Bar[] = [];
  for (let k = 0; k < bars.length;) {
    const fromMs = bars[k]!.openTimeMs;
    const toMs = fromMs + PER_READ * intervalMs;
    const known = new Map(
      reader.bars({ symbol, intervalMs, fromMs, toMs }).map((bar) => [bar.openTimeMs, bar]),
    );
    for (; k < bars.length && bars[k]!.openTimeMs < toMs; k++) {
      const bar = bars[k]!;
      const prior = known.get(bar.openTimeMs);
      known.set(bar.openTimeMs, bar);
      if (prior === undefined) counts.stored++;
      else if (isFromTrades(reader, prior)) counts.fromTrades++;
      else if (isSame(prior, bar)) counts.duplicates++;
      else counts.changed++;
      if (prior === undefined || !isSame(prior, bar) && !isFromTrades(reader, prior)) {
        toWrite.push(bar);
      }
    }
  }
  if (toWrite.length > 0) {
    writer.write({ bars: [...toWrite, ...longerBars(reader, symbol, intervalMs, toWrite)] });
  }
  return counts;
}

/** The longer bars that hold these; parts of them may have been stored before. */
function longerBars(
  reader: StoreReader,
  symbol: string,
  intervalMs: number,
  written: readonly Bar[],
): Bar[] {
  return STORED_INTERVALS_MS
    .filter((longerMs) => longerMs > intervalMs && longerMs % intervalMs === 0)
    .flatMap((longerMs) => {
      const fromMs = openTimeOf(written[0]!.openTimeMs, longerMs);
      const toMs = openTimeOf(written.at(-1)!.openTimeMs, longerMs) + longerMs;
      const parts = new Map<number, Bar>();
      for (const bar of reader.bars({ symbol, intervalMs, fromMs, toMs })) {
        parts.set(bar.openTimeMs, bar);
      }
      for (const bar of written) parts.set(bar.openTimeMs, bar);
      const touched = new Set(written.map((bar) => openTimeOf(bar.openTimeMs, longerMs)));
      const known = new Map(
        reader.bars({ symbol, intervalMs: longerMs, fromMs, toMs }).map((b) => [b.openTimeMs, b]),
      );
      return mergeBars([...parts.values()], longerMs).filter((bar) => {
        const prior = known.get(bar.openTimeMs);
        return touched.has(bar.openTimeMs) &&
          (prior === undefined || !isFromTrades(reader, prior));
      });
    });
}

function isFromTrades(reader: StoreReader, bar: Bar): boolean {
  const { symbol, firstTradeId } = bar;
  if (firstTradeId === null) return false;
  return reader.trades({ symbol, fromId: firstTradeId, toId: firstTradeId }).length > 0;
}

const FIELDS = [
  ...["open", "high", "low", "close", "volume", "quoteVolume", "tradeCount"],
  ...["takerBuyVolume", "firstTradeId", "lastTradeId"],
] as const satisfies readonly (keyof Bar)[];

function isSame(a: Bar, b: Bar): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}
