/** Something that was told of a symbol in a second. */
export interface InSecond {
  readonly symbol: string;
  /** Start of the second, ms since the epoch. */
  readonly timeMs: number;
}

/** Lets one row per symbol and second through, of symbols whose frames come by one clock. */
export interface OnePerSecond<Row> {
  /** Takes a row in. @returns What is to be kept now, if anything. */
  offer(row: Row): Row | null;
  /** The exchange has come to a second. @returns What is to be kept of those before. */
  reach(timeMs: number): readonly Row[];
  /** Something may have been missed, of one symbol or of all: what is not kept yet never is. */
  interrupt(symbol?: string): void;
  /** Forgets the symbols that are not among these. */
  retain(symbols: ReadonlySet<string>): void;
}

const NONE: readonly never[] = [];

/** Keeps the first row of each second; what is of an earlier second than one kept comes too late. */
export class FirstPerSecond<Row extends InSecond> implements OnePerSecond<Row> {
  readonly #keptMs = new Map<string, number>();

  offer(row: Row): Row | null {
    if (row.timeMs <= (this.#keptMs.get(row.symbol) ?? -Infinity)) return null;
    this.#keptMs.set(row.symbol, row.timeMs);
    return row;
  }

  reach(): readonly Row[] {
    return NONE;
  }

  interrupt(): void {}

  retain(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#keptMs.keys()) if (!symbols.has(symbol)) this.#keptMs.delete(symbol);
  }
}
