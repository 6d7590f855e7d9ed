import { BarAggregator } from "../../bars/mod.ts";
import { BASE_INTERVAL_MS, openTimeOf, STORED_INTERVALS_MS, type Trade } from "../../market/mod.ts";
import type { StoreWriter } from "../../store/mod.ts";
import { pushInOrder } from "../history/push_in_order.ts";
import { amendBars, type LateId } from "./amend_bars.ts";
import type { Pending } from "./pending.ts";

const LONGEST_MS = Math.max(...STORED_INTERVALS_MS);

/**
 * The bars of a pipeline: those of ids that ascend as they come, and amended ones where an id is
 * late, as it is after a gap that the feed has left, or where a clock was wrong. Bars go to what is
 * pending.
 */
export class LiveBars {
  readonly #writer: StoreWriter;
  readonly #pending: Pending;
  readonly #onLate: (symbol: string) => void;
  readonly #bars = new BarAggregator({ intervalsMs: STORED_INTERVALS_MS });
  readonly #watermarks = new Map<string, number>();
  readonly #lastIds = new Map<string, number>();
  readonly #late = new Map<string, LateId[]>();
  /** Symbols of which an amended bar waits for the id after the newest. */
  readonly #awaitsNext = new Set<string>();

  /** @param onLate Called for each late trade. */
  constructor(writer: StoreWriter, pending: Pending, onLate: (symbol: string) => void) {
    this.#writer = writer;
    this.#pending = pending;
    this.#onLate = onLate;
  }

  /** The largest exchange time up to which bars of some symbol are closed, ms; `null` at first. */
  get watermarkMs(): number | null {
    return this.#watermarks.size === 0 ? null : Math.max(...this.#watermarks.values());
  }

  /** Exchange time up to which the bars of a symbol are closed, ms; `null` at first. */
  closedUntilMs(symbol: string): number | null {
    return this.#watermarks.get(symbol) ?? null;
  }

  /** The highest id of a symbol that was taken in, lost or is stored; `null` at first. */
  lastId(symbol: string): number | null {
    return this.#lastIds.get(symbol) ?? null;
  }

  /** Takes note that a symbol has come to an id, which may be no trade. */
  pass(symbol: string, id: number): void {
    this.#lastIds.set(symbol, Math.max(id, this.#lastIds.get(symbol) ?? -1));
  }

  /** Takes a trade that is pending. */
  push(trade: Trade): void {
    if (this.#isNewest(trade.symbol, trade.tradeId)) this.#bars.push(trade);
    else this.#addLate(trade.symbol, trade);
  }

  /** Takes an id that was set aside and is pending. */
  skip(symbol: string, tradeId: number): void {
    if (this.#isNewest(symbol, tradeId)) this.#bars.skip(symbol, tradeId);
    else this.#addLate(symbol, { tradeId, timeMs: null });
  }

  /** Closes bars up to a time, ms since the epoch; a clock that is set back opens none again. */
  advance(symbols: readonly string[], timeMs: number): void {
    for (const symbol of symbols) {
      this.#watermarks.set(symbol, Math.max(timeMs, this.#watermarks.get(symbol) ?? -Infinity));
    }
    this.#bars.advance(symbols, timeMs);
  }

  /** Makes the bars that were closed or touched since the last time pending. */
  settle(): void {
    // What was emitted so far is amended, too.
    this.#take();
    for (const late of this.#bars.takeLate()) this.#addLate(late.symbol, late);
    for (const [symbol, late] of this.#late) {
      this.#amend(symbol, late);
      this.#late.delete(symbol);
    }
    this.#take();
  }

  /** Emits open bars as they stand, incomplete: of all symbols, or of one that is not followed on. */
  flush(symbol?: string): void {
    this.settle();
    if (symbol === undefined) this.#bars.flush();
    else {
      this.#bars.flush([symbol]);
      this.#watermarks.delete(symbol);
    }
    this.#take();
  }

  /** Forgets a symbol whose open bars were emitted: another process goes on with it. */
  forget(symbol: string): void {
    this.#lastIds.delete(symbol);
    this.#late.delete(symbol);
    this.#awaitsNext.delete(symbol);
  }

  /** Takes up a symbol where it was left: builds the bars that were open when that was stored. */
  restore(symbol: string, lastId: number | null): void {
    const closedUntilMs = this.#writer.closedUntilMs(symbol);
    if (closedUntilMs !== null) this.advance([symbol], closedUntilMs);
    if (lastId === null) return;
    this.pass(symbol, lastId);
    const lastTimeMs = this.#writer.lastTradeTimeMs(symbol);
    // The last closed bar may still wait for the id after it.
    this.rebuild(symbol, Math.min(lastTimeMs ?? Infinity, closedUntilMs ?? 0));
  }

  /** Builds the bars of a symbol anew from its trades, from a time on. */
  rebuild(symbol: string, fromMs: number): void {
    const openMs = this.#bars.openPart(symbol)?.fromMs ?? Infinity;
    const startMs = openTimeOf(Math.min(fromMs, openMs), BASE_INTERVAL_MS);
    this.#resume(symbol, startMs, this.#pending.tradesFrom(symbol, startMs));
  }

  /** Whether an id continues its symbol; one of a gap that the feed has left does not. */
  #isNewest(symbol: string, tradeId: number): boolean {
    if (tradeId <= (this.#lastIds.get(symbol) ?? -1)) return false;
    this.#lastIds.set(symbol, tradeId);
    if (this.#awaitsNext.delete(symbol)) this.#addLate(symbol, { tradeId, timeMs: null });
    return true;
  }

  #addLate(symbol: string, { tradeId, timeMs }: LateId): void {
    this.#late.getOrInsertComputed(symbol, () => []).push({ tradeId, timeMs });
    if (timeMs !== null) this.#onLate(symbol);
  }

  #take(): void {
    this.#pending.waiting.bars.push(...this.#bars.takeBars());
  }

  /** Amends the bars that late ids of a symbol touch. */
  #amend(symbol: string, late: readonly LateId[]): void {
    const pending = this.#pending;
    const open = this.#bars.openPart(symbol) ?? { fromMs: Infinity, fromId: Infinity };
    const { bars, openFromId } = amendBars(pending, symbol, late, open, this.#floorMs(symbol));
    pending.waiting.bars.push(...bars);
    const newestId = this.#lastIds.get(symbol);
    if (bars.some((bar) => bar.lastTradeId === newestId)) this.#awaitsNext.add(symbol);
    if (openFromId === null) return;
    this.#resume(symbol, open.fromMs, pending.tradesIn(symbol, openFromId));
  }

  /** Goes on with the open bars of a symbol from a second on, of which these are the trades. */
  #resume(symbol: string, fromMs: number, trades: readonly Trade[]): void {
    const bars = this.#bars;
    const pending = this.#pending;
    const startMs = Math.max(fromMs, this.#floorMs(symbol));
    const seconds = pending.secondsIn(symbol, openTimeOf(startMs, LONGEST_MS), startMs);
    bars.resume(symbol, startMs, seconds);
    const firstId = trades[0]?.tradeId ?? (this.#lastIds.get(symbol) ?? 0) + 1;
    if (pending.isKnown(symbol, firstId - 1)) bars.skip(symbol, firstId - 1);
    pushInOrder(bars, symbol, {
      trades,
      setAside: pending.setAsideIn(symbol, firstId),
      isPart: (trade) => trade.timeMs >= startMs,
    });
    bars.advance([symbol], this.#watermarks.get(symbol) ?? -Infinity);
  }

  /** Bars before this time stay as they are: their trades were deleted by age. */
  #floorMs(symbol: string): number {
    return this.#writer.tradesFromMs(symbol) ?? -Infinity;
  }
}
