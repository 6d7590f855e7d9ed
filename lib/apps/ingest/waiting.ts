import type { Gap, Mark, QuarantinedFrame, Quote, Trade, TradeBar } from "../../market/mod.ts";
import { TradeBuffer, type WriteBatch } from "../../store/mod.ts";
import { QualityCounts } from "./quality_counts.ts";

/** An id that was set aside. */
export interface SkippedId {
  readonly symbol: string;
  readonly tradeId: number;
}

/** What was taken in and is to be written together. */
export class Waiting {
  readonly #trades = new Map<string, TradeBuffer>();
  #tradeCount = 0;
  bars: TradeBar[] = [];
  skipped: SkippedId[] = [];
  gaps: Gap[] = [];
  marks: Mark[] = [];
  quotes: Quote[] = [];
  quarantined: QuarantinedFrame[] = [];
  /** By symbol, up to when its bars are closed. */
  readonly closed = new Map<string, number>();
  /** By name, up to where something kept elsewhere was taken up. */
  readonly bookmarks = new Map<string, number>();
  readonly counts: QualityCounts;

  /** @param venue The venue of symbols of no known one. */
  constructor(venue: string) {
    this.counts = new QualityCounts(venue);
  }

  /** How many trades there are. */
  get tradeCount(): number {
    return this.#tradeCount;
  }

  /** Whether there is nothing. */
  get isEmpty(): boolean {
    const { bars, gaps, marks, quotes, quarantined } = this;
    const rows = [bars, gaps, marks, quotes, quarantined];
    return this.#tradeCount === 0 && rows.every(({ length }) => length === 0) &&
      this.counts.isEmpty;
  }

  /** The trades of a symbol, or `undefined` if there never were any. */
  tradesOf(symbol: string): TradeBuffer | undefined {
    return this.#trades.get(symbol);
  }

  /** Adds a trade. */
  push(trade: Trade): void {
    this.#bufferOf(trade).push(trade);
    this.#tradeCount++;
  }

  /** Adds what was taken in later. */
  append(later: Waiting): void {
    for (const trades of later.#trades.values()) this.#bufferOf(trades).append(trades);
    this.#tradeCount += later.#tradeCount;
    this.bars.push(...later.bars);
    this.skipped.push(...later.skipped);
    this.gaps.push(...later.gaps);
    this.marks = this.marks.concat(later.marks);
    this.quotes = this.quotes.concat(later.quotes);
    this.quarantined.push(...later.quarantined);
    for (const [symbol, timeMs] of later.closed) this.closed.set(symbol, timeMs);
    for (const [name, place] of later.bookmarks) this.bookmarks.set(name, place);
    this.counts.append(later.counts);
  }

  /** Forgets everything; the room that trades took is used again. */
  clear(): void {
    for (const trades of this.#trades.values()) trades.clear();
    this.#tradeCount = 0;
    this.bars = [];
    this.skipped = [];
    this.gaps = [];
    this.marks = [];
    this.quotes = [];
    this.quarantined = [];
    this.closed.clear();
    this.bookmarks.clear();
    this.counts.clear();
  }

  /** All of it, to be written; `clockSkewMs` is told with the counts of the venue. */
  toBatch(clockSkewMs: number | null): WriteBatch {
    const { bars, gaps, marks, quotes, quarantined, bookmarks } = this;
    return {
      buffers: [...this.#trades.values()].filter((trades) => trades.length > 0),
      ...{ bars, gaps, marks, quotes, quarantined, bookmarks },
      closed: [...this.closed].map(([symbol, timeMs]) => ({ symbol, timeMs })),
      quality: this.counts.increments(clockSkewMs),
    };
  }

  #bufferOf({ venue, symbol }: { readonly venue: string; readonly symbol: string }): TradeBuffer {
    let trades = this.#trades.get(symbol);
    if (trades === undefined) {
      trades = new TradeBuffer(venue, symbol);
      this.#trades.set(symbol, trades);
    }
    return trades;
  }
}
