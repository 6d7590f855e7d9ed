import { type Moments, pairIndex, rowStart } from "./moments.ts";
import type { PriceRing } from "./price_ring.ts";

/** Number of lagged differences, or the one that Akaike's criterion prefers. */
export type Lag = number | "aic";

/**
 * The Engle-Granger t-ratio of any ordered pair with any number of lagged differences, exactly that
 * of the regression, from the moments and the residuals at both ends of the window.
 */
export class LagTest {
  readonly #moments: Moments;
  readonly #most: number;
  readonly #bars: number;
  /** Deviations of the first and (newest first) of the last `most + 1` levels of each symbol. */
  readonly #heads: Float64Array;
  readonly #tails: Float64Array;
  /** Squares of each symbol's changes, of d rows apart summed: the diagonals of the products. */
  readonly #squares: Float64Array;
  /** The products of the latest pair, one for each d: both directions need them. */
  readonly #crossed: Float64Array;
  #crossedAt = -1;
  /** Of one pair: residuals and their changes at both ends. */
  readonly #head: Float64Array;
  readonly #tail: Float64Array;
  readonly #headChanges: Float64Array;
  readonly #tailChanges: Float64Array;
  /** Sums of products of the residual's changes d rows apart, over all rows. */
  readonly #lagged: Float64Array;
  /** Sums of products of the changes j and k rows back, over the rows of the regression. */
  readonly #changes: Float64Array;
  readonly #factor: Float64Array;
  readonly #right: Float64Array;
  /** Lagged differences of the latest statistic. */
  lag = 0;

  constructor(moments: Moments, ring: PriceRing, symbols: number, most: number) {
    this.#moments = moments;
    this.#most = most;
    this.#bars = ring.windowBars;
    const size = most + 1;
    this.#heads = new Float64Array(symbols * size);
    this.#tails = new Float64Array(symbols * size);
    this.#squares = new Float64Array(symbols * size);
    this.#crossed = new Float64Array(size);
    this.#head = new Float64Array(size);
    this.#tail = new Float64Array(size);
    this.#headChanges = new Float64Array(size);
    this.#tailChanges = new Float64Array(size);
    this.#lagged = new Float64Array(size);
    this.#changes = new Float64Array(size * size);
    this.#factor = new Float64Array(size * size);
    this.#right = new Float64Array(size);
    const first = ring.bar - ring.windowBars + 1;
    for (let k = 0; k < size; k++) {
      const head = ring.offset(first + k);
      const tail = ring.offset(ring.bar - k);
      const products = moments.products[k + 1]!;
      for (let i = 0; i < symbols; i++) {
        this.#squares[i * size + k] = products[rowStart(i) + i]!;
        const middle = moments.centre[i]! + moments.mean(i);
        this.#heads[i * size + k] = ring.prices[head + i]! - middle;
        this.#tails[i * size + k] = ring.prices[tail + i]! - middle;
      }
    }
  }

  /** The t-ratio of y on x, or NaN where the regressors leave none. */
  statistic(y: number, x: number, lag: Lag): number {
    const cross = this.#moments.deviations(y, x);
    const slope = cross / this.#moments.deviations(x, x);
    const squares = this.#moments.deviations(y, y) - slope * cross;
    this.#readEnds(y, x, slope);
    this.#sumLagged(y, x, slope);
    this.lag = lag === "aic" ? this.#chooseLag(squares) : lag;
    const left = this.#solve(squares, this.lag, this.lag);
    return this.#right[this.lag]! / Math.sqrt(left / (this.#bars - 2 * (this.lag + 1)));
  }

  /** The lag with the least criterion on the rows that the most lags leave. */
  #chooseLag(residualSquares: number): number {
    const most = this.#most;
    const rows = this.#bars - 1 - most;
    this.#solve(residualSquares, most, 0);
    let left = this.#changes[0]!;
    let best = 0;
    let least = Infinity;
    for (let lag = 0; lag <= most; lag++) {
      left -= this.#right[lag]! ** 2;
      const criterion = rows * Math.log(left) + 2 * (lag + 1);
      if (criterion < least) {
        least = criterion;
        best = lag;
      }
    }
    return best;
  }

  #readEnds(y: number, x: number, slope: number): void {
    const size = this.#most + 1;
    const [head, tail] = [this.#head, this.#tail];
    for (let k = 0; k < size; k++) {
      head[k] = this.#heads[y * size + k]! - slope * this.#heads[x * size + k]!;
      tail[k] = this.#tails[y * size + k]! - slope * this.#tails[x * size + k]!;
    }
    for (let k = 1; k < size; k++) {
      this.#headChanges[k] = head[k]! - head[k - 1]!;
      this.#tailChanges[k - 1] = tail[k - 1]! - tail[k]!;
    }
  }

  #readCrossed(y: number, x: number): void {
    const at = pairIndex(y, x);
    if (at === this.#crossedAt) return;
    this.#crossedAt = at;
    const { products } = this.#moments;
    for (let d = 0; d <= this.#most; d++) this.#crossed[d] = products[d + 1]![at]!;
  }

  #sumLagged(y: number, x: number, slope: number): void {
    this.#readCrossed(y, x);
    const size = this.#most + 1;
    const [head, tail] = [this.#headChanges, this.#tailChanges];
    const [squares, crossed, lagged] = [this.#squares, this.#crossed, this.#lagged];
    let outside = 0;
    for (let d = 0; d < size; d++) {
      const form = squares[y * size + d]! -
        slope * (2 * crossed[d]! - slope * squares[x * size + d]!);
      if (d > 0) outside += head[d]! * head[d]! + tail[d - 1]! * tail[d - 1]!;
      lagged[d] = d === 0 ? form : 0.5 * (form + outside) - lagged[0]!;
    }
  }

  /**
   * Fills `#changes` for 0 <= j <= k <= lag: all rows, less those outside of the regression. One
   * row further back a product at the head comes in and one at the tail goes out.
   */
  #sumChanges(lag: number): void {
    const size = lag + 1;
    const [head, tail] = [this.#headChanges, this.#tailChanges];
    const changes = this.#changes;
    for (let d = 0; d <= lag; d++) {
      let sum = this.#lagged[d]!;
      for (let s = d + 1; s <= lag; s++) sum -= head[s]! * head[s - d]!;
      changes[d] = sum;
      for (let j = 1; j + d <= lag; j++) {
        const s = lag - j + 1;
        sum += head[s]! * head[s - d]! - tail[j - 1]! * tail[j - 1 + d]!;
        changes[j * size + j + d] = sum;
      }
    }
  }

  /**
   * Cholesky of the regression with the level at place 0 or last. The squares of `#right` are what
   * each regressor takes off the sum of squares; the last one over the deviation left is its t-ratio.
   *
   * @returns The sum of squares left.
   */
  #solve(residualSquares: number, lag: number, levelAt: number): number {
    this.#sumChanges(lag);
    const size = lag + 1;
    const [head, tail, changes] = [this.#head, this.#tail, this.#changes];
    const factor = this.#factor;
    const right = this.#right;
    const shift = levelAt === 0 ? 0 : 1;
    let level = residualSquares - tail[0]! * tail[0]!;
    for (let k = 0; k < lag; k++) level -= head[k]! * head[k]!;
    for (let j = 1; j <= lag; j++) {
      let sum = 0.5 *
        (tail[j]! * tail[j]! - head[lag - j]! * head[lag - j]! + changes[j * size + j]!);
      for (let s = 1; s < j; s++) sum += changes[s * size + j]!;
      if (shift === 0) factor[j * size] = sum;
      else factor[lag * size + j - 1] = sum;
      right[j - shift] = changes[j]!;
      for (let k = j; k <= lag; k++) {
        factor[(k - shift) * size + j - shift] = changes[j * size + k]!;
      }
    }
    factor[levelAt * size + levelAt] = level;
    right[levelAt] = 0.5 * (tail[0]! * tail[0]! - head[lag]! * head[lag]! - changes[0]!);
    return this.#factorise(size);
  }

  /** The diagonal of the factor holds reciprocals: a division costs as much as many products. */
  #factorise(size: number): number {
    const factor = this.#factor;
    const right = this.#right;
    let left = this.#changes[0]!;
    for (let i = 0; i < size; i++) {
      const row = i * size;
      let sum = right[i]!;
      let square = factor[row + i]!;
      for (let j = 0; j < i; j++) {
        const other = j * size;
        let entry = factor[row + j]!;
        for (let k = 0; k < j; k++) entry -= factor[row + k]! * factor[other + k]!;
        entry *= factor[other + j]!;
        factor[row + j] = entry;
        square -= entry * entry;
        sum -= entry * right[j]!;
      }
      const inverse = 1 / Math.sqrt(square);
      factor[row + i] = inverse;
      sum *= inverse;
      right[i] = sum;
      left -= sum * sum;
    }
    return left;
  }
}
