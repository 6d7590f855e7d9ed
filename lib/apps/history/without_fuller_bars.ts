import { STORED_INTERVALS_MS, type TradeBar } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";

/**
 * Returns the bars that may be stored where trades were deleted by age: one that is stored and was
 * made of more trades than are left knows more, and stays.
 */
export function withoutFullerBars(
  reader: StoreReader,
  symbol: string,
  bars: readonly TradeBar[],
  fromMs: number,
  toMs: number,
): readonly TradeBar[] {
  const floorMs = reader.symbols().find((s) => s.symbol === symbol)?.tradesFromMs ?? null;
  if (floorMs === null || fromMs >= floorMs) return bars;
  const counts = new Map<string, number>();
  for (const intervalMs of STORED_INTERVALS_MS) {
    for (const bar of reader.bars({ symbol, intervalMs, fromMs, toMs })) {
      counts.set(`${intervalMs} ${bar.openTimeMs}`, bar.tradeCount ?? 0);
    }
  }
  return bars.filter((bar) =>
    (counts.get(`${bar.intervalMs} ${bar.openTimeMs}`) ?? 0) <= bar.tradeCount
  );
}
