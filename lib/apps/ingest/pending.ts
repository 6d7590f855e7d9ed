import { BASE_INTERVAL_MS, type Trade, type TradeBar } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import { mergeById } from "../history/trade_order.ts";
import type { PipelineTotals } from "./pipeline_totals.ts";
import { Waiting } from "./waiting.ts";

/**
 * What waits for the next commit, and a view of the store as it will be after it. What is being
 * written is in neither: it is to be waited for before the view is used.
 */
export class Pending {
  readonly #writer: StoreWriter;
  #waiting: Waiting;
  #leaving: Waiting;

  constructor(venue: string, writer: StoreWriter) {
    this.#writer = writer;
    this.#waiting = new Waiting(venue);
    this.#leaving = new Waiting(venue);
  }

  /** What waits. */
  get waiting(): Waiting {
    return this.#waiting;
  }

  /** Lets what waits be written: what is taken in from now on waits for the commit after that. */
  leave(): Waiting {
    [this.#waiting, this.#leaving] = [this.#leaving, this.#waiting];
    return this.#leaving;
  }

  /** What has left is stored: it is added to what was counted of that. */
  stored(totals: Pick<PipelineTotals, "bars" | "marks" | "quotes">): void {
    const { bars, marks, quotes } = this.#leaving;
    totals.bars += bars.length;
    totals.marks += marks.length;
    totals.quotes += quotes.length;
    this.#leaving.clear();
  }

  /** What has left could not be stored: it waits again, before what has come since. */
  comeBack(): void {
    const later = this.leave();
    this.#waiting.append(later);
    later.clear();
  }

  /** The trades of a symbol with ids in `[fromId, toId]`, in id order. */
  tradesIn(symbol: string, fromId: number, toId = Number.MAX_SAFE_INTEGER): Trade[] {
    const stored = this.#writer.trades({ symbol, fromId, toId });
    return this.#withPending(symbol, stored, fromId, toId);
  }

  /** Those from the first that is not earlier than a time on. */
  tradesFrom(symbol: string, fromMs: number): Trade[] {
    return this.#withPending(symbol, this.#writer.tradesFrom(symbol, fromMs));
  }

  /** The 1 s bars of a symbol in `[fromMs, toMs)`, oldest first. */
  secondsIn(symbol: string, fromMs: number, toMs: number): TradeBar[] {
    if (fromMs >= toMs) return [];
    const query = { symbol, intervalMs: BASE_INTERVAL_MS, fromMs, toMs };
    const bars = new Map<number, TradeBar>();
    for (const bar of this.#writer.bars(query)) {
      if (isFromTrades(bar)) bars.set(bar.openTimeMs, bar);
    }
    for (const bar of this.#waiting.bars) {
      if (
        bar.symbol === symbol && bar.intervalMs === BASE_INTERVAL_MS &&
        fromMs <= bar.openTimeMs && bar.openTimeMs < toMs
      ) bars.set(bar.openTimeMs, bar);
    }
    return [...bars.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
  }

  /** Whether an id is known: a trade, or set aside. */
  isKnown(symbol: string, tradeId: number): boolean {
    return this.#writer.isKnown(symbol, tradeId) ||
      this.#waiting.tradesOf(symbol)?.has(tradeId) === true ||
      this.#waiting.skipped.some((id) => id.symbol === symbol && id.tradeId === tradeId);
  }

  /** The ids in `[fromId, toId]` that were set aside, ascending. */
  setAsideIn(symbol: string, fromId: number, toId = Number.MAX_SAFE_INTEGER): number[] {
    const ids = this.#writer.quarantinedIds(symbol, fromId, toId);
    const more = this.#waiting.skipped.filter((s) =>
      s.symbol === symbol && fromId <= s.tradeId && s.tradeId <= toId
    );
    return more.length === 0 ? ids : [...ids, ...more.map((s) => s.tradeId)].sort((a, b) => a - b);
  }

  #withPending(
    symbol: string,
    stored: readonly Trade[],
    fromId = 0,
    toId = Number.MAX_SAFE_INTEGER,
  ): Trade[] {
    const more = this.#waiting.tradesOf(symbol)?.tradesIn(fromId, toId) ?? [];
    return mergeById(stored, more.sort((a, b) => a.tradeId - b.tradeId));
  }
}

function isFromTrades(bar: { readonly tradeCount: number | null }): bar is TradeBar {
  return bar.tradeCount !== null;
}
