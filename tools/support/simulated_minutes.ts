import { MarketModel } from "../../lib/exchange/market_model.ts";
import { seededContracts } from "../../lib/exchange/seeded_contracts.ts";
import { RegimeSwitch } from "../../lib/exchange/trade_intensity.ts";
import { Random } from "../../lib/stats/mod.ts";
import type { UniverseBar } from "../../lib/universe/mod.ts";

const MINUTE_SECONDS = 60;
/** Standard deviations of the market factor and of a symbol's own walk over one second. */
const MARKET_DEVIATION = 0.03 / Math.sqrt(86_400);
const OWN_DEVIATION = 0.025 / Math.sqrt(86_400);

/**
 * The market of the simulated exchange seen once a minute: its contracts, pairs, regimes and laws of
 * motion (`docs/market_model.md`), without its orders. A close is the best bid or the best ask.
 */
export class SimulatedMinutes {
  /** The pairs that are cointegrated, each as `y x`. */
  readonly truth: ReadonlySet<string>;
  readonly #contracts;
  readonly #pairs;
  readonly #random: Random;
  readonly #regimes: RegimeSwitch;
  readonly #logs: number[];
  readonly #betas: number[];
  readonly #spreads: number[];

  constructor(symbols: number, seed: number) {
    const contracts = seededContracts(symbols);
    const { pairs } = new MarketModel({ seed, contracts, ratePerSecond: 1, startMs: 0 });
    this.#contracts = contracts;
    this.#pairs = new Map(pairs.map((pair) => [pair.y, pair]));
    this.truth = new Set(pairs.map(({ y, x }) => `${y} ${x}`));
    this.#random = new Random(`${seed}/minutes`);
    this.#regimes = new RegimeSwitch(new Random(`${seed}/regimes`));
    this.#logs = contracts.map(({ startPrice }) => Math.log(startPrice));
    this.#betas = contracts.map(() =>
      Math.min(1.6, Math.max(0.5, 1 + 0.25 * this.#random.normal()))
    );
    this.#spreads = contracts.map(() => this.#random.normal());
  }

  /** The bars of the next minute. */
  next(): UniverseBar[] {
    let variance = 0;
    for (let k = 0; k < MINUTE_SECONDS; k++) variance += this.#regimes.advance(1).volatility ** 2;
    const root = Math.sqrt(variance);
    const market = MARKET_DEVIATION * root * this.#random.normal();
    return this.#contracts.map(({ symbol, pricePrecision, tickUnits }, i) => {
      const pair = this.#pairs.get(symbol);
      const shock = this.#random.normal();
      if (pair === undefined) {
        this.#logs[i]! += this.#betas[i]! * market + OWN_DEVIATION * root * shock;
      } else {
        const keep = 2 ** (-MINUTE_SECONDS * 1_000 / pair.halfLifeMs);
        this.#spreads[i] = keep * this.#spreads[i]! + Math.sqrt(1 - keep * keep) * shock;
        this.#logs[i] = pair.intercept + pair.hedgeRatio * this.#logs[i - 1]! +
          pair.spreadDeviation * this.#spreads[i]!;
      }
      const tick = tickUnits / 10 ** pricePrecision;
      const bid = Math.max(1, Math.floor(Math.exp(this.#logs[i]!) / tick));
      const close = (bid + (this.#random.uniform() < 0.5 ? 0 : 1)) * tick;
      return { symbol, close, complete: true };
    });
  }
}
