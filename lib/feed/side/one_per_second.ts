/** Something that was told of a symbol in a second. */
export interface InSecond {
  readonly symbol: string;
  /** Start of the second, ms since the epoch. */
  readonly timeMs: number;
}

/** Lets one row per symbol and second through. */
export interface OnePerSecond<Row> {
  /** Takes a row in. @returns What is to be kept now, if anything. */
  offer(row: Row): Row | null;
  /** The exchange has come to a second. @returns What is to be kept of those before. */
  reach(timeMs: number): readonly Row[];
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

  retain(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#keptMs.keys()) if (!symbols.has(symbol)) this.#keptMs.delete(symbol);
  }
}

/** A second is over when the exchange has come so far beyond its start, ms. */
const OVER_MS = 2_000;

interface Latest<Row> {
  row: Row;
  isKept: boolean;
}

/**
 * Keeps the last row of each second, once a later one has begun: the row that the venue numbers
 * highest, in whichever order the sockets told them. A second that has not ended is not kept: what
 * was last in it nobody knows.
 */
export class LastPerSecond<Row extends InSecond> implements OnePerSecond<Row> {
  readonly #latest = new Map<string, Latest<Row>>();
  readonly #numberOf: (row: Row) => number;
  #reachedMs = -Infinity;

  /** @param numberOf How the venue numbers the states of a book, ascending. */
  constructor(numberOf: (row: Row) => number) {
    this.#numberOf = numberOf;
  }

  offer(row: Row): Row | null {
    const latest = this.#latest.get(row.symbol);
    if (latest === undefined) {
      this.#latest.set(row.symbol, { row, isKept: false });
      return null;
    }
    const { row: before, isKept } = latest;
    if (row.timeMs < before.timeMs || (row.timeMs === before.timeMs && isKept)) return null;
    if (row.timeMs === before.timeMs) {
      if (this.#numberOf(row) > this.#numberOf(before)) latest.row = row;
      return null;
    }
    latest.row = row;
    latest.isKept = false;
    return isKept ? null : before;
  }

  reach(timeMs: number): readonly Row[] {
    if (timeMs <= this.#reachedMs) return NONE;
    this.#reachedMs = timeMs;
    const over: Row[] = [];
    for (const latest of this.#latest.values()) {
      if (latest.isKept || latest.row.timeMs > timeMs - OVER_MS) continue;
      latest.isKept = true;
      over.push(latest.row);
    }
    return over;
  }

  retain(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#latest.keys()) if (!symbols.has(symbol)) this.#latest.delete(symbol);
  }
}
