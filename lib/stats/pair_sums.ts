import { finiteOrNaN } from "./absent.ts";

/** Numbers per saved aggregate. */
const FIELDS = 10;

/** Places in what `solve()` writes. */
export const SLOPE = 0;
export const INTERCEPT = 1;
export const CORRELATION = 2;
export const COVARIANCE = 3;
export const RESIDUAL_DEVIATION = 4;
export const SLOPE_ERROR = 5;
export const SOLVED = 6;

/**
 * Centred first and second moments of pairs (x, y), measured from the first pair (Welford), and the
 * ranges of both. Two of them merge (Chan) without subtracting anything.
 */
export class PairSums {
  count = 0;
  /** The pair all others are measured from. */
  originX = 0;
  originY = 0;
  /** Means from the origin. */
  meanX = 0;
  meanY = 0;
  /** Sums of squared deviations and of their products. */
  xx = 0;
  xy = 0;
  yy = 0;
  minimumX = Infinity;
  maximumX = -Infinity;
  minimumY = Infinity;
  maximumY = -Infinity;

  clear(): void {
    this.count = 0;
    this.meanX = this.meanY = 0;
    this.xx = this.xy = this.yy = 0;
    this.minimumX = this.minimumY = Infinity;
    this.maximumX = this.maximumY = -Infinity;
  }

  /** Takes the finite pair at a place of one column and a place of another. */
  add(xs: Float64Array, atX: number, ys: Float64Array, atY: number): void {
    const x = xs[atX]!;
    const y = ys[atY]!;
    if (this.count === 0) {
      this.originX = x;
      this.originY = y;
    }
    this.count++;
    const dx = x - this.originX - this.meanX;
    const dy = y - this.originY - this.meanY;
    this.meanX += dx / this.count;
    this.meanY += dy / this.count;
    const after = y - this.originY - this.meanY;
    this.xx += dx * (x - this.originX - this.meanX);
    this.xy += dx * after;
    this.yy += dy * after;
    if (x < this.minimumX) this.minimumX = x;
    if (x > this.maximumX) this.maximumX = x;
    if (y < this.minimumY) this.minimumY = y;
    if (y > this.maximumY) this.maximumY = y;
  }

  /** Becomes the aggregate of two others. */
  merge(a: PairSums, b: PairSums): void {
    if (a.count === 0) return this.copy(b);
    if (b.count === 0) return this.copy(a);
    const apartX = (b.originX - a.originX) + (b.meanX - a.meanX);
    const apartY = (b.originY - a.originY) + (b.meanY - a.meanY);
    this.count = a.count + b.count;
    const share = b.count / this.count;
    const weight = a.count * share;
    this.originX = a.originX;
    this.originY = a.originY;
    this.meanX = a.meanX + apartX * share;
    this.meanY = a.meanY + apartY * share;
    this.xx = a.xx + b.xx + apartX * apartX * weight;
    this.xy = a.xy + b.xy + apartX * apartY * weight;
    this.yy = a.yy + b.yy + apartY * apartY * weight;
    this.minimumX = Math.min(a.minimumX, b.minimumX);
    this.maximumX = Math.max(a.maximumX, b.maximumX);
    this.minimumY = Math.min(a.minimumY, b.minimumY);
    this.maximumY = Math.max(a.maximumY, b.maximumY);
  }

  copy(other: PairSums): void {
    this.count = other.count;
    this.originX = other.originX;
    this.originY = other.originY;
    this.meanX = other.meanX;
    this.meanY = other.meanY;
    this.xx = other.xx;
    this.xy = other.xy;
    this.yy = other.yy;
    this.minimumX = other.minimumX;
    this.maximumX = other.maximumX;
    this.minimumY = other.minimumY;
    this.maximumY = other.maximumY;
  }

  /** Room for the aggregates of `rows` rows; the origin is the caller's to keep. */
  static store(rows: number): Float64Array {
    return new Float64Array(rows * FIELDS);
  }

  save(store: Float64Array, row: number): void {
    const at = row * FIELDS;
    store[at] = this.count;
    store[at + 1] = this.meanX;
    store[at + 2] = this.meanY;
    store[at + 3] = this.xx;
    store[at + 4] = this.xy;
    store[at + 5] = this.yy;
    store[at + 6] = this.minimumX;
    store[at + 7] = this.maximumX;
    store[at + 8] = this.minimumY;
    store[at + 9] = this.maximumY;
  }

  load(store: Float64Array, row: number): void {
    const at = row * FIELDS;
    this.count = store[at]!;
    this.meanX = store[at + 1]!;
    this.meanY = store[at + 2]!;
    this.xx = store[at + 3]!;
    this.xy = store[at + 4]!;
    this.yy = store[at + 5]!;
    this.minimumX = store[at + 6]!;
    this.maximumX = store[at + 7]!;
    this.minimumY = store[at + 8]!;
    this.maximumY = store[at + 9]!;
  }

  /** All numbers, the origin first. */
  numbers(): number[] {
    const rest = PairSums.store(1);
    this.save(rest, 0);
    return [this.originX, this.originY, ...rest];
  }

  /** Becomes what `numbers()` told; an absent number is a range without values. */
  setNumbers(numbers: readonly (number | null)[]): void {
    const [originX, originY, count, ...rest] = numbers;
    if (!(count! > 0)) return this.clear();
    this.originX = originX!;
    this.originY = originY!;
    this.load(Float64Array.from([count!, ...rest as number[]]), 0);
  }

  get isFlatX(): boolean {
    return this.minimumX === this.maximumX;
  }

  get isFlatY(): boolean {
    return this.minimumY === this.maximumY;
  }

  /** Writes correlation and covariance at a place and the next, NaN for what there is not. */
  correlate(into: Float64Array, at: number): void {
    into[at] = into[at + 1] = NaN;
    if (this.count < 2) return;
    const flat = this.isFlatX || this.isFlatY;
    into[at + 1] = flat ? 0 : finiteOrNaN(this.xy / (this.count - 1));
    if (flat) return;
    const r = this.xy / (Math.sqrt(this.xx) * Math.sqrt(this.yy));
    into[at] = Math.max(-1, Math.min(1, finiteOrNaN(r)));
  }

  /**
   * Writes the line of y on x and the correlation from a place on, NaN for what there is not: with
   * fewer than 2 pairs, for a constant leg, or where rounding hides the residuals.
   */
  solve(into: Float64Array, at: number): void {
    for (let place = at; place < at + SOLVED; place++) into[place] = NaN;
    if (this.count < 2) return;
    this.correlate(into, at + CORRELATION);
    if (this.isFlatX) return;
    // 0 where y is flat, as xy is then 0
    const slope = this.xy / this.xx;
    if (!Number.isFinite(slope)) return;
    into[at + SLOPE] = slope;
    into[at + INTERCEPT] = finiteOrNaN(
      (this.originY - slope * this.originX) + (this.meanY - slope * this.meanX),
    );
    if (this.count < 3) return;
    const squares = this.isFlatY ? 0 : this.yy - slope * this.xy;
    if (!this.isFlatY && squares < 1e-9 * this.yy) return;
    const deviation = finiteOrNaN(Math.sqrt(squares / (this.count - 2)));
    into[at + RESIDUAL_DEVIATION] = deviation;
    into[at + SLOPE_ERROR] = finiteOrNaN(deviation / Math.sqrt(this.xx));
  }
}
