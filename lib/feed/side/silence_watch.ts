/** A symbol of which nothing was told for too long. */
export interface Silence {
  readonly symbol: string;
  /** How often in a row it was found silent, this time included. */
  readonly times: number;
}

interface Heard {
  /** When it was last heard of or asked for, local ms; `null` while nothing can be heard. */
  sinceMs: number | null;
  times: number;
}

/** Between two looks that find a symbol silent passes at most so many times `quietMs`. */
const MOST_QUIETS = 64;

/**
 * Finds symbols of which nothing is told any more, each again after twice the time. Pure: times come
 * in. What a symbol has to tell by nature is for the caller to know: a book may well stand still.
 */
export class SilenceWatch {
  readonly #quietMs: number;
  readonly #heard = new Map<string, Heard>();

  /** @param quietMs After how long without a word a symbol is first found silent, ms. */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Something was told of a symbol. */
  heard(symbol: string, nowMs: number): void {
    const heard = this.#of(symbol);
    heard.sinceMs = nowMs;
    heard.times = 0;
  }

  /** Symbols were asked for: from now on they should be heard of. */
  asked(symbols: Iterable<string>, nowMs: number): void {
    for (const symbol of symbols) this.#of(symbol).sinceMs = nowMs;
  }

  /** There was no connection: nothing could be heard before they are asked for again. */
  interrupt(symbols: Iterable<string>): void {
    for (const symbol of symbols) {
      const heard = this.#heard.get(symbol);
      if (heard !== undefined) heard.sinceMs = null;
    }
  }

  /** Forgets the symbols that are not among these. */
  retain(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#heard.keys()) if (!symbols.has(symbol)) this.#heard.delete(symbol);
  }

  /** The symbols that are found silent now. */
  look(nowMs: number): Silence[] {
    const silent: Silence[] = [];
    for (const [symbol, heard] of this.#heard) {
      if (heard.sinceMs === null) continue;
      const patienceMs = this.#quietMs * Math.min(2 ** heard.times, MOST_QUIETS);
      if (nowMs - heard.sinceMs < patienceMs) continue;
      heard.sinceMs = nowMs;
      heard.times++;
      silent.push({ symbol, times: heard.times });
    }
    return silent;
  }

  #of(symbol: string): Heard {
    return this.#heard.getOrInsertComputed(symbol, () => ({ sinceMs: null, times: 0 }));
  }
}
