import type { InSecond, OnePerSecond } from "./one_per_second.ts";

const SECOND_MS = 1_000;

/** A second is over when the exchange has come so far beyond its start, ms. */
const OVER_MS = 2_000;

/** What stands is told again so long after it was last told, ms of exchange time. */
const AGAIN_MS = 30_000;

interface Latest<Row> {
  /** What the venue told last; `null` while that is not known. */
  row: Row | null;
  /** The newest second of which a row was kept. */
  keptMs: number;
}

/**
 * Keeps the last row of each second, once a later one has begun: the row that the venue numbers
 * highest, in whichever order the sockets told them. A second that has not ended is not kept: what
 * was last in it nobody knows.
 *
 * A venue that tells changes only says nothing of what stands: its row is kept again every 30 s, as
 * that of the second the exchange has come to, for as long as that is to be believed.
 */
export class LastPerSecond<Row extends InSecond> implements OnePerSecond<Row> {
  readonly #latest = new Map<string, Latest<Row>>();
  readonly #numberOf: (row: Row) => number;
  readonly #standsMs: number;
  #reachedMs = -Infinity;

  /**
   * @param numberOf How the venue numbers the states of a book, ascending.
   * @param standsMs How long a row stands without a word, ms of exchange time.
   */
  constructor(numberOf: (row: Row) => number, standsMs: number) {
    this.#numberOf = numberOf;
    this.#standsMs = standsMs;
  }

  offer(row: Row): Row | null {
    const latest = this.#latest.getOrInsertComputed(row.symbol, () => ({
      row: null,
      keptMs: -Infinity,
    }));
    const before = latest.row;
    if (before !== null && !this.#isLater(row, before)) return null;
    latest.row = row;
    if (before === null || before.timeMs === row.timeMs || before.timeMs <= latest.keptMs) {
      return null;
    }
    latest.keptMs = before.timeMs;
    return before;
  }

  reach(timeMs: number): readonly Row[] {
    const beforeMs = this.#reachedMs;
    if (timeMs <= beforeMs) return [];
    this.#reachedMs = timeMs;
    const over: Row[] = [];
    for (const latest of this.#latest.values()) {
      const row = this.#due(latest, timeMs - OVER_MS, beforeMs);
      if (row === null) continue;
      latest.keptMs = row.timeMs;
      over.push(row);
    }
    return over;
  }

  interrupt(symbol?: string): void {
    for (const [each, latest] of this.#latest) {
      if (symbol === undefined || symbol === each) latest.row = null;
    }
  }

  retain(symbols: ReadonlySet<string>): void {
    for (const symbol of this.#latest.keys()) if (!symbols.has(symbol)) this.#latest.delete(symbol);
  }

  #isLater(row: Row, before: Row): boolean {
    return row.timeMs === before.timeMs
      ? this.#numberOf(row) > this.#numberOf(before)
      : row.timeMs > before.timeMs;
  }

  /**
   * What is to be kept when the seconds up to one that begins by `overMs` are over. A row is told
   * again as of a second that an earlier frame had reached: one wrong time is not believed.
   */
  #due({ row, keptMs }: Latest<Row>, overMs: number, beforeMs: number): Row | null {
    if (row === null || row.timeMs > overMs) return null;
    if (row.timeMs > keptMs) return row;
    const second = Math.floor(Math.min(overMs, beforeMs) / SECOND_MS) * SECOND_MS;
    const isDue = second - keptMs >= AGAIN_MS && second - row.timeMs <= this.#standsMs;
    return isDue ? { ...row, timeMs: second } : null;
  }
}
