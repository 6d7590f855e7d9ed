import { BASE_INTERVAL_MS, openTimeOf, type Trade, type TradeBar } from "../market/mod.ts";
import { BarBuilder, type IdChain } from "./bar_builder.ts";

/** Which bars are made, and where they go. */
export interface BarOutput {
  /** The intervals longer than a second, in ms, ascending. */
  readonly longerMs: readonly number[];
  /** Whether bars of a second are emitted as well. */
  readonly emitBase: boolean;
  /** Takes a bar; a later one of the same key replaces an earlier one. */
  emit(bar: TradeBar): void;
}

/** Where the part of a symbol begins whose bars may still change as trades come. */
export interface OpenPart {
  /** Start of its first second, ms since the epoch. */
  readonly fromMs: number;
  /** The smallest id in it. */
  readonly fromId: number;
}

/** The bars of one symbol that are open, and the closed ones that an id can still complete. */
export class SymbolBars {
  readonly #output: BarOutput;
  #chain: IdChain | null = null;
  /** Seconds that are still open, in the order they were opened. */
  #open: BarBuilder[] = [];
  /** The latest second that was ever opened: one after it need not be looked for. */
  #newestMs = -Infinity;
  #closedUntilMs: number;
  /** The closed second that only lacks the id after the last known one; no other can be proven later. */
  #pending: BarBuilder | null = null;
  /** The smallest id in it and in the seconds after it that are closed as well. */
  #pendingFromId = Infinity;
  /** One growing bar per longer interval. */
  readonly #merged: (BarBuilder | null)[];
  /** Longer bars that hold the pending second and have been emitted. */
  #emitted: BarBuilder[] = [];

  /**
   * Starts without trades; every second that ends at or before a time counts as closed, and longer
   * bars go on from those given, oldest first.
   */
  constructor(
    output: BarOutput,
    closedUntilMs = -Infinity,
    seconds: readonly TradeBar[] = [],
  ) {
    this.#output = output;
    this.#closedUntilMs = closedUntilMs;
    this.#merged = output.longerMs.map(() => null);
    for (const second of seconds) {
      this.#closeMerged(second.openTimeMs, false);
      this.#merge(second);
    }
    this.#closeMerged(closedUntilMs, false);
  }

  /** Where the seconds begin that are open, or await the next id; or would, without any. */
  get openPart(): OpenPart {
    const seconds = this.#pending === null ? this.#open : [this.#pending, ...this.#open];
    const firstIds = this.#open.map((second) => second.firstTradeId);
    if (this.#pending !== null) firstIds.push(this.#pendingFromId);
    const nextId = (this.#chain?.lastId ?? -1) + 1;
    return {
      fromMs: Math.min(this.#closedUntilMs, ...seconds.map((second) => second.openTimeMs)),
      fromId: Math.min(nextId, ...firstIds),
    };
  }

  /** Takes the next trade; gives whether its second was still open. Ids must ascend. */
  push(trade: Trade): boolean {
    const chain = this.#extendChain(trade.tradeId);
    this.#resolvePending();
    if (trade.timeMs < this.#closedUntilMs) return false;
    const openTimeMs = openTimeOf(trade.timeMs, BASE_INTERVAL_MS);
    let bar = this.#open.at(-1);
    if (bar?.openTimeMs !== openTimeMs) {
      bar = openTimeMs > this.#newestMs
        ? undefined
        : this.#open.findLast((b) => b.openTimeMs === openTimeMs);
      if (bar === undefined) {
        bar = new BarBuilder(trade.venue, trade.symbol, BASE_INTERVAL_MS, openTimeMs);
        this.#open.push(bar);
        this.#newestMs = Math.max(this.#newestMs, openTimeMs);
      }
    }
    bar.add(trade, chain);
    return true;
  }

  /** Notes an id that was seen and belongs to no bar: it proves continuity all the same. */
  skip(tradeId: number): void {
    this.#extendChain(tradeId);
    this.#resolvePending();
  }

  /** Closes every bar that ends at or before `untilMs`, a multiple of a second. */
  advance(untilMs: number): void {
    if (untilMs <= this.#closedUntilMs) return;
    this.#closeSeconds(untilMs);
    this.#closedUntilMs = untilMs;
    this.#closeMerged(untilMs, false);
  }

  /** Emits every open bar as it stands, incomplete. */
  flush(): void {
    this.#closeSeconds(Infinity, true);
    this.#closeMerged(Infinity, true);
  }

  #closeSeconds(untilMs: number, asTheyStand = false): void {
    const closing = this.#open.filter((b) => b.openTimeMs < untilMs);
    if (closing.length === 0) return;
    this.#open = this.#open.filter((b) => b.openTimeMs >= untilMs);
    closing.sort((a, b) => a.openTimeMs - b.openTimeMs);
    for (const second of closing) {
      this.#closeMerged(second.openTimeMs, false);
      if (!asTheyStand && this.#awaitsNextId(second)) {
        this.#pending = second;
        this.#pendingFromId = Infinity;
        this.#emitted = [];
      }
      this.#pendingFromId = Math.min(this.#pendingFromId, second.firstTradeId);
      const bar = second.toBar(second.isProven && !asTheyStand);
      if (this.#output.emitBase) this.#output.emit(bar);
      this.#merge(bar);
    }
  }

  #merge(second: TradeBar): void {
    const { venue, symbol } = second;
    this.#output.longerMs.forEach((intervalMs, k) => {
      const openTimeMs = openTimeOf(second.openTimeMs, intervalMs);
      const merged = this.#merged[k] ??= new BarBuilder(venue, symbol, intervalMs, openTimeMs);
      merged.merge(second);
    });
  }

  #closeMerged(untilMs: number, asTheyStand: boolean): void {
    for (let k = 0; k < this.#merged.length; k++) {
      const merged = this.#merged[k];
      if (!merged || merged.openTimeMs + merged.intervalMs > untilMs) continue;
      this.#merged[k] = null;
      this.#output.emit(merged.toBar(merged.incompleteParts === 0 && !asTheyStand));
      if (this.#pending !== null && holds(merged, this.#pending)) this.#emitted.push(merged);
    }
  }

  /** Emits the last closed second again once the id after it has come. */
  #resolvePending(): void {
    const second = this.#pending;
    if (second === null) return;
    this.#pending = null;
    if (second.isProven) {
      if (this.#output.emitBase) this.#output.emit(second.toBar(true));
      for (const merged of [...this.#emitted, ...this.#merged]) {
        if (merged && holds(merged, second)) merged.incompleteParts--;
      }
      for (const merged of this.#emitted) {
        this.#output.emit(merged.toBar(merged.incompleteParts === 0));
      }
    }
    this.#emitted = [];
  }

  /** Whether the id after the last known one is all that a closed second lacks. */
  #awaitsNextId(second: BarBuilder): boolean {
    const chain = this.#chain;
    return chain !== null && second.chain === chain &&
      second.lastTradeId === chain.lastId && second.firstTradeId > chain.firstId;
  }

  #extendChain(tradeId: number): IdChain {
    const chain = this.#chain;
    if (chain !== null && tradeId === chain.lastId + 1) {
      chain.lastId = tradeId;
      return chain;
    }
    return this.#chain = { firstId: tradeId, lastId: tradeId };
  }
}

function holds(merged: BarBuilder, second: BarBuilder): boolean {
  return openTimeOf(second.openTimeMs, merged.intervalMs) === merged.openTimeMs;
}
