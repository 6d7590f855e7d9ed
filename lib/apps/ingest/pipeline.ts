import { BarAggregator } from "../../bars/mod.ts";
import type { FeedEvent } from "../../feed/mod.ts";
import {
  type Gap,
  openTimeOf,
  type QuarantinedFrame,
  STORED_INTERVALS_MS,
  type Trade,
  type TradeBar,
} from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import { earliestPerSymbol } from "./late_trades.ts";
import { cutGaps, OpenGaps } from "./open_gaps.ts";
import { noTotals, type PipelineTotals } from "./pipeline_totals.ts";
import { QualityCounts } from "./quality_counts.ts";

const LONGEST_MS = Math.max(...STORED_INTERVALS_MS);

/**
 * Takes what a feed delivers to the store: trades into bars, and both, with gaps and quarantine,
 * into one transaction per `commit()`.
 */
export class Pipeline {
  readonly totals: PipelineTotals = noTotals();
  readonly #writer: StoreWriter;
  readonly #bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  readonly #watermarks = new Map<string, number>();
  readonly #closed = new Map<string, number>();
  readonly #lastIds = new Map<string, number>();
  #trades: Trade[] = [];
  #closedBars: TradeBar[] = [];
  #late: { symbol: string; timeMs: number }[] = [];
  #skipped: { symbol: string; tradeId: number }[] = [];
  #gaps: Gap[] = [];
  readonly #openGaps = new OpenGaps();
  readonly #takenUp = new Set<string>();
  #quarantined: QuarantinedFrame[] = [];
  readonly #counts: QualityCounts;

  constructor(venue: string, writer: StoreWriter) {
    this.#writer = writer;
    this.#counts = new QualityCounts(venue);
  }

  /** Trades that wait for `commit()`. */
  get pending(): number {
    return this.#trades.length;
  }

  /** The largest exchange time up to which bars of some symbol are closed, ms; `null` at first. */
  get watermarkMs(): number | null {
    return this.#watermarks.size === 0 ? null : Math.max(...this.#watermarks.values());
  }

  /** How far that is behind the exchange's clock at a local time, ms; `null` before both are known. */
  lagMs(nowMs: number): number | null {
    const { watermarkMs } = this;
    const { clockSkewMs } = this.#counts;
    if (watermarkMs === null || clockSkewMs === null) return null;
    return Math.max(0, nowMs - clockSkewMs - watermarkMs);
  }

  /** The last id of a symbol that was taken in or is stored; `null` at first. */
  lastId(symbol: string): number | null {
    return this.#lastIds.get(symbol) ?? null;
  }

  /** Exchange time up to which its bars are closed, ms; `null` at first. */
  closedUntilMs(symbol: string): number | null {
    return this.#watermarks.get(symbol) ?? null;
  }

  /**
   * Takes up a symbol, at the start or when it comes back: settles its gaps and builds the bars that
   * were open when its last trade was stored.
   */
  restore(symbol: string): void {
    this.#settleGaps(symbol);
    const lastMs = this.#writer.lastTradeTimeMs(symbol);
    const lastId = this.#writer.lastTradeIds().get(symbol);
    if (lastId === undefined) return;
    this.#lastIds.set(symbol, lastId);
    if (lastMs === null) return this.#bars.skip(symbol, lastId);
    const closedUntilMs = this.#writer.closedUntilMs(symbol);
    if (closedUntilMs !== null) this.#watermarks.set(symbol, closedUntilMs);
    // The last closed bar may still wait for the id after it.
    this.rebuild(symbol, Math.min(lastMs, closedUntilMs ?? 0));
  }

  /** Closes the gaps as far as they are repaired: ids up to the last known one were delivered. */
  #settleGaps(symbol: string): void {
    const lastId = this.#writer.lastTradeIds().get(symbol) ?? -1;
    // A crash between a loss and the trades after it: a new feed meets those ids again. The feed of
    // this process goes on after them.
    if (!this.#takenUp.has(symbol)) this.#writer.forgetLostGaps(symbol, lastId);
    this.#takenUp.add(symbol);
    const { repaired, open } = cutGaps(this.#writer.openGaps(symbol), lastId);
    this.#openGaps.restore(symbol, open);
    if (repaired.length === 0) return;
    const closedAtMs = this.#writer.lastTradeTimeMs(symbol);
    this.#writer.write({ gaps: [...repaired.map((gap) => ({ ...gap, closedAtMs })), ...open] });
  }

  /** Takes events in the order of the feed. */
  apply(events: readonly FeedEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case "trade":
          this.totals.trades++;
          this.#passed(event.trade.symbol, event.trade.tradeId, event.trade.timeMs);
          this.#trades.push(event.trade);
          this.#bars.push(event.trade);
          this.#counts.add(event.trade.symbol, "received");
          break;
        case "skipped":
          this.#lastIds.set(event.symbol, event.tradeId);
          this.#skipped.push({ symbol: event.symbol, tradeId: event.tradeId });
          this.#bars.skip(event.symbol, event.tradeId);
          break;
        case "duplicate":
          this.totals.duplicates++;
          this.#counts.add(event.symbol, "received");
          this.#counts.add(event.symbol, "duplicate");
          break;
        case "gap":
          if (event.gap.state === "open") this.totals.gaps++;
          this.#gaps.push(...this.#openGaps.told(event.gap));
          break;
        case "quarantine":
          this.totals.quarantined++;
          this.#quarantined.push(event.frame);
          if (event.frame.symbol !== null && this.#writer.isRegistered(event.frame.symbol)) {
            this.#counts.add(event.frame.symbol, "received");
          }
          break;
        case "watermark":
          for (const symbol of event.symbols) {
            // A clock that is set back, or another connection's, opens no bar again.
            const timeMs = Math.max(event.timeMs, this.#watermarks.get(symbol) ?? -Infinity);
            this.#watermarks.set(symbol, timeMs);
            this.#closed.set(symbol, timeMs);
          }
          this.#bars.advance(event.symbols, event.timeMs);
          break;
        case "status":
          if (event.status === "reconnecting") {
            for (const symbol of event.symbols) this.#counts.add(symbol, "reconnects");
          }
          break;
        case "clock":
          this.#counts.clockSkewMs = event.skewMs;
          break;
      }
    }
  }

  #passed(symbol: string, tradeId: number, timeMs: number): void {
    this.#lastIds.set(symbol, tradeId);
    const repaired = this.#openGaps.passed(symbol, tradeId, timeMs);
    if (repaired.length > 0) this.#gaps.push(...repaired);
  }

  /** Writes everything taken since the last commit, in one transaction. */
  commit(): void {
    this.#late = earliestPerSymbol([...this.#late, ...this.#bars.takeLate()]);
    for (let late = this.#late[0]; late !== undefined; late = this.#late[0]) {
      this.rebuild(late.symbol, late.timeMs);
      this.#late.shift();
      this.totals.late++;
      this.#counts.add(late.symbol, "late");
    }
    const quality = this.#counts.increments();
    // What cannot be written now is kept for the next time.
    const bars = this.#closedBars = this.#closedBars.concat(this.#bars.takeBars());
    if (
      this.#trades.length + bars.length + this.#gaps.length + this.#quarantined.length +
          quality.length === 0
    ) return;
    const { storedTrades } = this.#writer.write({
      trades: this.#trades,
      bars,
      closed: [...this.#closed].map(([symbol, timeMs]) => ({ symbol, timeMs })),
      gaps: this.#gaps,
      quarantined: this.#quarantined,
      quality,
    });
    this.totals.stored += storedTrades;
    this.totals.bars += bars.length;
    this.#closed.clear();
    this.#closedBars = [];
    this.#trades = [];
    this.#skipped = [];
    this.#gaps = [];
    this.#quarantined = [];
    this.#counts.clear();
  }

  /** Emits the open bars of a symbol as they stand, incomplete: it is not followed any more. */
  end(symbol: string): void {
    this.#bars.flush([symbol]);
    this.#watermarks.delete(symbol);
  }

  /** Stores the open bars as they stand, incomplete, with everything else. */
  drain(): void {
    this.commit();
    this.#bars.flush();
    this.commit();
    for (const symbol of this.#takenUp) this.#settleGaps(symbol);
  }

  /** Builds the bars of a symbol anew from the longest interval that holds `fromMs`. */
  rebuild(symbol: string, fromMs: number): void {
    // Bars whose trades were deleted by age stay as they are.
    const floorMs = this.#writer.tradesFromMs(symbol) ?? -Infinity;
    const startMs = Math.max(openTimeOf(fromMs, LONGEST_MS), floorMs);
    const trades = [
      ...this.#writer.tradesFrom(symbol, startMs),
      ...this.#trades.filter((t) => t.symbol === symbol),
    ];
    this.#bars.reset(symbol, startMs);
    const watermarkMs = this.#watermarks.get(symbol) ?? -Infinity;
    const [first] = trades;
    if (first === undefined) return this.#bars.advance([symbol], watermarkMs);
    if (this.#writer.isKnown(symbol, first.tradeId - 1)) this.#bars.skip(symbol, first.tradeId - 1);
    const skipped = [
      ...this.#writer.quarantinedIds(symbol, first.tradeId, Number.MAX_SAFE_INTEGER),
      ...this.#skipped.filter((s) => s.symbol === symbol).map((s) => s.tradeId),
    ];
    let k = 0;
    for (const trade of trades) {
      while (k < skipped.length && skipped[k]! < trade.tradeId) {
        this.#bars.skip(symbol, skipped[k++]!);
      }
      if (trade.timeMs >= startMs) this.#bars.push(trade);
      else this.#bars.skip(symbol, trade.tradeId);
    }
    while (k < skipped.length) this.#bars.skip(symbol, skipped[k++]!);
    this.#bars.advance([symbol], watermarkMs);
  }
}
