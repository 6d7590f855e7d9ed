/** What a row of the ring knows about a symbol. */
export const Mark = {
  /** The symbol had not come yet; its first price stands in. */
  absent: 0,
  /** It traded and no trade of the bar is missing. */
  complete: 1,
  /** It traded, and trades of the bar may be missing. */
  incomplete: 2,
  /** It did not trade; the price before stands in. */
  stale: 3,
} as const;

/** One of the marks. */
export type Mark = typeof Mark[keyof typeof Mark];

const MARKS = 4;

/** By how much the price of a symbol has changed in some bars. */
export interface Amendment {
  readonly fromBar: number;
  /** The last one. */
  readonly toBar: number;
  /** The same for all of them. */
  readonly shift: number;
}

/**
 * Log prices of many symbols, time-major: a row per bar, a column per symbol. It holds one row more
 * than the window, so that the row that leaves can still be read.
 *
 * A column is always full: before its first price it holds that price, and where there is none the
 * one before. So every sum over the window exists at all times, and marks say what to trust.
 */
export class PriceRing {
  readonly windowBars: number;
  readonly #rows: number;
  #capacity: number;
  #prices: Float64Array;
  #marks: Uint8Array;
  #counts: Int32Array;
  #changedAt: Float64Array;
  /** Number of the newest bar; -1 before the first. */
  bar = -1;

  constructor(windowBars: number, capacity: number) {
    this.windowBars = windowBars;
    this.#rows = windowBars + 1;
    this.#capacity = capacity;
    this.#prices = new Float64Array(this.#rows * capacity);
    this.#marks = new Uint8Array(this.#rows * capacity);
    this.#counts = new Int32Array(MARKS * capacity);
    this.#changedAt = new Float64Array(capacity).fill(-Infinity);
  }

  /** All rows; row and column of a price are `offset(bar) + slot`. */
  get prices(): Float64Array {
    return this.#prices;
  }

  /** Where the row of a bar begins. */
  offset(bar: number): number {
    return (bar % this.#rows) * this.#capacity;
  }

  /** Whether a symbol traded in the newest bar. */
  isFresh(slot: number): boolean {
    const mark = this.#marks[this.offset(this.bar) + slot];
    return mark === Mark.complete || mark === Mark.incomplete;
  }

  /** Makes room for more symbols. */
  grow(capacity: number): void {
    const prices = new Float64Array(this.#rows * capacity);
    const marks = new Uint8Array(this.#rows * capacity);
    for (let row = 0; row < this.#rows; row++) {
      const from = row * this.#capacity;
      prices.set(this.#prices.subarray(from, from + this.#capacity), row * capacity);
      marks.set(this.#marks.subarray(from, from + this.#capacity), row * capacity);
    }
    const counts = new Int32Array(MARKS * capacity);
    counts.set(this.#counts);
    const changedAt = new Float64Array(capacity).fill(-Infinity);
    changedAt.set(this.#changedAt);
    this.#capacity = capacity;
    this.#prices = prices;
    this.#marks = marks;
    this.#counts = counts;
    this.#changedAt = changedAt;
  }

  /** Begins the next bar, in which no symbol has traded yet. */
  append(): void {
    const before = this.offset(Math.max(this.bar, 0));
    const leaving = this.offset(this.bar + 2);
    this.bar++;
    const now = this.offset(this.bar);
    this.#prices.copyWithin(now, before, before + this.#capacity);
    const counts = this.#counts;
    for (let slot = 0; slot < this.#capacity; slot++) {
      counts[slot * MARKS + this.#marks[leaving + slot]!]!--;
      counts[slot * MARKS + Mark.stale]!++;
      this.#marks[now + slot] = Mark.stale;
    }
  }

  /** Fills the column of a symbol that has just come with its first price. */
  enter(slot: number, logPrice: number): void {
    for (let row = 0; row < this.#rows; row++) {
      this.#prices[row * this.#capacity + slot] = logPrice;
      this.#marks[row * this.#capacity + slot] = Mark.absent;
    }
    this.#counts.fill(0, slot * MARKS, (slot + 1) * MARKS);
    this.#counts[slot * MARKS] = this.windowBars;
    this.#changedAt[slot] = -Infinity;
  }

  /** Sets the price of a symbol in the newest bar. */
  set(slot: number, logPrice: number, mark: Mark): void {
    const at = this.offset(this.bar) + slot;
    this.#prices[at] = logPrice;
    this.#remark(at, slot, mark);
  }

  #remark(at: number, slot: number, mark: Mark): void {
    this.#counts[slot * MARKS + this.#marks[at]!]!--;
    this.#counts[slot * MARKS + mark]!++;
    this.#marks[at] = mark;
  }

  /**
   * Sets the price of a symbol in a bar of the window that is not the newest. Bars after it without
   * a trade take the price, and those before the symbol came.
   *
   * @returns How prices changed, or `null` if none did.
   */
  amend(bar: number, slot: number, logPrice: number, mark: Mark): Amendment | null {
    const at = this.offset(bar) + slot;
    const [markBefore, priceBefore] = [this.#marks[at]!, this.#prices[at]!];
    if (priceBefore === logPrice && markBefore !== Mark.absent) {
      this.#remark(at, slot, mark);
      return null;
    }
    this.#remark(at, slot, mark);
    this.#prices[at] = logPrice;
    let toBar = bar;
    for (; toBar < this.bar; toBar++) {
      const place = this.offset(toBar + 1) + slot;
      const found = this.#marks[place];
      if (found !== Mark.stale && found !== Mark.absent) break;
      this.#remark(place, slot, Mark.stale);
      this.#prices[place] = logPrice;
    }
    const oldest = Math.max(0, this.bar - this.windowBars);
    let fromBar = bar;
    for (; fromBar > oldest; fromBar--) {
      const place = this.offset(fromBar - 1) + slot;
      if (this.#marks[place] !== Mark.absent) break;
      this.#prices[place] = logPrice;
    }
    this.#changedAt[slot] = -Infinity;
    for (let later = oldest + 1; later <= this.bar; later++) {
      const now = this.#prices[this.offset(later) + slot];
      if (now !== this.#prices[this.offset(later - 1) + slot]) this.#changedAt[slot] = later;
    }
    return { fromBar, toBar, shift: logPrice - priceBefore };
  }

  /** Notes which prices have changed; the newest bar is as it stays. */
  close(): void {
    const now = this.offset(this.bar);
    const before = this.offset(Math.max(this.bar - 1, 0));
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (this.#prices[now + slot] !== this.#prices[before + slot]) {
        this.#changedAt[slot] = this.bar;
      }
    }
  }

  /** How many rows of the window have a mark. */
  count(slot: number, mark: Mark): number {
    return this.#counts[slot * MARKS + mark]!;
  }

  /** Whether the price is the same in all rows of the window. */
  isFrozen(slot: number): boolean {
    return this.bar - this.#changedAt[slot]! > this.windowBars - 2;
  }
}
