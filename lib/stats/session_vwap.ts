import { finite } from "./absent.ts";

/** What a `SessionVwap` needs to continue; plain JSON. */
export interface SessionVwapState {
  /** Number of the session, or `null` before the first row. */
  readonly session: number | null;
  /** Sum of price times volume, in quote. */
  readonly quoteVolume: number;
  /** Sum of volume, in base. */
  readonly volume: number;
}

/**
 * The volume-weighted average price since the start of the session, as trades or bars come.
 *
 * O(1) per row; nothing is allocated but the number that `push()` returns, where it is used.
 *
 * @example A session ends
 * ```ts
 * import { SessionVwap } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const vwap = new SessionVwap();
 * deepStrictEqual([vwap.push(10, 1, 1), vwap.push(20, 3, 1), vwap.push(7, 5, 2)], [10, 17.5, 7]);
 * ```
 */
export class SessionVwap {
  readonly #row = new Float64Array(3);
  /** The session, its quote volume, volume and average. */
  readonly #numbers = new Float64Array([NaN, 0, 0, NaN]);

  /**
   * Takes the next row.
   *
   * @param price Quote per base.
   * @param volume Base volume, >= 0. A row with a price or volume that is missing or out of range adds
   *   nothing.
   * @param session A number that names the session, for example the day; a change starts a new one.
   * @returns Quote per base; `null` while the session has no volume.
   */
  push(price: number, volume: number, session = 0): number | null {
    const row = this.#row;
    row[0] = price;
    row[1] = volume;
    row[2] = session;
    this.take(row);
    return finite(this.#numbers[3]!);
  }

  /**
   * Takes the next row from a typed array: no number crosses the call, so none is ever allocated.
   *
   * @param row Holds price, volume and session.
   * @param at Place of the first.
   */
  take(row: Float64Array, at = 0): void {
    const numbers = this.#numbers;
    const price = row[at]!;
    const volume = row[at + 1]!;
    if (row[at + 2] !== numbers[0]) numbers.fill(0);
    numbers[0] = row[at + 2]!;
    if (isTraded(price, volume)) {
      numbers[1] = numbers[1]! + price * volume;
      numbers[2] = numbers[2]! + volume;
    }
    // 0 / 0 while there is no volume
    numbers[3] = numbers[1]! / numbers[2]!;
  }

  /**
   * Writes what `push()` returned, without allocating.
   *
   * @param into Where to; NaN stands for an absent number.
   * @param at The place.
   */
  read(into: Float64Array, at = 0): void {
    into[at] = this.#numbers[3]!;
  }

  /** What `restore()` needs. */
  state(): SessionVwapState {
    const [session, quoteVolume, volume] = this.#numbers;
    return { session: finite(session!), quoteVolume: quoteVolume!, volume: volume! };
  }

  /**
   * Returns an instance that goes on where `state()` was called, bit for bit.
   *
   * @param state What `state()` returned.
   * @returns The instance.
   */
  static restore(state: SessionVwapState): SessionVwap {
    const vwap = new SessionVwap();
    const { session, quoteVolume, volume } = state;
    vwap.#numbers.set([session ?? NaN, quoteVolume, volume, quoteVolume / volume]);
    return vwap;
  }
}

/**
 * Returns the volume-weighted average price since the start of the session, after each trade or bar.
 *
 * `sum price * volume / sum volume`. A new session starts where the session number changes.
 * This is `SessionVwap` over a series.
 *
 * @example Two sessions
 * ```ts
 * import { sessionVwap } from "tandem/stats";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(sessionVwap([10, 20, 7], [1, 3, 5], [1, 1, 2]), [10, 17.5, 7]);
 * ```
 *
 * @param prices Prices, oldest first, in quote per base.
 * @param volumes Base volumes, >= 0, one per price. A row with a price or volume that is missing
 *   or out of range adds nothing.
 * @param sessions A number per row that names its session, for example the day; without it all rows
 *   are one session.
 * @returns Quote per base, one per row; `null` while the session has no volume.
 * @throws {RangeError} If the lengths differ.
 */
export function sessionVwap(
  prices: ArrayLike<number>,
  volumes: ArrayLike<number>,
  sessions?: ArrayLike<number>,
): (number | null)[] {
  requireOneLength(prices, volumes);
  if (sessions !== undefined) requireOneLength(prices, sessions);
  const vwap = new SessionVwap();
  return Array.from(
    { length: prices.length },
    (_, t) => vwap.push(prices[t]!, volumes[t]!, sessions?.[t] ?? 0),
  );
}

/** Whether price and volume are there, finite and above 0. */
export function isTraded(price: number, volume: number): boolean {
  return price > 0 && price < Infinity && volume > 0 && volume < Infinity;
}

/** Throws unless two columns have one length. */
export function requireOneLength(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot average prices as all columns must have one length: current values are ${a.length} and ${b.length}`,
    );
  }
}
