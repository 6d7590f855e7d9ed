import { finite, finiteOrNaN } from "./absent.ts";

/** Numbers per saved aggregate. */
const FIELDS = 5;

/**
 * Count, mean and sum of squared deviations of some values, measured from the first of them
 * (Welford), and their range. Two of them merge (Chan) without subtracting anything.
 *
 * Values come and go in typed arrays: a number that crosses a call which the compiler has not
 * inlined is allocated, 16 bytes each.
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

  /** Takes the finite value at a place. */
  add(column: Float64Array, row: number): void {
    const value = column[row]!;
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

  /** All numbers, the origin first. */
  numbers(): number[] {
    const rest = MomentSums.store(1);
    this.save(rest, 0);
    return [this.origin, ...rest];
  }

  /** Becomes what `numbers()` told; an absent number is a range without values. */
  setNumbers(numbers: readonly (number | null)[]): void {
    const [origin, count, ...rest] = numbers;
    if (!(count! > 0)) return this.clear();
    this.origin = origin!;
    this.load(Float64Array.from([count!, ...rest as number[]]), 0);
  }

  /** Whether there are values and all are equal: sums of squares do not tell that reliably. */
  get isFlat(): boolean {
    return this.minimum === this.maximum;
  }

  /** Writes mean and standard deviation at a place and the next; NaN where there is none. */
  solve(into: Float64Array, at: number, ddof: number): void {
    if (this.count === 0) into[at] = NaN;
    else if (this.isFlat) into[at] = this.minimum;
    else into[at] = finiteOrNaN(this.origin + this.mean);
    if (this.count <= ddof) into[at + 1] = NaN;
    else if (this.isFlat) into[at + 1] = 0;
    else into[at + 1] = finiteOrNaN(Math.sqrt(this.squares / (this.count - ddof)));
  }

  /**
   * Writes how far a value lies from the mean in deviations, then mean and deviation. The distance
   * is taken from the origin: of prices near 118,000 the mean itself is only known to 1e-11.
   */
  score(row: Float64Array, from: number, into: Float64Array, at: number, ddof: number): void {
    this.solve(into, at + 1, ddof);
    into[at] = finiteOrNaN(((row[from]! - this.origin) - this.mean) / into[at + 2]!);
  }

  /** The mean, or `null` where there is no value. */
  average(): number | null {
    this.solve(SOLVED, 0, 1);
    return finite(SOLVED[0]!);
  }

  /** Standard deviation; exactly 0 for flat values, `null` where n <= ddof. */
  deviation(ddof: number): number | null {
    this.solve(SOLVED, 0, ddof);
    return finite(SOLVED[1]!);
  }
}

const SOLVED = new Float64Array(2);
