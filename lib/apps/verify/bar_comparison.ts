import { type Bar, formatInterval, openTimeOf, type TradeBar } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";

/** How many differences are told per symbol; all are counted. */
const SHOWN = 20;

/** How far ids and times may disagree in order, ms: so far after a floor an id may be missing. */
const DISORDER_MS = 60_000;

const FIELDS = [
  ...["open", "high", "low", "close", "volume", "quoteVolume", "tradeCount"],
  ...["takerBuyVolume", "firstTradeId", "lastTradeId"],
] as const satisfies readonly (keyof Bar)[];

/** Compares the stored bars of one symbol and interval with those its trades give, as time goes on. */
export class BarComparison {
  readonly #reader: StoreReader;
  readonly #symbol: string;
  readonly #intervalMs: number;
  readonly #expected = new Map<number, TradeBar>();
  #fromMs: number;
  /** Stored bars that were compared. */
  compared = 0;
  /** Stored bars that no stored trade can speak for: imported ones, or older than the trades. */
  unchecked = 0;
  /** Bars that differ. */
  differenceCount = 0;
  /** The first differences, a sentence each. */
  readonly differences: string[] = [];
  readonly #firstId: number;
  readonly #floorMs: number;

  /** @param from The first stored trade, and up to when trades were deleted by age. */
  constructor(
    reader: StoreReader,
    symbol: string,
    intervalMs: number,
    from: { readonly firstId: number; readonly floorMs: number },
  ) {
    this.#reader = reader;
    this.#symbol = symbol;
    this.#intervalMs = intervalMs;
    this.#firstId = from.firstId;
    this.#floorMs = from.floorMs;
    this.#fromMs = -Infinity;
  }

  /** Takes a bar that the trades give; a later one of the same time replaces it. */
  expect(bar: TradeBar): void {
    this.#expected.set(bar.openTimeMs, bar);
  }

  /** Compares everything that ends at or before `toMs`; of a running ingest the newest are still open. */
  compareUntil(toMs: number): void {
    const untilMs = toMs === Infinity ? Infinity : openTimeOf(toMs, this.#intervalMs);
    if (untilMs <= this.#fromMs) return;
    const [symbol, intervalMs] = [this.#symbol, this.#intervalMs];
    const stored = this.#reader.bars({ symbol, intervalMs, fromMs: this.#fromMs, toMs: untilMs });
    for (const bar of stored) this.#compare(bar);
    const newestMs = this.#reader.bars({ symbol, intervalMs, limit: 1 })[0]?.openTimeMs ??
      -Infinity;
    for (const bar of this.#expected.values()) {
      if (bar.openTimeMs >= untilMs) continue;
      this.#expected.delete(bar.openTimeMs);
      // Bars after the newest stored one may be open still.
      if (bar.openTimeMs < newestMs && bar.openTimeMs >= this.#floorMs) {
        this.#differ(`${nameOf(bar)} has ${bar.tradeCount} trades and is not stored`);
      }
    }
    this.#fromMs = untilMs;
  }

  #compare(bar: Bar): void {
    const own = this.#expected.get(bar.openTimeMs);
    this.#expected.delete(bar.openTimeMs);
    const { firstTradeId, openTimeMs } = bar;
    if (firstTradeId === null || firstTradeId < this.#firstId || openTimeMs < this.#floorMs) {
      this.unchecked++;
      return;
    }
    this.compared++;
    if (own === undefined) return this.#differ(`${nameOf(bar)} is stored and has no trades`);
    const field = FIELDS.find((f) => own[f] !== bar[f]);
    if (field !== undefined) {
      this.#differ(`${nameOf(bar)} has ${field} ${bar[field]}, its trades give ${own[field]}`);
    } else if (bar.complete && !own.complete && !this.#isFirstLeft(own)) {
      this.#differ(`${nameOf(bar)} says complete, its ids do not prove it`);
    }
  }

  /** The trades that proved its beginning may have been deleted by age. */
  #isFirstLeft(bar: TradeBar): boolean {
    return bar.openTimeMs < this.#floorMs + DISORDER_MS;
  }

  #differ(sentence: string): void {
    this.differenceCount++;
    if (this.differences.length < SHOWN) this.differences.push(sentence);
  }
}

function nameOf(bar: Bar): string {
  return `The ${formatInterval(bar.intervalMs)} bar of ${new Date(bar.openTimeMs).toISOString()}`;
}
