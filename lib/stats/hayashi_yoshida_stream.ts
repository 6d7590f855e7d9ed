import { finite } from "./absent.ts";
import { cosine } from "./orthogonal.ts";

/** What a `HayashiYoshidaStream` needs to continue; plain JSON. */
export interface HayashiYoshidaState {
  /** Its working numbers; `null` stands for none yet. */
  readonly numbers: readonly (number | null)[];
}

// places in the working numbers, those of y after those of x
const VALUE = 0; // of the last counted tick
const OTHER = 1; // value of the other leg when that tick came
const WAITING_TIME = 2; // of the tick that another at the same time may still replace
const WAITING = 3; // its value
const SQUARES = 4; // of the changes
const NOBS = 5;
const LEG = 6;
const COVARIANCE = 2 * LEG;
const NUMBERS = COVARIANCE + 1;

/**
 * The Hayashi-Yoshida covariance and correlation of two series as their ticks come; see
 * `hayashiYoshida()`.
 *
 * A change of x that ends now overlaps all changes of y that ended since it began, and those sum to
 * one difference; likewise for y. A tick counts once a later one of either series has come, as at
 * one time the last value counts. O(1) per tick, bounded memory, nothing allocated per tick.
 *
 * @example As the batch form
 * ```ts
 * import { hayashiYoshida, HayashiYoshidaStream } from "tandem/stats";
 * import { strictEqual } from "node:assert/strict";
 *
 * const x = { times: [0, 2, 4], values: [0, 1, 3] };
 * const y = { times: [1, 3, 5], values: [0, 1, 3] };
 * const stream = new HayashiYoshidaStream();
 * for (let i = 0; i < 3; i++) {
 *   stream.pushX(x.times[i]!, x.values[i]!);
 *   stream.pushY(y.times[i]!, y.values[i]!);
 * }
 * stream.advance(6);
 * strictEqual(stream.correlation, hayashiYoshida(x, y).correlation);
 * ```
 */
export class HayashiYoshidaStream {
  readonly #numbers = new Float64Array(NUMBERS).fill(NaN);
  /** Time and value that have come. */
  readonly #tick = new Float64Array(2);

  /** Starts before the first tick. */
  constructor() {
    for (const place of [SQUARES, NOBS, LEG + SQUARES, LEG + NOBS, COVARIANCE]) {
      this.#numbers[place] = 0;
    }
  }

  /**
   * Takes the next tick of x.
   *
   * @param time Its time in any one unit; never before a tick that has come, of either series.
   * @param value Its value; one that is not finite is left out.
   * @throws {RangeError} If time goes back.
   */
  pushX(time: number, value: number): void {
    this.#tick[0] = time;
    this.#tick[1] = value;
    this.#take(0);
  }

  /**
   * Takes the next tick of y.
   *
   * @param time Its time, as for `pushX()`.
   * @param value Its value; one that is not finite is left out.
   * @throws {RangeError} If time goes back.
   */
  pushY(time: number, value: number): void {
    this.#tick[0] = time;
    this.#tick[1] = value;
    this.#take(LEG);
  }

  /**
   * Says that no tick at or before a time will come any more, so that the last ones count.
   *
   * @param time A time after the last tick.
   */
  advance(time: number): void {
    this.#tick[0] = time;
    this.#countBefore();
  }

  /** Counts the ticks before the time that has come, the older one first. */
  #countBefore(): void {
    const s = this.#numbers;
    const time = this.#tick[0]!;
    const first = s[WAITING_TIME]! <= s[LEG + WAITING_TIME]! ? 0 : LEG;
    const isTogether = s[WAITING_TIME] === s[LEG + WAITING_TIME];
    if (s[first + WAITING_TIME]! < time) this.#count(first);
    if (s[LEG - first + WAITING_TIME]! < time) this.#count(LEG - first);
    // a tick of both at one time: each has seen the other's value of that time
    if (isTogether && Number.isNaN(s[WAITING_TIME]!)) {
      s[OTHER] = s[LEG + VALUE]!;
      s[LEG + OTHER] = s[VALUE]!;
    }
  }

  /** Sum of the products of overlapping changes. */
  get covariance(): number {
    return this.#numbers[COVARIANCE]!;
  }

  /** Covariance over the root of both realised variances, or `null`; can leave [-1, 1]. */
  get correlation(): number | null {
    const s = this.#numbers;
    return cosine(s[COVARIANCE]!, s[SQUARES]!, s[LEG + SQUARES]!);
  }

  /** Sum of the squared changes of x. */
  get varianceX(): number {
    return this.#numbers[SQUARES]!;
  }

  /** Sum of the squared changes of y. */
  get varianceY(): number {
    return this.#numbers[LEG + SQUARES]!;
  }

  /** Ticks of x counted, one per time. */
  get nobsX(): number {
    return this.#numbers[NOBS]!;
  }

  /** Ticks of y counted, one per time. */
  get nobsY(): number {
    return this.#numbers[LEG + NOBS]!;
  }

  /** What `restore()` needs. */
  state(): HayashiYoshidaState {
    return { numbers: Array.from(this.#numbers, finite) };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: HayashiYoshidaState): HayashiYoshidaStream {
    const stream = new HayashiYoshidaStream();
    stream.#numbers.set(state.numbers.map((value) => value ?? NaN));
    return stream;
  }

  #take(leg: number): void {
    const s = this.#numbers;
    const time = this.#tick[0]!;
    const value = this.#tick[1]!;
    if (!Number.isFinite(time) || time < s[WAITING_TIME]! || time < s[LEG + WAITING_TIME]!) {
      throw new RangeError(
        `Cannot use a tick as time must not go back: current value is ${time}`,
      );
    }
    if (!Number.isFinite(value)) return;
    this.#countBefore();
    s[leg + WAITING_TIME] = time;
    s[leg + WAITING] = value;
  }

  /** Counts the waiting tick of a leg. */
  #count(leg: number): void {
    const s = this.#numbers;
    const other = LEG - leg;
    if (s[leg + NOBS]! > 0) {
      const change = s[leg + WAITING]! - s[leg + VALUE]!;
      s[leg + SQUARES] = s[leg + SQUARES]! + change * change;
      // what the other leg did since this change began: nothing where it has no tick yet
      const otherChange = s[other + VALUE]! - s[leg + OTHER]!;
      if (!Number.isNaN(otherChange)) s[COVARIANCE] = s[COVARIANCE]! + change * otherChange;
    }
    s[leg + VALUE] = s[leg + WAITING]!;
    // the first tick ends no change: the other leg's open one sees nothing of this leg before it
    if (s[leg + NOBS] === 0) s[other + OTHER] = s[leg + VALUE]!;
    s[leg + OTHER] = s[other + VALUE]!;
    s[leg + NOBS] = s[leg + NOBS]! + 1;
    s[leg + WAITING_TIME] = NaN;
  }
}
