import { finite, finiteOrNaN } from "./absent.ts";
import type { EwmaOptions } from "./ewma.ts";

type FirstFive = [number, number, number, number, number];
type LastSix = [number, number, number, number, number, number];

/** What an `EwmaPair` needs to continue; plain JSON. */
export interface EwmaPairState {
  /** Weight of the newest value. */
  readonly alpha: number;
  /** Whether all values so far are weighted from the first on. */
  readonly adjust: boolean;
  /** Its running numbers. */
  readonly numbers: readonly number[];
}

/**
 * Exponentially weighted means, variances and covariance of two series as they come.
 *
 * Agrees with pandas `ewm(alpha, adjust, ignore_na=False)`: a missing row ages the weights of the
 * others. The means are kept to twice the digits of a number, so that cents at a level of 118,000 keep
 * theirs. O(1) per row; `push()` and `read()` allocate nothing, a getter allocates the number it
 * returns (16 bytes).
 *
 * @example Three rows
 * ```ts
 * import { EwmaPair } from "tandem/stats";
 * import { ok } from "node:assert/strict";
 *
 * const pair = new EwmaPair({ alpha: 0.5 });
 * for (const [x, y] of [[1, 2], [2, 4], [4, 8]]) pair.push(x!, y!);
 * ok(Math.abs(pair.correlation! - 1) < 1e-15);
 * ```
 */
export class EwmaPair {
  readonly #alpha: number;
  readonly #keep: number;
  readonly #newWeight: number;
  readonly #adjust: boolean;
  readonly #row = new Float64Array(2);
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  /** What the means are short of the truth. */
  #restX = 0;
  #restY = 0;
  #xx = 0;
  #xy = 0;
  #yy = 0;
  #weight = 1;
  #sum = 1;
  #squares = 1;

  /**
   * Begins without values.
   *
   * @param options How older values lose weight.
   * @throws {RangeError} If `alpha` is not in (0, 1].
   */
  constructor(options: EwmaOptions) {
    const { alpha, adjust = true } = options;
    if (!(alpha > 0 && alpha <= 1)) {
      throw new RangeError(`Cannot weight as "alpha" must be in (0, 1]: current value is ${alpha}`);
    }
    this.#alpha = alpha;
    this.#keep = 1 - alpha;
    this.#newWeight = adjust ? 1 : alpha;
    this.#adjust = adjust;
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: EwmaPairState): EwmaPair {
    const pair = new EwmaPair(state);
    [pair.#count, pair.#meanX, pair.#meanY, pair.#restX, pair.#restY] = state.numbers as FirstFive;
    [pair.#xx, pair.#xy, pair.#yy, pair.#weight, pair.#sum, pair.#squares] = state.numbers
      .slice(5) as LastSix;
    return pair;
  }

  /** What `restore()` needs. */
  state(): EwmaPairState {
    const numbers = [
      ...[this.#count, this.#meanX, this.#meanY, this.#restX, this.#restY],
      ...[this.#xx, this.#xy, this.#yy, this.#weight, this.#sum, this.#squares],
    ];
    return { alpha: this.#alpha, adjust: this.#adjust, numbers };
  }

  /**
   * Takes the next row.
   *
   * @param x One value; not finite means missing.
   * @param y The other.
   */
  push(x: number, y: number): void {
    const row = this.#row;
    row[0] = x;
    row[1] = y;
    this.take(row);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds x and y.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const present = Number.isFinite(row[at]!) && Number.isFinite(row[at + 1]!);
    if (this.#count === 0) {
      if (present) {
        this.#count = 1;
        this.#meanX = row[at]!;
        this.#meanY = row[at + 1]!;
      }
      return;
    }
    this.#weight *= this.#keep;
    this.#sum *= this.#keep;
    this.#squares *= this.#keep * this.#keep;
    if (present) this.#weigh(row, at);
  }

  #weigh(row: Float64Array, at: number): void {
    this.#count++;
    const total = this.#weight + this.#newWeight;
    const share = this.#newWeight / total;
    const dx = row[at]! - this.#meanX - this.#restX;
    const dy = row[at + 1]! - this.#meanY - this.#restY;
    const old = this.#weight / total;
    const beforeX = this.#meanX;
    const beforeY = this.#meanY;
    this.#meanX += this.#restX + share * dx;
    this.#meanY += this.#restY + share * dy;
    this.#restX = beforeX - this.#meanX + this.#restX + share * dx;
    this.#restY = beforeY - this.#meanY + this.#restY + share * dy;
    this.#xx = old * (this.#xx + share * dx * dx);
    this.#xy = old * (this.#xy + share * dx * dy);
    this.#yy = old * (this.#yy + share * dy * dy);
    this.#sum += this.#newWeight;
    this.#squares += this.#newWeight * this.#newWeight;
    this.#weight = total;
    if (this.#adjust) return;
    this.#sum /= total;
    this.#squares /= total * total;
    this.#weight = 1;
  }

  /** Complete rows so far. */
  get count(): number {
    return this.#count;
  }

  /** Weighted mean of x, or `null` before the first complete row. */
  get meanX(): number | null {
    return this.#count === 0 ? null : this.#meanX;
  }

  /** Weighted mean of y, or `null` before the first complete row. */
  get meanY(): number | null {
    return this.#count === 0 ? null : this.#meanY;
  }

  /** Weighted correlation in [-1, 1], or `null` where a series has not varied. */
  get correlation(): number | null {
    if (!(this.#xx > 0 && this.#yy > 0)) return null;
    const r = this.#xy / (Math.sqrt(this.#xx) * Math.sqrt(this.#yy));
    return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : null;
  }

  /**
   * Returns the weighted covariance.
   *
   * @param bias `true` for the plain weighted mean of products; otherwise it is corrected for the
   *   weights, as n / (n - 1) corrects for the count.
   * @returns A number, or `null` while it is undefined.
   */
  covariance(bias = false): number | null {
    return this.#corrected(this.#xy, bias);
  }

  /**
   * Returns the weighted standard deviation of x.
   *
   * @param bias See `covariance()`.
   * @returns A number >= 0, or `null` while it is undefined.
   */
  deviationX(bias = false): number | null {
    const variance = this.#corrected(this.#xx, bias);
    return variance === null ? null : Math.sqrt(variance);
  }

  /**
   * Returns the weighted standard deviation of y.
   *
   * @param bias See `covariance()`.
   * @returns A number >= 0, or `null` while it is undefined.
   */
  deviationY(bias = false): number | null {
    const variance = this.#corrected(this.#yy, bias);
    return variance === null ? null : Math.sqrt(variance);
  }

  /**
   * Writes what the getters tell, without allocating: means of x and y, deviations of x and y,
   * covariance (all three corrected for the weights) and correlation.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at Place of the first.
   */
  read(into: Float64Array, at = 0): void {
    const whole = this.#sum * this.#sum;
    const left = whole - this.#squares;
    for (let place = at; place < at + 6; place++) into[place] = NaN;
    if (this.#count === 0) return;
    into[at] = this.#meanX;
    into[at + 1] = this.#meanY;
    if (left > 0) {
      into[at + 2] = finiteOrNaN(Math.sqrt(this.#xx * whole / left));
      into[at + 3] = finiteOrNaN(Math.sqrt(this.#yy * whole / left));
      into[at + 4] = finiteOrNaN(this.#xy * whole / left);
    }
    if (!(this.#xx > 0 && this.#yy > 0)) return;
    const r = this.#xy / (Math.sqrt(this.#xx) * Math.sqrt(this.#yy));
    into[at + 5] = Math.max(-1, Math.min(1, finiteOrNaN(r)));
  }

  #corrected(value: number, bias: boolean): number | null {
    if (this.#count === 0) return null;
    if (bias) return finite(value);
    const whole = this.#sum * this.#sum;
    const left = whole - this.#squares;
    return left > 0 ? finite(value * whole / left) : null;
  }
}
