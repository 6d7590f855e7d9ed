import { Moments, readFactor, rowStart } from "./moments.ts";
import type { Amendment, PriceRing } from "./price_ring.ts";

/** Sums that have shrunk by more than this hold too much rounding of what has left. */
const MOST_SHRINKAGE = 1e-3;

/** Beyond this share of the window sums are quicker made anew than amended. */
const MOST_AMENDED_SHARE = 0.1;

/**
 * The moments of the rolling window.
 *
 * The live set slides: each bar enters and one leaves, which leaves rounding behind. A shadow set
 * only takes what enters, about centres of its own; after one window it holds exactly the window
 * and becomes the live set. So no sum carries the rounding of more than two windows.
 */
export class WindowMoments {
  readonly #ring: PriceRing;
  #live: Moments;
  #shadow: Moments;
  #full = false;
  #capacity: number;
  #entering!: Float64Array;
  #leaving!: Float64Array;
  #shadowing!: Float64Array;
  /** Largest sums of squares since the live set began: of levels and of returns. */
  #levelPeaks!: Float64Array;
  #returnPeaks!: Float64Array;

  constructor(ring: PriceRing, maxLag: number, capacity: number) {
    this.#ring = ring;
    this.#capacity = capacity;
    this.#live = new Moments(maxLag, capacity);
    this.#shadow = new Moments(maxLag, capacity);
    this.#allocate();
  }

  #allocate(): void {
    this.#entering = new Float64Array(this.#capacity);
    this.#leaving = new Float64Array(this.#capacity);
    this.#shadowing = new Float64Array(this.#capacity);
    this.#levelPeaks = new Float64Array(this.#capacity);
    this.#returnPeaks = new Float64Array(this.#capacity);
  }

  /** The moments of the window, or `null` before it is full. */
  get live(): Moments | null {
    return this.#full ? this.#live : null;
  }

  /** Makes room for more symbols. */
  grow(capacity: number): void {
    this.#capacity = capacity;
    this.#live.grow(capacity);
    this.#shadow.grow(capacity);
    this.#allocate();
    this.#notePeaks(capacity);
  }

  /** A symbol has come; the ring holds its first price in every row. */
  enter(slot: number, logPrice: number): void {
    for (const moments of [this.#live, this.#shadow]) moments.enter(slot, logPrice);
    this.#levelPeaks[slot] = 0;
    this.#returnPeaks[slot] = 0;
  }

  /** Takes the newest bar of the ring. */
  push(symbols: number): void {
    const ring = this.#ring;
    const live = this.#full ? this.#live : null;
    const shadow = this.#shadow;
    const entering = this.#entering;
    const leaving = this.#leaving;
    const shadowing = this.#shadowing;
    const lastRow = ring.bar - ring.windowBars;
    for (let k = 0; k < shadow.products.length; k++) {
      const shadowHas = shadow.bars >= k;
      if (shadowHas) readFactor(ring, k, ring.bar, shadow.centre, symbols, shadowing);
      else shadowing.fill(0);
      if (live === null) {
        if (shadowHas) addSquare(shadow.products[k]!, shadowing, symbols);
      } else {
        readFactor(ring, k, ring.bar, live.centre, symbols, entering);
        readFactor(ring, k, lastRow + k, live.centre, symbols, leaving);
        slideSquare(live.products[k]!, shadow.products[k]!, entering, leaving, shadowing, symbols);
        if (k === 0) addDifference(live.sums, entering, leaving, symbols);
      }
      if (k === 0) addDifference(shadow.sums, shadowing, null, symbols);
    }
    shadow.bars++;
    if (shadow.bars === ring.windowBars) this.#swap();
    this.#notePeaks(symbols);
  }

  #swap(): void {
    [this.#live, this.#shadow] = [this.#shadow, this.#live];
    this.#full = true;
    this.#levelPeaks.fill(0);
    this.#returnPeaks.fill(0);
    const live = this.#live;
    this.#shadow.restart((slot) => live.centre[slot]! + live.mean(slot));
  }

  #notePeaks(symbols: number): void {
    const [levels, returns] = this.#live.products;
    for (let i = 0; i < symbols; i++) {
      const at = rowStart(i) + i;
      this.#levelPeaks[i] = Math.max(this.#levelPeaks[i]!, levels![at]!);
      this.#returnPeaks[i] = Math.max(this.#returnPeaks[i]!, returns![at]!);
    }
  }

  /**
   * Computes a symbol's sums anew where they hold too much rounding: a price far from its centre
   * or a jump has been inside the window and has left.
   */
  refresh(slot: number, symbols: number): void {
    if (!this.#full) return;
    const at = rowStart(slot) + slot;
    const shrunk = this.#live.deviations(slot, slot) < MOST_SHRINKAGE * this.#levelPeaks[slot]! ||
      this.#live.products[1]![at]! < MOST_SHRINKAGE * this.#returnPeaks[slot]!;
    if (shrunk) this.rebuild(slot, symbols);
  }

  /** Takes in that a symbol's price has changed in some bars of the ring. */
  amend(slot: number, amendment: Amendment, symbols: number): void {
    const { fromBar, toBar, shift } = amendment;
    const isLong = toBar - fromBar > MOST_AMENDED_SHARE * this.#ring.windowBars;
    // What a bad tick has left in the sums is more than can be taken out of them again.
    const isBadTick = shift * shift > this.#levelPeaks[slot]! / 2;
    if (isLong || isBadTick) {
      this.rebuild(slot, symbols);
      return;
    }
    if (this.#full) this.#live.amend(this.#ring, slot, amendment, symbols);
    this.#shadow.amend(this.#ring, slot, amendment, symbols);
    this.#notePeaks(symbols);
  }

  /** Computes a symbol's sums anew from the ring, which has changed. */
  rebuild(slot: number, symbols: number): void {
    if (this.#full) this.#live.rebuild(this.#ring, slot, symbols);
    this.#shadow.rebuild(this.#ring, slot, symbols);
    this.#levelPeaks[slot] = 0;
    this.#returnPeaks[slot] = 0;
    this.#notePeaks(symbols);
  }
}

function addDifference(
  sums: Float64Array,
  entering: Float64Array,
  leaving: Float64Array | null,
  symbols: number,
): void {
  for (let i = 0; i < symbols; i++) {
    sums[i]! += leaving === null ? entering[i]! : entering[i]! - leaving[i]!;
  }
}

function addSquare(triangle: Float64Array, factor: Float64Array, symbols: number): void {
  for (let i = 0; i < symbols; i++) {
    const row = rowStart(i);
    const own = factor[i]!;
    for (let j = 0; j <= i; j++) triangle[row + j]! += own * factor[j]!;
  }
}

/** One pass over both sets: memory is what a slide costs. */
function slideSquare(
  live: Float64Array,
  shadow: Float64Array,
  entering: Float64Array,
  leaving: Float64Array,
  shadowing: Float64Array,
  symbols: number,
): void {
  for (let i = 0; i < symbols; i++) {
    const row = rowStart(i);
    const e = entering[i]!;
    const l = leaving[i]!;
    const s = shadowing[i]!;
    for (let j = 0; j <= i; j++) {
      const at = row + j;
      live[at]! += e * entering[j]! - l * leaving[j]!;
      shadow[at]! += s * shadowing[j]!;
    }
  }
}
