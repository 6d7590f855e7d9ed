import type { Random } from "../stats/mod.ts";

/** A state of the whole market. */
export interface Regime {
  readonly name: "quiet" | "normal" | "burst";
  /** Factor on the rate of orders. */
  readonly activity: number;
  /** Factor on the volatility of prices. */
  readonly volatility: number;
  /** How long it lasts on average, s; exponential. */
  readonly meanSeconds: number;
}

const QUIET: Regime = { name: "quiet", activity: 0.3, volatility: 0.6, meanSeconds: 20 };
const NORMAL: Regime = { name: "normal", activity: 1, volatility: 1, meanSeconds: 30 };
const BURST: Regime = { name: "burst", activity: 5, volatility: 2.5, meanSeconds: 1.5 };

/** The long-run mean of `activity`: every second visit is normal, the others quiet or burst. */
const MEAN_ACTIVITY = (2 * NORMAL.activity * NORMAL.meanSeconds +
  QUIET.activity * QUIET.meanSeconds + BURST.activity * BURST.meanSeconds) /
  (2 * NORMAL.meanSeconds + QUIET.meanSeconds + BURST.meanSeconds);

/** A market that is quiet, normal or in a burst: a Markov chain in continuous time. */
export class RegimeSwitch {
  readonly #random: Random;
  #regime = NORMAL;
  #leftSeconds: number;

  /** Begins in the normal state. */
  constructor(random: Random) {
    this.#random = random;
    this.#leftSeconds = NORMAL.meanSeconds * random.exponential();
  }

  /** The state for the next `seconds`, during which it does not change. */
  advance(seconds: number): Regime {
    while (this.#leftSeconds <= 0) {
      if (this.#regime !== NORMAL) this.#regime = NORMAL;
      else this.#regime = this.#random.uniform() < 0.5 ? QUIET : BURST;
      this.#leftSeconds += this.#regime.meanSeconds * this.#random.exponential();
    }
    this.#leftSeconds -= seconds;
    return this.#regime;
  }
}

/** Share of orders that earlier orders brought about. */
const BRANCHING = 0.5;

/** How long an order keeps bringing others about, s. */
const MEMORY_SECONDS = 2;

/**
 * When the orders of one symbol arrive: a Hawkes process with an exponential kernel, whose base
 * rate follows the regime. In the long run it makes `ordersPerSecond`.
 */
export class OrderArrivals {
  readonly #random: Random;
  readonly #baseRate: number;
  readonly #stepSeconds: number;
  readonly #decay: number;
  readonly #jump: number;
  #excitement = 0;
  /** Expected orders until the next one: exponential, used up by the rate. */
  #credit: number;

  /** Makes arrivals in steps of `stepSeconds`. */
  constructor(random: Random, ordersPerSecond: number, stepSeconds: number) {
    this.#random = random;
    this.#baseRate = (1 - BRANCHING) * ordersPerSecond / MEAN_ACTIVITY;
    this.#stepSeconds = stepSeconds;
    this.#decay = Math.exp(-stepSeconds / MEMORY_SECONDS);
    this.#jump = BRANCHING * (1 - this.#decay) / stepSeconds;
    this.#credit = random.exponential();
  }

  /** Calls `arrive` for every order of the next step with its time in it, s, in order. */
  step(activity: number, arrive: (atSeconds: number) => void): void {
    const rate = this.#baseRate * activity + this.#excitement;
    let at = this.#credit / rate;
    let orders = 0;
    while (at < this.#stepSeconds) {
      arrive(at);
      orders++;
      at += this.#random.exponential() / rate;
    }
    this.#credit = (at - this.#stepSeconds) * rate;
    this.#excitement = this.#excitement * this.#decay + this.#jump * orders;
  }
}
