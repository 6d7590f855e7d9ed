import type { Amendment, PriceRing } from "./price_ring.ts";

/**
 * 1 - R^2 below which two series are one instrument, as in `engleGranger()`: above it every
 * statistic from moments is right to 1e-8.
 */
export const COLLINEAR = 100 * Math.sqrt(Number.EPSILON);

/** Where row `i` of a packed lower triangle begins; entry (i, j), j <= i, is at `rowStart(i) + j`. */
export function rowStart(i: number): number {
  return i * (i + 1) / 2;
}

/** Where the entry of two symbols is in a packed triangle. */
export function pairIndex(i: number, j: number): number {
  return i > j ? rowStart(i) + j : rowStart(j) + i;
}

/** Number of entries of a packed lower triangle. */
export function triangleSize(count: number): number {
  return rowStart(count);
}

/**
 * Sums of products of every two symbols over some rows, packed lower triangles.
 *
 * `products[0]` is of levels less a centre, `products[1]` of one-bar returns D(t), and
 * `products[1 + d]` of D(t) + D(t - d): with the first two, its quadratic form gives the lagged
 * products of any combination of two symbols, and it slides by the same rank-one updates.
 */
export class Moments {
  readonly maxLag: number;
  /** One packed triangle for levels, one for returns, one for each lag. */
  readonly products: Float64Array[];
  /** Centre of each symbol's levels. */
  centre: Float64Array;
  /** Sum of each symbol's centred levels. */
  sums: Float64Array;
  /** Rows so far. */
  bars = 0;

  constructor(maxLag: number, capacity: number) {
    this.maxLag = maxLag;
    this.products = Array.from(
      { length: maxLag + 2 },
      () => new Float64Array(triangleSize(capacity)),
    );
    this.centre = new Float64Array(capacity);
    this.sums = new Float64Array(capacity);
  }

  /** Starts anew about other centres. */
  restart(centre: (slot: number) => number): void {
    for (const triangle of this.products) triangle.fill(0);
    this.sums.fill(0);
    for (let slot = 0; slot < this.centre.length; slot++) this.centre[slot] = centre(slot);
    this.bars = 0;
  }

  /** Makes room for more symbols. */
  grow(capacity: number): void {
    const larger = (values: Float64Array, size: number) => {
      const copy = new Float64Array(size);
      copy.set(values);
      return copy;
    };
    this.products.forEach((values, k) => {
      this.products[k] = larger(values, triangleSize(capacity));
    });
    this.centre = larger(this.centre, capacity);
    this.sums = larger(this.sums, capacity);
  }

  /** A symbol whose price has been the centre in every row so far. */
  enter(slot: number, centre: number): void {
    this.centre[slot] = centre;
    this.sums[slot] = 0;
    const capacity = this.centre.length;
    for (const triangle of this.products) {
      for (let other = 0; other < capacity; other++) triangle[pairIndex(slot, other)] = 0;
    }
  }

  /** Mean of a symbol's centred levels. */
  mean(slot: number): number {
    return this.sums[slot]! / this.bars;
  }

  /** Sum of products of two symbols' deviations from their means. */
  deviations(i: number, j: number): number {
    return this.products[0]![pairIndex(i, j)]! - this.sums[i]! * this.mean(j);
  }

  /** Whether two symbols are one instrument. */
  isCollinear(i: number, j: number): boolean {
    const square = this.deviations(i, i);
    const cross = this.deviations(i, j);
    return square - cross * cross / this.deviations(j, j) < COLLINEAR * square;
  }

  /** Takes in that a symbol's price has changed by the same amount in some bars of the ring. */
  amend(
    ring: PriceRing,
    slot: number,
    { fromBar, toBar, shift }: Amendment,
    symbols: number,
  ): void {
    const first = ring.bar - this.bars + 1;
    const factors = new Float64Array(symbols);
    this.products.forEach((triangle, k) => {
      for (const [bar, moved] of shiftedFactors(k, fromBar, toBar, shift)) {
        if (bar < first + k || bar > ring.bar) continue;
        readFactor(ring, k, bar, this.centre, symbols, factors);
        for (let other = 0; other < symbols; other++) {
          triangle[pairIndex(slot, other)]! += moved * factors[other]!;
        }
        // Of its own square one factor is the one before.
        triangle[pairIndex(slot, slot)]! += moved * (factors[slot]! - moved);
      }
    });
    const rows = Math.min(toBar, ring.bar) - Math.max(fromBar, first) + 1;
    this.sums[slot]! += shift * Math.max(0, rows);
  }

  /** Computes a symbol's sums anew from the last rows of the ring, about its mean. */
  rebuild(ring: PriceRing, slot: number, symbols: number): void {
    if (this.bars === 0) return;
    const first = ring.bar - this.bars + 1;
    let mean = 0;
    for (let bar = first; bar <= ring.bar; bar++) {
      mean += (ring.prices[ring.offset(bar) + slot]! - mean) / (bar - first + 1);
    }
    this.centre[slot] = mean;
    const values = new Float64Array(symbols);
    const sums = new Float64Array(symbols);
    this.products.forEach((triangle, k) => {
      sums.fill(0);
      for (let bar = first + k; bar <= ring.bar; bar++) {
        readFactor(ring, k, bar, this.centre, symbols, values);
        const own = values[slot]!;
        for (let other = 0; other < symbols; other++) sums[other]! += own * values[other]!;
      }
      for (let other = 0; other < symbols; other++) triangle[pairIndex(slot, other)] = sums[other]!;
    });
    let sum = 0;
    for (let bar = first; bar <= ring.bar; bar++) {
      sum += ring.prices[ring.offset(bar) + slot]! - mean;
    }
    this.sums[slot] = sum;
  }
}

/** In which bars what `products[k]` sums the products of has moved, and by how much. */
function shiftedFactors(
  k: number,
  fromBar: number,
  toBar: number,
  shift: number,
): Map<number, number> {
  const moved = new Map<number, number>();
  const add = (bar: number, by: number) => moved.set(bar, (moved.get(bar) ?? 0) + by);
  if (k === 0) {
    for (let bar = fromBar; bar <= toBar; bar++) add(bar, shift);
    return moved;
  }
  for (const lag of k === 1 ? [0] : [0, k - 1]) {
    add(fromBar + lag, shift);
    add(toBar + 1 + lag, -shift);
  }
  return moved;
}

/**
 * Reads what `products[k]` sums the products of: the value of each symbol at a bar. The first bar
 * of a window that has one is its `k`-th (from 0).
 */
export function readFactor(
  ring: PriceRing,
  k: number,
  bar: number,
  centre: Float64Array,
  symbols: number,
  into: Float64Array,
): void {
  const { prices } = ring;
  const now = ring.offset(bar);
  if (k === 0) {
    for (let i = 0; i < symbols; i++) into[i] = prices[now + i]! - centre[i]!;
    return;
  }
  const before = ring.offset(bar - 1);
  if (k === 1) {
    for (let i = 0; i < symbols; i++) into[i] = prices[now + i]! - prices[before + i]!;
    return;
  }
  const past = ring.offset(bar - k + 1);
  const pastBefore = ring.offset(bar - k);
  for (let i = 0; i < symbols; i++) {
    into[i] = (prices[now + i]! - prices[before + i]!) +
      (prices[past + i]! - prices[pastBefore + i]!);
  }
}
