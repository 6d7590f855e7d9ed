import { finite } from "./moment_sums.ts";

/** Numbers per saved aggregate. */
const FIELDS = 10;

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

  /** Takes a finite pair. */
  add(x: number, y: number): void {
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

  get isFlatX(): boolean {
    return this.minimumX === this.maximumX;
  }

  get isFlatY(): boolean {
    return this.minimumY === this.maximumY;
  }

  /** Least-squares slope of y on x with an intercept, or `null`. */
  slope(): number | null {
    if (this.count < 2 || this.isFlatX) return null;
    return this.isFlatY ? 0 : finite(this.xy / this.xx);
  }

  /** Least-squares intercept, or `null`. */
  intercept(): number | null {
    const slope = this.slope();
    if (slope === null) return null;
    return finite((this.originY - slope * this.originX) + (this.meanY - slope * this.meanX));
  }

  /** Pearson's correlation, or `null`. */
  correlation(): number | null {
    if (this.count < 2 || this.isFlatX || this.isFlatY) return null;
    const r = finite(this.xy / (Math.sqrt(this.xx) * Math.sqrt(this.yy)));
    return r === null ? null : Math.max(-1, Math.min(1, r));
  }

  /** Covariance with divisor n - 1, or `null`. */
  covariance(): number | null {
    if (this.count < 2) return null;
    return this.isFlatX || this.isFlatY ? 0 : finite(this.xy / (this.count - 1));
  }

  /** sqrt(SSR / (n - 2)), or `null` also where rounding hides the residuals. */
  residualDeviation(): number | null {
    const slope = this.slope();
    if (slope === null || this.count < 3) return null;
    if (this.isFlatY) return 0;
    const squares = this.yy - slope * this.xy;
    return squares < 1e-9 * this.yy ? null : finite(Math.sqrt(squares / (this.count - 2)));
  }

  /** Standard error of the slope, or `null` where there is no residual deviation. */
  slopeError(): number | null {
    const deviation = this.residualDeviation();
    return deviation === null ? null : finite(deviation / Math.sqrt(this.xx));
  }
}
