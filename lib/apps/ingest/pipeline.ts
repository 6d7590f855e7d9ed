import type { FeedEvent } from "../../market/mod.ts";
import type { BatchUnderWay, StoreWriter } from "../../store/mod.ts";
import { LiveBars } from "./live_bars.ts";
import { Pending } from "./pending.ts";
import { noTotals, type PipelineTotals } from "./pipeline_totals.ts";
import { settledGaps } from "./settle_gaps.ts";
import type { Waiting } from "./waiting.ts";

/**
 * Takes what a feed delivers to the store: trades into bars, and both, with gaps and quarantine,
 * into one transaction per commit. While one is written, the next gathers.
 */
export class Pipeline {
  readonly totals: PipelineTotals;
  readonly #writer: StoreWriter;
  readonly #pending: Pending;
  readonly #bars: LiveBars;
  readonly #takenUp = new Set<string>();
  readonly #isReadOn: boolean;
  #clockSkewMs: number | null = null;
  /** What is being written. */
  #underWay: BatchUnderWay | null = null;
  /** Why the last commit was none, or `null`. */
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param totals What is counted on, of one before it.
   * @param isReadOn Whether what comes goes on where it ended, by a bookmark, and not after the last
   *   stored trade.
   */
  constructor(
    venue: string,
    writer: StoreWriter,
    totals: PipelineTotals = noTotals(),
    isReadOn = false,
  ) {
    this.totals = totals;
    this.#isReadOn = isReadOn;
    this.#writer = writer;
    this.#pending = new Pending(venue, writer);
    this.#bars = new LiveBars(writer, this.#pending, (symbol) => {
      this.totals.late++;
      this.#pending.waiting.counts.add(symbol, "late");
    });
  }

  /** Trades that wait for a commit. */
  get pending(): number {
    return this.#pending.waiting.tradeCount;
  }

  /** The largest exchange time up to which bars of some symbol are closed, ms; `null` at first. */
  get watermarkMs(): number | null {
    return this.#bars.watermarkMs;
  }

  /** How far that is behind the exchange's clock at a local time, ms; `null` before both are known. */
  lagMs(nowMs: number): number | null {
    const { watermarkMs } = this;
    if (watermarkMs === null || this.#clockSkewMs === null) return null;
    return Math.max(0, nowMs - this.#clockSkewMs - watermarkMs);
  }

  /** The highest id of a symbol that was taken in, lost or is stored; `null` at first. */
  lastId(symbol: string): number | null {
    return this.#bars.lastId(symbol);
  }

  /** Exchange time up to which its bars are closed, ms; `null` at first. */
  closedUntilMs(symbol: string): number | null {
    return this.#bars.closedUntilMs(symbol);
  }

  /**
   * Takes up a symbol, at the start or when it comes back: settles its gaps and builds the bars that
   * were open when its last trade was stored.
   */
  restore(symbol: string): void {
    this.#land();
    this.#settleGaps(symbol);
    this.#bars.restore(symbol, this.#writer.lastTradeId(symbol));
  }

  /** Cuts the open gaps by what is stored: the feed that told of them has ended. */
  #settleGaps(symbol: string): void {
    const storedId = this.#writer.lastTradeId(symbol) ?? -1;
    // The process ended between a loss and the trades after it: a new feed meets those ids again. The
    // feed of this process goes on after them, and so does who reads on in a log.
    if (this.#isReadOn) {
      const lostId = this.#writer.lastLostId(symbol, storedId);
      if (lostId !== null) this.#bars.pass(symbol, lostId);
    } else if (!this.#takenUp.has(symbol)) this.#writer.forgetLostGaps(symbol, storedId);
    this.#takenUp.add(symbol);
    const lastId = Math.max(storedId, this.#bars.lastId(symbol) ?? -1);
    const open = this.#writer.openGaps(symbol);
    if (open.length === 0 || lastId < 0) return;
    const gaps = settledGaps(open, {
      lastId,
      lastTimeMs: this.#writer.lastTradeTimeMs(symbol),
      missingRuns: (fromId, toId) => this.#writer.missingRuns(symbol, fromId, toId),
    });
    this.#writer.write({ gaps });
  }

  /** Takes events in the order of the feed. */
  apply(events: readonly FeedEvent[]): void {
    const { waiting } = this.#pending;
    const { counts } = waiting;
    for (const event of events) {
      switch (event.kind) {
        case "trade":
          this.totals.trades++;
          waiting.push(event.trade);
          this.#bars.push(event.trade);
          counts.add(event.trade.symbol, "received");
          break;
        case "skipped":
          waiting.skipped.push(event);
          this.#bars.skip(event.symbol, event.tradeId);
          break;
        case "duplicate":
          this.totals.duplicates++;
          counts.add(event.symbol, "received");
          counts.add(event.symbol, "duplicate");
          break;
        case "gap":
          if (event.gap.state === "open") this.totals.gaps++;
          waiting.gaps.push(event.gap);
          if (event.gap.state !== "lost") break;
          // The feed goes on after it.
          this.#bars.pass(event.gap.symbol, event.gap.lastMissingId);
          break;
        case "quarantine":
          this.totals.quarantined++;
          waiting.quarantined.push(event.frame);
          if (event.frame.symbol !== null && this.#writer.isRegistered(event.frame.symbol)) {
            counts.add(event.frame.symbol, "received");
          }
          break;
        case "watermark":
          this.#bars.advance(event.symbols, event.timeMs);
          for (const symbol of event.symbols) {
            waiting.closed.set(symbol, this.#bars.closedUntilMs(symbol)!);
          }
          break;
        case "status":
          if (event.status === "reconnecting") {
            for (const symbol of event.symbols) counts.add(symbol, "reconnects");
          }
          break;
        case "clock":
          this.#clockSkewMs = event.skewMs;
          break;
      }
    }
  }

  /** What waits besides, to be added to: marks, quotes, and places in a log, stored with the rest. */
  get beside(): Pick<Waiting, "marks" | "quotes" | "bookmarks"> {
    return this.#pending.waiting;
  }

  /** Writes everything taken since the last commit, in one transaction. */
  commit(): void {
    this.beginCommit();
    this.endCommit();
  }

  /**
   * Begins to write it; what is taken from now on is for the commit after this one.
   *
   * @returns Resolves when `endCommit()` need not wait.
   */
  beginCommit(): Promise<void> {
    this.#land();
    this.#bars.settle();
    return this.#pending.waiting.isEmpty ? Promise.resolve() : this.#begin();
  }

  /** Commits also what is worth no commit by itself: nobody else will. */
  #commitAll(): void {
    this.#land();
    this.#bars.settle();
    this.#begin();
    this.endCommit();
  }

  #begin(): Promise<void> {
    this.#failure = null;
    this.#underWay = this.#writer.begin(this.#pending.leave().toBatch(this.#clockSkewMs));
    return this.#underWay.settled;
  }

  /**
   * Waits for the end of the commit that was begun last, if it is not known yet.
   *
   * @throws {StoreError} If nothing of it could be written: it waits again.
   */
  endCommit(): void {
    this.#land();
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Waits for what is being written: the store tells of it then, or it waits again. */
  #land(): void {
    const batch = this.#underWay;
    if (batch === null) return;
    this.#underWay = null;
    try {
      this.totals.stored += batch.settle().storedTrades;
      this.#pending.stored(this.totals);
    } catch (error) {
      this.#failure = { error };
      this.#pending.comeBack();
    }
  }

  /** Emits the open bars of a symbol as they stand, incomplete: it is not followed any more. */
  end(symbol: string): void {
    this.#land();
    this.#bars.flush(symbol);
  }

  /** Stores all there is of symbols that another process goes on with, as `drain()`; forgets them. */
  leave(symbols: ReadonlySet<string>): void {
    this.commit();
    for (const symbol of symbols) this.#bars.flush(symbol);
    this.#commitAll();
    for (const symbol of symbols) {
      this.#settleGaps(symbol);
      this.#bars.forget(symbol);
      this.#takenUp.delete(symbol);
    }
  }

  /** Stores the open bars as they stand, incomplete, with everything else. */
  drain(): void {
    this.commit();
    this.#bars.flush();
    this.#commitAll();
    for (const symbol of this.#takenUp) this.#settleGaps(symbol);
  }

  /** Builds the bars of a symbol anew from its trades, from a time on. */
  rebuild(symbol: string, fromMs: number): void {
    this.#land();
    this.#bars.rebuild(symbol, fromMs);
  }
}
