/** Numbers per saved aggregate. */
const FIELDS = 5;

/**
 * Count, mean and sum of squared deviations of some values, measured from the first of them
 * (Welford), and their range. Two of them merge (Chan) without subtracting anything.
 */
export class MomentSums {
  count = 0;
  /** The value all others are measured from. */
  origin = 0;
  /** Mean from the origin. */
  mean = 0;
  /** Sum of squared deviations from the mean. */
  squares = 0;
  minimum = Infinity;
  maximum = -Infinity;

  clear(): void {
    this.count = 0;
    this.mean = 0;
    this.squares = 0;
    this.minimum = Infinity;
    this.maximum = -Infinity;
  }

  /** Takes a finite value. */
  add(value: number): void {
    if (this.count === 0) this.origin = value;
    this.count++;
    const centred = value - this.origin;
    const before = centred - this.mean;
    this.mean += before / this.count;
    this.squares += before * (centred - this.mean);
    if (value < this.minimum) this.minimum = value;
    if (value > this.maximum) this.maximum = value;
  }

  /** Becomes the aggregate of two others. */
  merge(a: MomentSums, b: MomentSums): void {
    if (a.count === 0) return this.copy(b);
    if (b.count === 0) return this.copy(a);
    const apart = (b.origin - a.origin) + (b.mean - a.mean);
    this.count = a.count + b.count;
    const share = b.count / this.count;
    this.origin = a.origin;
    this.mean = a.mean + apart * share;
    this.squares = a.squares + b.squares + apart * apart * a.count * share;
    this.minimum = Math.min(a.minimum, b.minimum);
    this.maximum = Math.max(a.maximum, b.maximum);
  }

  copy(other: MomentSums): void {
    this.count = other.count;
    this.origin = other.origin;
    this.mean = other.mean;
    this.squares = other.squares;
    this.minimum = other.minimum;
    this.maximum = other.maximum;
  }

  /** Room for the aggregates of `rows` rows; the origin is the caller's to keep. */
  static store(rows: number): Float64Array {
    return new Float64Array(rows * FIELDS);
  }

  save(store: Float64Array, row: number): void {
    const at = row * FIELDS;
    store[at] = this.count;
    store[at + 1] = this.mean;
    store[at + 2] = this.squares;
    store[at + 3] = this.minimum;
    store[at + 4] = this.maximum;
  }

  load(store: Float64Array, row: number): void {
    const at = row * FIELDS;
    this.count = store[at]!;
    this.mean = store[at + 1]!;
    this.squares = store[at + 2]!;
    this.minimum = store[at + 3]!;
    this.maximum = store[at + 4]!;
  }

  /** Whether there are values and all are equal: sums of squares do not tell that reliably. */
  get isFlat(): boolean {
    return this.minimum === this.maximum;
  }

  /** The mean, or `null` where there is no value. */
  average(): number | null {
    if (this.count === 0) return null;
    return this.isFlat ? this.minimum : finite(this.origin + this.mean);
  }

  /** Standard deviation; exactly 0 for flat values, `null` where n <= ddof. */
  deviation(ddof: number): number | null {
    if (this.count <= ddof) return null;
    return this.isFlat ? 0 : finite(Math.sqrt(this.squares / (this.count - ddof)));
  }
}

/** A number that could not be computed is absent. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
