import {
  BASE_INTERVAL_MS,
  type Gap,
  type QuarantinedFrame,
  type Trade,
  type TradeBar,
} from "../../market/mod.ts";
import { type StoreWriter, TradeBuffer } from "../../store/mod.ts";
import { mergeById } from "../history/trade_order.ts";

/** What waits for the next commit, and a view of the store as it will be after it. */
export class Pending {
  readonly #writer: StoreWriter;
  readonly #trades = new Map<string, TradeBuffer>();
  #tradeCount = 0;
  bars: TradeBar[] = [];
  skipped: { readonly symbol: string; readonly tradeId: number }[] = [];
  gaps: Gap[] = [];
  quarantined: QuarantinedFrame[] = [];

  constructor(writer: StoreWriter) {
    this.#writer = writer;
  }

  /** How many trades wait. */
  get tradeCount(): number {
    return this.#tradeCount;
  }

  /** The trades that wait, of each symbol as they came. */
  get buffers(): TradeBuffer[] {
    return [...this.#trades.values()].filter((trades) => trades.length > 0);
  }

  /** Adds a trade. */
  push(trade: Trade): void {
    let trades = this.#trades.get(trade.symbol);
    if (trades === undefined) {
      trades = new TradeBuffer(trade.venue, trade.symbol);
      this.#trades.set(trade.symbol, trades);
    }
    trades.push(trade);
    this.#tradeCount++;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#tradeCount + this.bars.length + this.gaps.length + this.quarantined.length === 0;
  }

  /** Forgets what waits: it is stored. */
  clear(): void {
    for (const trades of this.#trades.values()) trades.clear();
    this.#tradeCount = 0;
    this.bars = [];
    this.skipped = [];
    this.gaps = [];
    this.quarantined = [];
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
    for (const bar of this.bars) {
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
      this.#trades.get(symbol)?.has(tradeId) === true ||
      this.skipped.some((id) => id.symbol === symbol && id.tradeId === tradeId);
  }

  /** The ids in `[fromId, toId]` that were set aside, ascending. */
  setAsideIn(symbol: string, fromId: number, toId = Number.MAX_SAFE_INTEGER): number[] {
    const ids = this.#writer.quarantinedIds(symbol, fromId, toId);
    const more = this.skipped.filter((s) =>
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
    const more = this.#trades.get(symbol)?.tradesIn(fromId, toId) ?? [];
    return mergeById(stored, more.sort((a, b) => a.tradeId - b.tradeId));
  }
}

function isFromTrades(bar: { readonly tradeCount: number | null }): bar is TradeBar {
  return bar.tradeCount !== null;
}
