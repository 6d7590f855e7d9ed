import { BYBIT_LINEAR, OKX_SWAP } from "../market/mod.ts";
import { Random } from "../stats/mod.ts";

/** How far and for how long a venue's prices stand off the common price. */
export interface BasisLaw {
  /** Standard deviation of the basis, log units. */
  readonly deviation: number;
  /** Time until half of a deviation is gone, ms. */
  readonly halfLifeMs: number;
}

/** The law of each venue but the first, which tells the common price. */
export const BASIS_LAWS: ReadonlyMap<string, BasisLaw> = new Map([
  [BYBIT_LINEAR, { deviation: 0.0002, halfLifeMs: 120_000 }],
  [OKX_SWAP, { deviation: 0.0003, halfLifeMs: 300_000 }],
]);

/** The basis is constant within a step of this length, ms. */
export const BASIS_STEP_MS = 1_000;

/** So many steps are drawn from one seed, so that any of them is found again without those before. */
const BLOCK_STEPS = 1_024;

/** What makes the basis of one symbol at one venue. */
export interface VenueBasisOptions extends BasisLaw {
  /** Of the market, the venue and the symbol. */
  readonly seed: string;
  /** Exchange time at which the market starts, ms since the epoch. */
  readonly startMs: number;
}

/**
 * By how much the price of a symbol at one venue is above the common price: a function of its seed
 * and of exchange time alone, in whatever order it is asked.
 *
 * An Ornstein-Uhlenbeck process, started in its stationary law and moved by its exact transition,
 * `b(t + h) = k b(t) + deviation sqrt(1 - k²) N(0, 1)` with `k = 2^(-h / halfLife)` (D. T. Gillespie,
 * Phys. Rev. E 54, 2084, 1996).
 */
export class VenueBasis {
  readonly #options: VenueBasisOptions;
  readonly #keep: number;
  /** The first value of each block, standardised. */
  readonly #firsts: number[];
  readonly #steps = new Float64Array(BLOCK_STEPS);
  /** The block that `#steps` holds. */
  #block = -1;

  /** Makes a basis. */
  constructor(options: VenueBasisOptions) {
    this.#options = options;
    this.#keep = 2 ** (-BASIS_STEP_MS / options.halfLifeMs);
    this.#firsts = [new Random(options.seed).normal()];
  }

  /** The basis at an exchange time, log units; what was before the start is as at the start. */
  at(timeMs: number): number {
    const { startMs, deviation } = this.#options;
    const step = Math.max(0, Math.floor((timeMs - startMs) / BASIS_STEP_MS));
    const block = Math.floor(step / BLOCK_STEPS);
    while (this.#firsts.length <= block) this.#draw(this.#firsts.length - 1);
    if (this.#block !== block) this.#draw(block);
    return deviation * this.#steps[step % BLOCK_STEPS]!;
  }

  #draw(block: number): void {
    const random = new Random(`${this.#options.seed}/${block}`);
    const shock = Math.sqrt(1 - this.#keep ** 2);
    let value = this.#firsts[block]!;
    for (let step = 0; step < BLOCK_STEPS; step++) {
      this.#steps[step] = value;
      value = this.#keep * value + shock * random.normal();
    }
    this.#firsts[block + 1] ??= value;
    this.#block = block;
  }
}
