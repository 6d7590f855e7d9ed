import {
  BASE_INTERVAL_MS,
  openTimeOf,
  STORED_INTERVALS_MS,
  type Trade,
  type TradeBar,
} from "../market/mod.ts";
import { type BarOutput, type OpenPart, SymbolBars } from "./symbol_bars.ts";

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
  /** Its id. */
  readonly tradeId: number;
  /** Exchange time of the trade, ms since the epoch. */
  readonly timeMs: number;
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
  readonly #output: BarOutput;
  readonly #symbols = new Map<string, SymbolBars>();
  #bars: TradeBar[] = [];
  #late: LateTrade[] = [];

  /**
   * Starts without symbols and without bars.
   *
   * @throws {RangeError} If an interval is not a positive multiple of 1 s.
   */
  constructor(options: BarAggregatorOptions = {}) {
    const intervalsMs = options.intervalsMs ?? STORED_INTERVALS_MS;
    for (const intervalMs of intervalsMs) {
      if (!(intervalMs > 0) || intervalMs % BASE_INTERVAL_MS !== 0) {
        throw new RangeError(
          `Cannot build bars as an interval must be a positive multiple of ${BASE_INTERVAL_MS} ms: current value is ${intervalMs}`,
        );
      }
    }
    this.#output = {
      emitBase: intervalsMs.includes(BASE_INTERVAL_MS),
      longerMs: intervalsMs.filter((ms) => ms !== BASE_INTERVAL_MS).toSorted((a, b) => a - b),
      emit: (bar) => void this.#bars.push(bar),
    };
  }

  /** Takes the next trade of its symbol; ids must ascend per symbol. */
  push(trade: Trade): void {
    if (!this.#of(trade.symbol).push(trade)) {
      const { symbol, tradeId, timeMs } = trade;
      this.#late.push({ symbol, tradeId, timeMs });
    }
  }

  /** Notes an id that was seen and belongs to no bar: it proves continuity all the same. */
  skip(symbol: string, tradeId: number): void {
    this.#of(symbol).skip(tradeId);
  }

  /** Closes every bar of the symbols that ends at or before `timeMs` of exchange time. */
  advance(symbols: readonly string[], timeMs: number): void {
    const untilMs = openTimeOf(timeMs, BASE_INTERVAL_MS);
    // Also of a symbol that has not traded yet: what comes later may be late.
    for (const symbol of symbols) this.#of(symbol).advance(untilMs);
  }

  /** Emits every open bar as it stands, incomplete, and forgets the symbols: those given, or all. */
  flush(symbols: Iterable<string> = [...this.#symbols.keys()]): void {
    for (const symbol of symbols) {
      this.#symbols.get(symbol)?.flush();
      this.#symbols.delete(symbol);
    }
  }

  /**
   * The part of a symbol that is not final: seconds that are open, and one that awaits the next id.
   *
   * @returns Where it begins, or would; `null` for a symbol of which nothing is known.
   */
  openPart(symbol: string): OpenPart | null {
    return this.#symbols.get(symbol)?.openPart ?? null;
  }

  /**
   * Forgets one symbol and goes on with it from a time: longer bars are merged from the seconds
   * before, those of them emitted that end by then, and its trades can be pushed again from there;
   * one before that time counts as late.
   *
   * @param symbol The symbol.
   * @param fromMs The time, ms since the epoch.
   * @param seconds Closed 1 s bars before that time, oldest first.
   */
  resume(symbol: string, fromMs = -Infinity, seconds: readonly TradeBar[] = []): void {
    const closedUntilMs = openTimeOf(fromMs, BASE_INTERVAL_MS);
    this.#symbols.set(symbol, new SymbolBars(this.#output, closedUntilMs, seconds));
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

  #of(symbol: string): SymbolBars {
    let bars = this.#symbols.get(symbol);
    if (bars === undefined) {
      bars = new SymbolBars(this.#output);
      this.#symbols.set(symbol, bars);
    }
    return bars;
  }
}
