import type { Candle } from "./candle.ts";
import { CandleSeries } from "./candle_series.ts";
import type { Contract } from "./contract.ts";
import type { Tape } from "./tape.ts";
import type { TradeRow } from "./trade_row.ts";
import { type BasisLaw, VenueBasis } from "./venue_basis.ts";

/** What was traded in one contract, as a venue tells it; a `Tape` is one. */
export interface MarketTape {
  /** The contract. */
  readonly contract: Contract;
  /** Only `TRADING` trades. */
  readonly status: string;
  /** Its fills, oldest first. */
  readonly trades: {
    readonly size: number;
    at(index: number): TradeRow | undefined;
    slice(from: number, to: number): TradeRow[];
    indexOfId(id: number): number;
  };
  /** Its one-minute candles. */
  readonly candles: { readonly minutes: readonly Candle[] };
  /** Calls `watcher` with every fill from now on. @returns What ends that. */
  watch(watcher: (row: TradeRow) => void): () => void;
}

/** What a venue tells of: its tapes, by the names of the first venue, and its clock. */
export interface Market {
  readonly tapes: {
    get(symbol: string): MarketTape | undefined;
    values(): Iterable<MarketTape>;
  };
  clockMs(): number;
}

/** What makes the prices of a venue its own. */
export interface VenueMarketOptions extends BasisLaw {
  /** Of the market and the venue. */
  readonly seed: string;
  /** Exchange time at which the market starts, ms since the epoch. */
  readonly startMs: number;
}

/** The trades of a market at the prices of another venue: the same in rows, frames and candles. */
export class VenueMarket implements Market {
  readonly tapes: Market["tapes"];
  readonly clockMs: () => number;

  /** Sees what `source` has, and will have. */
  constructor(
    source: { readonly tapes: ReadonlyMap<string, Tape>; clockMs(): number },
    options: VenueMarketOptions,
  ) {
    const told = new Map<string, MarketTape>();
    const toldBy = (tape: Tape) => {
      const { symbol } = tape.contract;
      return told.getOrInsertComputed(symbol, () => {
        return new ToldTape(
          tape,
          new VenueBasis({ ...options, seed: `${options.seed}/${symbol}` }),
        );
      });
    };
    this.tapes = {
      get(symbol) {
        const tape = source.tapes.get(symbol);
        return tape && toldBy(tape);
      },
      values: () => source.tapes.values().map(toldBy),
    };
    this.clockMs = () => source.clockMs();
  }
}

function nextMinute(timeMs: number): number {
  return (Math.floor(timeMs / 60_000) + 1) * 60_000;
}

/** A tape whose prices stand off by a basis, each on a price step. */
class ToldTape implements MarketTape {
  readonly contract: Contract;
  readonly trades: MarketTape["trades"];
  readonly #tape: Tape;
  readonly #basis: VenueBasis;
  #candles: CandleSeries | undefined;

  constructor(tape: Tape, basis: VenueBasis) {
    const { trades } = tape;
    this.contract = tape.contract;
    this.#tape = tape;
    this.#basis = basis;
    this.trades = {
      get size() {
        return trades.size;
      },
      at: (index) => {
        const row = trades.at(index);
        return row && this.#told(row);
      },
      slice: (from, to) => trades.slice(from, to).map((row) => this.#told(row)),
      indexOfId: (id) => trades.indexOfId(id),
    };
  }

  get status(): string {
    return this.#tape.status;
  }

  /** From the oldest minute on whose fills are all kept when they are first asked for. */
  get candles(): CandleSeries {
    const { trades, candles: { minutes } } = this.#tape;
    if (this.#candles === undefined) {
      const candles = this.#candles = new CandleSeries();
      const whole = trades.dropped ? trades.indexOfTime(nextMinute(trades.at(0)!.timeMs)) : 0;
      for (const row of this.trades.slice(whole, trades.size)) candles.push(row);
      this.watch((row) => candles.push(row));
    }
    // Quiet minutes begin when the clock says so.
    this.#candles.rollTo(minutes.at(-1)?.openTimeMs ?? 0);
    return this.#candles;
  }

  watch(watcher: (row: TradeRow) => void): () => void {
    return this.#tape.watch((row) => watcher(this.#told(row)));
  }

  #told(row: TradeRow): TradeRow {
    const { tickUnits } = this.contract;
    const ticks = Math.round(row.price * Math.exp(this.#basis.at(row.timeMs)) / tickUnits);
    return { ...row, price: Math.max(1, ticks) * tickUnits };
  }
}
