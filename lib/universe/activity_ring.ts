/** What a symbol traded over the window. */
export interface Activity {
  /** Sum of quote volumes, or `null` if a bar does not tell its own. */
  readonly quoteVolume: number | null;
  /** Number of trades, likewise. */
  readonly trades: number | null;
}

/** Stands for a number that a bar does not tell. */
const UNKNOWN = -1;

/** Quote volumes or trade counts of the window: a row per bar, a column per symbol. */
class RollingTotals {
  readonly #rows: number;
  #capacity: number;
  #values: Float64Array;
  #sums: Float64Array;
  #unknown: Int32Array;

  constructor(rows: number, capacity: number) {
    this.#rows = rows;
    this.#capacity = capacity;
    this.#values = new Float64Array(rows * capacity);
    this.#sums = new Float64Array(capacity);
    this.#unknown = new Int32Array(capacity);
  }

  grow(capacity: number): void {
    const values = new Float64Array(this.#rows * capacity);
    for (let row = 0; row < this.#rows; row++) {
      const from = row * this.#capacity;
      values.set(this.#values.subarray(from, from + this.#capacity), row * capacity);
    }
    this.#values = values;
    this.#capacity = capacity;
    const [sums, unknown] = [new Float64Array(capacity), new Int32Array(capacity)];
    sums.set(this.#sums);
    unknown.set(this.#unknown);
    this.#sums = sums;
    this.#unknown = unknown;
  }

  /** Empties a row: the bar it held leaves the window. */
  clearRow(row: number): void {
    const from = row * this.#capacity;
    for (let slot = 0; slot < this.#capacity; slot++) this.#replace(from + slot, slot, 0);
    // Once per window the sums are made anew, so that rounding does not add up.
    if (row === 0) this.#addUp();
  }

  clearColumn(slot: number): void {
    for (let row = 0; row < this.#rows; row++) this.#values[row * this.#capacity + slot] = 0;
    this.#sums[slot] = this.#unknown[slot] = 0;
  }

  set(row: number, slot: number, value: number | null | undefined): void {
    const isKnown = typeof value === "number" && value >= 0 && value < Infinity;
    this.#replace(row * this.#capacity + slot, slot, isKnown ? value : UNKNOWN);
  }

  sum(slot: number): number | null {
    return this.#unknown[slot]! > 0 ? null : this.#sums[slot]!;
  }

  #replace(at: number, slot: number, value: number): void {
    const before = this.#values[at]!;
    if (before === value) return;
    this.#values[at] = value;
    if (before === UNKNOWN) this.#unknown[slot]!--;
    else this.#sums[slot]! -= before;
    if (value === UNKNOWN) this.#unknown[slot]!++;
    else this.#sums[slot]! += value;
  }

  #addUp(): void {
    this.#sums.fill(0);
    for (let row = 0; row < this.#rows; row++) {
      const from = row * this.#capacity;
      for (let slot = 0; slot < this.#capacity; slot++) {
        const value = this.#values[from + slot]!;
        if (value !== UNKNOWN) this.#sums[slot]! += value;
      }
    }
  }
}

/** How much each symbol traded in each bar of the window. */
export class ActivityRing {
  readonly #windowBars: number;
  readonly #volumes: RollingTotals;
  readonly #trades: RollingTotals;

  constructor(windowBars: number, capacity: number) {
    this.#windowBars = windowBars;
    this.#volumes = new RollingTotals(windowBars, capacity);
    this.#trades = new RollingTotals(windowBars, capacity);
  }

  /** Makes room for more symbols. */
  grow(capacity: number): void {
    this.#volumes.grow(capacity);
    this.#trades.grow(capacity);
  }

  /** A symbol has come: nothing is known of it. */
  enter(slot: number): void {
    this.#volumes.clearColumn(slot);
    this.#trades.clearColumn(slot);
  }

  /** Begins a bar, in which nobody has traded yet. */
  append(bar: number): void {
    this.#volumes.clearRow(bar % this.#windowBars);
    this.#trades.clearRow(bar % this.#windowBars);
  }

  /** Sets what a symbol traded in a bar of the window. */
  set(
    bar: number,
    slot: number,
    quoteVolume: number | null | undefined,
    trades: number | null | undefined,
  ): void {
    this.#volumes.set(bar % this.#windowBars, slot, quoteVolume);
    this.#trades.set(bar % this.#windowBars, slot, trades);
  }

  /** What a symbol traded over the window. */
  of(slot: number): Activity {
    return { quoteVolume: this.#volumes.sum(slot), trades: this.#trades.sum(slot) };
  }
}
