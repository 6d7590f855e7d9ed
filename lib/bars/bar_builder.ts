import type { Trade, TradeBar } from "../market/mod.ts";

/** An unbroken run of known trade ids: every id in `[firstId, lastId]` was seen. */
export interface IdChain {
  firstId: number;
  lastId: number;
}

/** One bar being built, from trades in id order or from shorter bars in time order. */
export class BarBuilder {
  readonly venue: string;
  readonly symbol: string;
  readonly intervalMs: number;
  readonly openTimeMs: number;
  open = 0;
  high = -Infinity;
  low = Infinity;
  close = 0;
  volume = 0;
  quoteVolume = 0;
  takerBuyVolume = 0;
  tradeCount = 0;
  firstTradeId = Infinity;
  lastTradeId = -Infinity;
  /** The chain its trades belong to; `null` when they come from two. */
  chain: IdChain | null = null;
  /** For merged bars: parts that are not proven complete. */
  incompleteParts = 0;

  constructor(venue: string, symbol: string, intervalMs: number, openTimeMs: number) {
    this.venue = venue;
    this.symbol = symbol;
    this.intervalMs = intervalMs;
    this.openTimeMs = openTimeMs;
  }

  /** Adds a trade; `chain` is the run of known ids it belongs to. */
  add(trade: Trade, chain: IdChain): void {
    const { price, quantity, tradeId } = trade;
    if (this.tradeCount === 0) {
      this.open = price;
      this.chain = chain;
    } else if (this.chain !== chain) {
      this.chain = null;
    }
    if (price > this.high) this.high = price;
    if (price < this.low) this.low = price;
    this.close = price;
    this.volume += quantity;
    this.quoteVolume += price * quantity;
    if (trade.takerSide === "buy") this.takerBuyVolume += quantity;
    this.tradeCount++;
    if (tradeId < this.firstTradeId) this.firstTradeId = tradeId;
    if (tradeId > this.lastTradeId) this.lastTradeId = tradeId;
  }

  /** Adds a shorter bar that follows those added before. */
  merge(part: TradeBar): void {
    if (this.tradeCount === 0) this.open = part.open;
    if (part.high > this.high) this.high = part.high;
    if (part.low < this.low) this.low = part.low;
    this.close = part.close;
    this.volume += part.volume;
    this.quoteVolume += part.quoteVolume;
    this.takerBuyVolume += part.takerBuyVolume;
    this.tradeCount += part.tradeCount;
    if (part.firstTradeId < this.firstTradeId) this.firstTradeId = part.firstTradeId;
    if (part.lastTradeId > this.lastTradeId) this.lastTradeId = part.lastTradeId;
    if (!part.complete) this.incompleteParts++;
  }

  /** Whether the ids just before and just after its own are known, and all between. */
  get isProven(): boolean {
    const chain = this.chain;
    return chain !== null && chain.firstId < this.firstTradeId && chain.lastId > this.lastTradeId;
  }

  /** The bar as it stands. */
  toBar(complete: boolean): TradeBar {
    return {
      venue: this.venue,
      symbol: this.symbol,
      intervalMs: this.intervalMs,
      openTimeMs: this.openTimeMs,
      open: this.open,
      high: this.high,
      low: this.low,
      close: this.close,
      volume: this.volume,
      quoteVolume: this.quoteVolume,
      tradeCount: this.tradeCount,
      takerBuyVolume: this.takerBuyVolume,
      firstTradeId: this.firstTradeId,
      lastTradeId: this.lastTradeId,
      complete,
      revision: 0,
    };
  }
}
