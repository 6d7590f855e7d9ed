import { Random } from "../stats/mod.ts";
import type { SeededContract } from "./seeded_contracts.ts";
import { OrderArrivals, RegimeSwitch } from "./trade_intensity.ts";
import type { TradeRow } from "./trade_row.ts";

/** Two symbols whose log prices are cointegrated by construction. */
export interface CointegratedPair {
  /** The dependent leg. */
  readonly y: string;
  /** The hedge. */
  readonly x: string;
  /** β of log price y = α + β log price x + spread. */
  readonly hedgeRatio: number;
  /** α, log units. */
  readonly intercept: number;
  /** Time until half of a deviation of the spread is gone, ms. */
  readonly halfLifeMs: number;
  /** Standard deviation of the spread, log units. */
  readonly spreadDeviation: number;
}

/** A fill and the position of its contract in the model's list. */
export interface ModelTrade {
  readonly index: number;
  readonly row: TradeRow;
}

/** The model moves in steps of this length, ms; prices are constant within one. */
export const STEP_MS = 100;

const STEP_SECONDS = STEP_MS / 1_000;

/** Standard deviation of the market factor's log return over one second: 3 % a day. */
const MARKET_DEVIATION = 0.03 / Math.sqrt(86_400);

/** The same for what a symbol does on its own: 2.5 % a day. */
const OWN_DEVIATION = 0.025 / Math.sqrt(86_400);

/** In every group of so many symbols the second is cointegrated with the first. */
const PAIR_EVERY = 4;

/** Hedge ratio, half-life in s and spread deviation of the pairs, in turn. */
const PAIRS: readonly (readonly [number, number, number])[] = [
  [1.2, 60, 0.0012],
  [0.8, 120, 0.0015],
  [1.5, 45, 0.0010],
  [1.1, 180, 0.0018],
  [0.9, 90, 0.0014],
];

/** Trades fall off with rank as 1 / rank^0.9. */
const RANK_EXPONENT = 0.9;

/** Chance that an order is filled by yet another maker. */
const NEXT_FILL = 6 / 11;
const FILLS_PER_ORDER = 1 / (1 - NEXT_FILL);

/** Chance that the next maker stands one price step further away. */
const NEXT_LEVEL = 0.15;

const MEDIAN_NOTIONAL = 200;
const NOTIONAL_DEVIATION = 1.3;

/** A symbol's log price is set by its factor loading and own walk, or by the leg it follows. */
interface SymbolState {
  readonly contract: SeededContract;
  /** Draws prices; the path does not depend on the rate of trades. */
  readonly prices: Random;
  /** Draws orders. */
  readonly orders: Random;
  readonly arrivals: OrderArrivals;
  readonly beta: number;
  readonly pair: CointegratedPair | null;
  /** Position of the leg it follows. */
  readonly leader: number;
  logPrice: number;
  /** Standardised spread, for the dependent leg of a pair. */
  spread: number;
  nextTradeId: number;
}

/** What the model is made from. */
export interface MarketModelOptions {
  readonly seed: string | number;
  readonly contracts: readonly SeededContract[];
  /** Fills per second over all symbols, in the long run; > 0. */
  readonly ratePerSecond: number;
  /** Exchange time at which the model starts, ms since the epoch. */
  readonly startMs: number;
}

/**
 * A market that is a function of its seed and of time alone; `docs/market_model.md` has the words
 * and numbers.
 *
 * Log prices load on one market factor and walk on their own, but for the dependent legs of the
 * pairs, which follow their hedge with an Ornstein-Uhlenbeck spread. Orders arrive by a Hawkes
 * process under a market-wide regime; an order takes one or several makers, at one or several
 * prices, in one millisecond.
 */
export class MarketModel {
  /** The cointegrated pairs. */
  readonly pairs: readonly CointegratedPair[];
  readonly #symbols: SymbolState[] = [];
  readonly #seed: string | number;
  /** Orders per second of a symbol of weight 1. */
  readonly #ordersPerWeight: number;
  readonly #market: Random;
  readonly #regimes: RegimeSwitch;
  #timeMs: number;

  /** Makes a model at its start. */
  constructor({ seed, contracts, ratePerSecond, startMs }: MarketModelOptions) {
    if (!(ratePerSecond > 0 && ratePerSecond < Infinity)) {
      throw new RangeError(
        `Cannot simulate as "ratePerSecond" must be > 0: current value is ${ratePerSecond}`,
      );
    }
    this.#timeMs = startMs;
    this.#market = new Random(`${seed}/market`);
    this.#regimes = new RegimeSwitch(new Random(`${seed}/regime`));
    this.#seed = seed;
    const weights = contracts.map((_, index) => weightOf(index));
    const weight = weights.reduce((sum, w) => sum + w, 0);
    this.#ordersPerWeight = ratePerSecond / FILLS_PER_ORDER / weight;
    for (const [index, contract] of contracts.entries()) {
      this.#add(contract, index % PAIR_EVERY === 1 ? pairOf(contracts, index) : null);
    }
    this.pairs = this.#symbols.flatMap(({ pair }) => pair ?? []);
  }

  /** Adds a contract that trades from the next step on; it follows none. Returns its position. */
  add(contract: SeededContract): number {
    this.#add(contract, null);
    return this.#symbols.length - 1;
  }

  /** Everything before this exchange time was generated, ms since the epoch. */
  get timeMs(): number {
    return this.#timeMs;
  }

  /** The price of a symbol in this step, between its best bid and ask. */
  price(index: number): number {
    return Math.exp(this.#symbols[index]!.logPrice);
  }

  /** The best bid of a symbol in price units; the best ask is one price step above. */
  bid(index: number): number {
    const { contract, logPrice } = this.#symbols[index]!;
    const ticks = Math.exp(logPrice) * 10 ** contract.pricePrecision / contract.tickUnits;
    return Math.max(1, Math.floor(ticks)) * contract.tickUnits;
  }

  /** Generates the fills of the next step, in time order. */
  step(): ModelTrade[] {
    const regime = this.#regimes.advance(STEP_SECONDS);
    const root = regime.volatility * Math.sqrt(STEP_SECONDS);
    const marketReturn = MARKET_DEVIATION * root * this.#market.normal();
    const trades: ModelTrade[] = [];
    for (const [index, symbol] of this.#symbols.entries()) {
      const before = symbol.logPrice;
      const ownReturn = OWN_DEVIATION * root * symbol.prices.normal();
      if (symbol.pair === null) symbol.logPrice += symbol.beta * marketReturn + ownReturn;
      else this.#follow(symbol, symbol.pair, ownReturn / (OWN_DEVIATION * root));
      const move = (symbol.logPrice - before) / (MARKET_DEVIATION * root);
      const buying = 0.5 + 0.3 * Math.tanh(move);
      symbol.arrivals.step(regime.activity, (atSeconds) => {
        const timeMs = this.#timeMs + Math.min(STEP_MS - 1, Math.floor(atSeconds * 1_000));
        this.#order(trades, index, timeMs, symbol.orders.uniform() >= buying);
      });
    }
    this.#timeMs += STEP_MS;
    return trades.sort((a, b) => a.row.timeMs - b.row.timeMs);
  }

  #add(contract: SeededContract, pair: CointegratedPair | null): void {
    const prices = new Random(`${this.#seed}/${contract.symbol}/prices`);
    const orders = new Random(`${this.#seed}/${contract.symbol}/orders`);
    const index = this.#symbols.length;
    const rate = weightOf(index) * this.#ordersPerWeight;
    const spread = prices.normal();
    this.#symbols.push({
      contract,
      prices,
      orders,
      arrivals: new OrderArrivals(orders, rate, STEP_SECONDS),
      beta: Math.min(1.6, Math.max(0.5, 1 + 0.25 * prices.normal())),
      pair,
      leader: index - 1,
      spread,
      logPrice: Math.log(contract.startPrice) + (pair?.spreadDeviation ?? 0) * spread,
      nextTradeId: 5_000_000_001 + Math.floor(1e9 * orders.uniform()),
    });
  }

  /** The exact transition of the Ornstein-Uhlenbeck spread over one step. */
  #follow(symbol: SymbolState, pair: CointegratedPair, shock: number): void {
    const keep = 2 ** (-STEP_MS / pair.halfLifeMs);
    symbol.spread = keep * symbol.spread + Math.sqrt(1 - keep * keep) * shock;
    symbol.logPrice = pair.intercept + pair.hedgeRatio * this.#symbols[symbol.leader]!.logPrice +
      pair.spreadDeviation * symbol.spread;
  }

  #order(trades: ModelTrade[], index: number, timeMs: number, takerSold: boolean): void {
    const symbol = this.#symbols[index]!;
    const { contract, orders } = symbol;
    const away = takerSold ? -contract.tickUnits : contract.tickUnits;
    const notionalUnits = 10 ** (contract.pricePrecision + contract.quantityPrecision);
    let price = this.bid(index) + (takerSold ? 0 : contract.tickUnits);
    while (true) {
      const notional = MEDIAN_NOTIONAL * Math.exp(NOTIONAL_DEVIATION * orders.normal());
      const quantity = Math.max(1, Math.round(notional * notionalUnits / price));
      const id = symbol.nextTradeId++;
      const row = { id, firstId: id, lastId: id, timeMs, price, quantity, takerSold };
      trades.push({ index, row });
      if (orders.uniform() >= NEXT_FILL) return;
      if (orders.uniform() < NEXT_LEVEL) price = Math.max(contract.tickUnits, price + away);
    }
  }
}

function weightOf(index: number): number {
  return (index + 1) ** -RANK_EXPONENT;
}

function pairOf(contracts: readonly SeededContract[], index: number): CointegratedPair {
  const [y, x] = [contracts[index]!, contracts[index - 1]!];
  const [hedgeRatio, halfLifeSeconds, spreadDeviation] =
    PAIRS[Math.floor(index / PAIR_EVERY) % PAIRS.length]!;
  return {
    y: y.symbol,
    x: x.symbol,
    hedgeRatio,
    intercept: Math.log(y.startPrice) - hedgeRatio * Math.log(x.startPrice),
    halfLifeMs: halfLifeSeconds * 1_000,
    spreadDeviation,
  };
}
