import type { Trade } from "../../market/mod.ts";
import type { StoreReader } from "../../store/mod.ts";

/** What a database knows of the ids of one symbol: stored trades and ids that were set aside. */
export class KnownIds {
  readonly #reader: StoreReader;
  readonly #symbol: string;
  /** Ids that were seen and set aside, ascending. */
  readonly setAside: readonly number[];

  /** @param more Ids that are set aside in the same breath. */
  constructor(reader: StoreReader, symbol: string, more: readonly number[] = []) {
    this.#reader = reader;
    this.#symbol = symbol;
    const stored = reader.quarantinedIds(symbol);
    this.setAside = more.length === 0
      ? stored
      : [...new Set([...stored, ...more])].sort((a, b) => a - b);
  }

  /** The stored trade of an id, if there is one. */
  trade(tradeId: number): Trade | undefined {
    return this.#reader.trades({ symbol: this.#symbol, fromId: tradeId, toId: tradeId })[0];
  }

  /** Whether an id is stored or set aside. */
  isKnown(tradeId: number): boolean {
    return this.setAside[this.#place(tradeId)] === tradeId || this.trade(tradeId) !== undefined;
  }

  /** The smallest known id above an id, or `null`. */
  above(tradeId: number): number | null {
    const stored = this.#firstIn(tradeId + 1, Number.MAX_SAFE_INTEGER);
    const aside = this.setAside[this.#place(tradeId + 1)] ?? null;
    return smaller(stored, aside);
  }

  /** The largest known id below an id, or `null`. */
  below(tradeId: number): number | null {
    const aside = this.setAside[this.#place(tradeId) - 1] ?? null;
    const stored = this.#lastBelow(tradeId);
    return stored === null || aside === null ? stored ?? aside : Math.max(stored, aside);
  }

  /** A reader finds the first of a range: the last is found by halving. */
  #lastBelow(tradeId: number): number | null {
    let reach = 1;
    while (this.#firstIn(tradeId - reach, tradeId - 1) === null) {
      if (reach >= tradeId) return null;
      reach = Math.min(reach * 4, tradeId);
    }
    let low = tradeId - reach;
    let high = tradeId - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const found = this.#firstIn(middle, high);
      if (found === null) high = middle - 1;
      else low = found;
    }
    return low;
  }

  #firstIn(fromId: number, toId: number): number | null {
    const [trade] = this.#reader.trades({ symbol: this.#symbol, fromId, toId, limit: 1 });
    return trade?.tradeId ?? null;
  }

  /** The first place in `setAside` whose id is >= `tradeId`. */
  #place(tradeId: number): number {
    let low = 0;
    let high = this.setAside.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.setAside[middle]! < tradeId) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.min(a, b);
}
