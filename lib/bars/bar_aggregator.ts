import { BASE_INTERVAL_MS, openTimeOf, type Trade, type TradeBar } from "../market/mod.ts";
import { BarBuilder, type IdChain } from "./bar_builder.ts";

/** How a `BarAggregator` works. */
export interface BarAggregatorOptions {
  /**
   * The intervals to emit, in ms: 1,000 and multiples of it.
   *
   * @default {[1_000, 60_000, 300_000]}
   */
  intervalsMs?: readonly number[];
}

/** A trade whose second had already been closed when it came. */
export interface LateTrade {
  /** Its symbol. */
  readonly symbol: string;
  /** Exchange time of the trade, ms since the epoch. */
  readonly timeMs: number;
}

interface SymbolBars {
  chain: IdChain | null;
  /** Seconds that are still open, in the order they were opened. */
  open: BarBuilder[];
  /** The latest second that was ever opened: one after it need not be looked for. */
  newestMs: number;
  /** Every second that ends at or before this time is closed. */
  closedUntilMs: number;
  /** The closed second that only lacks the id after the last known one; no other can be proven later. */
  pending: BarBuilder | null;
  /** One growing bar per longer interval. */
  merged: (BarBuilder | null)[];
  /** Longer bars that hold it and have been emitted. */
  emitted: BarBuilder[];
}

/**
 * Turns trades into 1 s bars and merges those into longer ones.
 *
 * A second is closed by `advance()`, that is by exchange time, never by a clock or by the next
 * trade: trades of one second may come in any order of time as long as their ids ascend. A closed
 * bar is complete when the ids before its first and after its last trade are known; a second closed
 * before the next id came is emitted as incomplete and once more when the id has come. Sums are
 * taken in id order within the second and over ascending seconds in longer bars, so that the same
 * trades always give the same bits.
 *
 * A trade of a second that is already closed is not merged: it is listed by `takeLate()`, and the
 * owner of the stored trades rebuilds the bars it touches.
 *
 * @example Two seconds of one symbol
 * ```ts
 * import { BarAggregator } from "tandem/bars";
 * import type { Trade } from "tandem/market";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const trade = (tradeId: number, timeMs: number, price: number): Trade => ({
 *   venue: "binance-usdm", symbol: "BTCUSDT", tradeId, timeMs, price, quantity: 1,
 *   takerSide: "buy", source: "ws",
 * });
 * const bars = new BarAggregator({ intervalsMs: [1_000] });
 * for (const t of [trade(1, 100, 10), trade(2, 1_200, 11), trade(3, 2_300, 12)]) bars.push(t);
 * bars.advance(["BTCUSDT"], 2_000);
 * deepStrictEqual(
 *   bars.takeBars().map((b) => [b.openTimeMs, b.close, b.complete]),
 *   [[0, 10, false], [1_000, 11, true]],
 * );
 * ```
 */
export class BarAggregator {
  readonly #intervalsMs: readonly number[];
  readonly #emitBase: boolean;
  readonly #symbols = new Map<string, SymbolBars>();
  #bars: TradeBar[] = [];
  #late: LateTrade[] = [];

  /**
   * Starts without symbols and without bars.
   *
   * @throws {RangeError} If an interval is not a positive multiple of 1 s.
   */
  constructor(options: BarAggregatorOptions = {}) {
    const intervalsMs = options.intervalsMs ?? [1_000, 60_000, 300_000];
    for (const intervalMs of intervalsMs) {
      if (!(intervalMs > 0) || intervalMs % BASE_INTERVAL_MS !== 0) {
        throw new RangeError(
          `Cannot build bars as an interval must be a positive multiple of ${BASE_INTERVAL_MS} ms: current value is ${intervalMs}`,
        );
      }
    }
    this.#emitBase = intervalsMs.includes(BASE_INTERVAL_MS);
    this.#intervalsMs = intervalsMs.filter((ms) => ms !== BASE_INTERVAL_MS).toSorted((a, b) =>
      a - b
    );
  }

  /** Takes the next trade of its symbol; ids must ascend per symbol. */
  push(trade: Trade): void {
    const state = this.#state(trade.symbol);
    const chain = extendChain(state, trade.tradeId);
    this.#resolvePending(state);
    if (trade.timeMs < state.closedUntilMs) {
      this.#late.push({ symbol: trade.symbol, timeMs: trade.timeMs });
      return;
    }
    const openTimeMs = openTimeOf(trade.timeMs, BASE_INTERVAL_MS);
    let bar = state.open.at(-1);
    if (bar?.openTimeMs !== openTimeMs) {
      bar = openTimeMs > state.newestMs
        ? undefined
        : state.open.findLast((b) => b.openTimeMs === openTimeMs);
      if (bar === undefined) {
        bar = new BarBuilder(trade.venue, trade.symbol, BASE_INTERVAL_MS, openTimeMs);
        state.open.push(bar);
        state.newestMs = Math.max(state.newestMs, openTimeMs);
      }
    }
    bar.add(trade, chain);
  }

  /** Notes an id that was seen and belongs to no bar: it proves continuity all the same. */
  skip(symbol: string, tradeId: number): void {
    const state = this.#state(symbol);
    extendChain(state, tradeId);
    this.#resolvePending(state);
  }

  /** Closes every bar of the symbols that ends at or before `timeMs` of exchange time. */
  advance(symbols: readonly string[], timeMs: number): void {
    const untilMs = openTimeOf(timeMs, BASE_INTERVAL_MS);
    for (const symbol of symbols) {
      // Also of a symbol that has not traded yet: what comes later may be late.
      const state = this.#state(symbol);
      if (untilMs <= state.closedUntilMs) continue;
      this.#closeSeconds(state, untilMs);
      state.closedUntilMs = untilMs;
      this.#closeMerged(state, untilMs, false);
    }
  }

  /** Emits every open bar as it stands, incomplete, and forgets the symbols: those given, or all. */
  flush(symbols: Iterable<string> = [...this.#symbols.keys()]): void {
    for (const symbol of symbols) {
      const state = this.#symbols.get(symbol);
      if (state === undefined) continue;
      this.#closeSeconds(state, Infinity, true);
      this.#closeMerged(state, Infinity, true);
      this.#symbols.delete(symbol);
    }
  }

  /**
   * Forgets one symbol, so that its stored trades can be pushed again from `fromMs` on; a trade
   * before that time counts as late.
   */
  reset(symbol: string, fromMs = -Infinity): void {
    this.#symbols.delete(symbol);
    this.#state(symbol).closedUntilMs = openTimeOf(fromMs, BASE_INTERVAL_MS);
  }

  /** The bars emitted since the last call, oldest first per symbol; a later one of the same key replaces an earlier one. */
  takeBars(): TradeBar[] {
    const bars = this.#bars;
    this.#bars = [];
    return bars;
  }

  /** The late trades since the last call. */
  takeLate(): LateTrade[] {
    const late = this.#late;
    this.#late = [];
    return late;
  }

  #state(symbol: string): SymbolBars {
    let state = this.#symbols.get(symbol);
    if (state === undefined) {
      state = {
        chain: null,
        open: [],
        newestMs: -Infinity,
        closedUntilMs: -Infinity,
        pending: null,
        merged: this.#intervalsMs.map(() => null),
        emitted: [],
      };
      this.#symbols.set(symbol, state);
    }
    return state;
  }

  #closeSeconds(state: SymbolBars, untilMs: number, asTheyStand = false): void {
    const closing = state.open.filter((b) => b.openTimeMs < untilMs);
    if (closing.length === 0) return;
    state.open = state.open.filter((b) => b.openTimeMs >= untilMs);
    closing.sort((a, b) => a.openTimeMs - b.openTimeMs);
    for (const second of closing) {
      this.#closeMerged(state, second.openTimeMs, false);
      if (!asTheyStand && awaitsNextId(state, second)) {
        state.pending = second;
        state.emitted = [];
      }
      const bar = second.toBar(second.isProven && !asTheyStand);
      if (this.#emitBase) this.#bars.push(bar);
      this.#intervalsMs.forEach((intervalMs, k) => {
        const openTimeMs = openTimeOf(second.openTimeMs, intervalMs);
        const merged = state.merged[k] ??= new BarBuilder(
          second.venue,
          second.symbol,
          intervalMs,
          openTimeMs,
        );
        merged.merge(bar);
      });
    }
  }

  #closeMerged(state: SymbolBars, untilMs: number, asTheyStand: boolean): void {
    for (let k = 0; k < state.merged.length; k++) {
      const merged = state.merged[k];
      if (!merged || merged.openTimeMs + merged.intervalMs > untilMs) continue;
      state.merged[k] = null;
      this.#bars.push(merged.toBar(merged.incompleteParts === 0 && !asTheyStand));
      if (state.pending !== null && holds(merged, state.pending)) state.emitted.push(merged);
    }
  }

  /** Emits the last closed second again once the id after it has come. */
  #resolvePending(state: SymbolBars): void {
    const second = state.pending;
    if (second === null) return;
    state.pending = null;
    if (second.isProven) {
      if (this.#emitBase) this.#bars.push(second.toBar(true));
      for (const merged of [...state.emitted, ...state.merged]) {
        if (merged && holds(merged, second)) merged.incompleteParts--;
      }
      for (const merged of state.emitted) {
        this.#bars.push(merged.toBar(merged.incompleteParts === 0));
      }
    }
    state.emitted = [];
  }
}

/** Whether the id after the last known one is all that a closed second lacks. */
function awaitsNextId(state: SymbolBars, second: BarBuilder): boolean {
  return state.chain !== null && second.chain === state.chain &&
    second.lastTradeId === state.chain.lastId && second.firstTradeId > state.chain.firstId;
}

function holds(merged: BarBuilder, second: BarBuilder): boolean {
  return openTimeOf(second.openTimeMs, merged.intervalMs) === merged.openTimeMs;
}

function extendChain(state: SymbolBars, tradeId: number): IdChain {
  const chain = state.chain;
  if (chain !== null && tradeId === chain.lastId + 1) {
    chain.lastId = tradeId;
    return chain;
  }
  return state.chain = { firstId: tradeId, lastId: tradeId };
}
